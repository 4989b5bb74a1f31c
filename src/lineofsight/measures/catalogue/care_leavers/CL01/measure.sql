-- Former relevant young people of 19 to 21 on the day of the extract, and whether the council has lost touch: not
-- where somebody else has told what they do, nor where they themselves refuse contact or need no more help.
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
        when former_relevant.in_touch = 'NO' then former_relevant.activity is not null
        when former_relevant.in_touch in ('YES', 'REFU', 'NREQ') then true
    end as met,
    case
        when former_relevant.contact_on <= former_relevant.as_at
            then date_diff('day', former_relevant.contact_on, former_relevant.as_at)::double
    end as value,
    case
        when former_relevant.doubt is not null then former_relevant.doubt
        when former_relevant.in_touch = 'NO' and former_relevant.activity is not null
            then 'not in touch, but somebody else has told what the young person does'
        when former_relevant.in_touch = 'REFU' then 'refuses contact'
        when former_relevant.in_touch = 'NREQ' then 'needs no more help'
        when former_relevant.in_touch = '' then 'whether the council is in touch is not recorded'
        else
            case former_relevant.in_touch when 'YES' then 'in touch' else 'not in touch' end
            || '; '
            || coalesce('last contact ' || strftime(former_relevant.contact_on, '%-d %B %Y'), 'no contact is recorded')
    end as reason
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
