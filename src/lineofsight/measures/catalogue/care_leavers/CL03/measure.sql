-- Former relevant young people of 19 to 21 on the day of the extract, and whether they study, train or work, full
-- time or part time. Of those the council is not in touch with, what is not known is none of these.
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
        when former_relevant.activity in ('F1', 'P1', 'F2', 'P2', 'F3', 'P3', 'F4', 'P4', 'F5', 'P5') then true
        when former_relevant.activity is not null then false
        when former_relevant.in_touch in ('NO', 'REFU', 'NREQ') then false
    end as met,
    null::double as value,
    case
        when former_relevant.doubt is not null then former_relevant.doubt
        when former_relevant.activity is not null then words.label
        when former_relevant.in_touch in ('NO', 'REFU', 'NREQ')
            then 'not in touch, and what the young person does is not known'
        else 'what the young person does is not recorded'
    end as reason,
    former_relevant.activity as category
from former_relevant
inner join timescales as youngest
    on youngest.key = 'leaving.youngest'
    and former_relevant.as_at between youngest.valid_from and youngest.valid_until
inner join timescales as oldest
    on oldest.key = 'leaving.oldest'
    and former_relevant.as_at between oldest.valid_from and oldest.valid_until
left join category_labels as words
    on words.code_list = 'activity'
    and words.given = former_relevant.activity
where
    coalesce(former_relevant.age >= youngest.number, true)
    and coalesce(former_relevant.age <= oldest.number, true)
