-- Times of being looked after that ended in the month, and whether they ended with an adoption order (E11, E12).
-- Where no reason is recorded that is not known.
select
    month_spans.as_at,
    care_spells.person_id,
    care_spells.care_id as event_id,
    care_spells.anchor,
    null::text as team_id,
    null::text as worker_id,
    null::date as due_on,
    care_spells.open_until as done_on,
    care_spells.end_reason in ('E11', 'E12') as met,
    date_diff('day', care_spells.started_on, care_spells.open_until)::double as value,
    case
        when care_spells.end_reason is null then 'no reason is recorded for which care ended'
        when care_spells.end_reason in ('E11', 'E12') then 'adopted'
        else 'left care for another reason'
    end
    || '; left care ' || strftime(care_spells.open_until, '%-d %B %Y') as reason
from care_spells
inner join month_spans
    on month_spans.month_start = date_trunc('month', care_spells.open_until)::date
    and month_spans.as_at >= care_spells.open_until
