-- Former relevant young people of 19 to 21 on the day of the extract, and whether they live somewhere suitable.
-- Those who went abroad, were deported or live nobody knows where are left out; of those the council is not in
-- touch with, what is not known is not suitable.
select
    former_relevant.as_at,
    former_relevant.person_id,
    former_relevant.row_id as event_id,
    former_relevant.anchor,
    former_relevant.team_id,
    former_relevant.worker_id,
    null::date as due_on,
    null::date as done_on,
    case
        when former_relevant.doubt is not null then null
        when former_relevant.suitable is not null then former_relevant.suitable
        when former_relevant.in_touch in ('NO', 'REFU', 'NREQ') then false
    end as met,
    null::double as value,
    case
        when former_relevant.doubt is not null then former_relevant.doubt
        when former_relevant.suitable then 'the home is suitable'
        when not former_relevant.suitable then 'the home is not suitable'
        when former_relevant.in_touch in ('NO', 'REFU', 'NREQ')
            then 'not in touch, and where the young person lives is not known'
        else 'whether the home is suitable is not recorded'
    end as reason,
    former_relevant.accommodation as category
from former_relevant
inner join timescales as youngest
    on youngest.key = 'leaving.youngest'
    and former_relevant.as_at between youngest.valid_from and youngest.valid_until
inner join timescales as oldest
    on oldest.key = 'leaving.oldest'
    and former_relevant.as_at between oldest.valid_from and oldest.valid_until
where
    coalesce(former_relevant.age >= youngest.number, true)
    and coalesce(former_relevant.age <= oldest.number, true)
    and coalesce(former_relevant.accommodation, '') not in ('G', 'H', 'R')
