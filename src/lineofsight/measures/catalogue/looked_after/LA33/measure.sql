-- Times in the month that a child ceased to be looked after, and whether it was by special guardianship (E45 to E48).
select
    month_spans.as_at,
    care_spells.person_id,
    care_spells.care_id as event_id,
    care_spells.anchor,
    null::text as team_id,
    null::text as worker_id,
    null::date as due_on,
    care_spells.open_until as done_on,
    care_spells.end_reason in ('E45', 'E46', 'E47', 'E48') as met,
    null::double as value,
    case
        when care_spells.end_reason is null then 'how care ended is not recorded'
        when care_spells.end_reason in ('E45', 'E46', 'E47', 'E48') then 'special guardianship'
        else 'ended another way'
    end as reason
from care_spells
inner join month_spans
    on month_spans.month_start = date_trunc('month', care_spells.open_until)::date
    and month_spans.as_at >= care_spells.open_until
