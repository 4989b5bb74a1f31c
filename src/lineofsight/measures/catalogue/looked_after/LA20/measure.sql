-- Times that a looked-after child came back from being missing in the month, and whether an interview was offered.
select
    month_spans.as_at,
    care_missing.person_id,
    care_missing.missing_id as event_id,
    'missing ' || care_missing.gone_on::text as anchor,
    null::text as team_id,
    null::text as worker_id,
    null::date as due_on,
    care_missing.back_on as done_on,
    case care_missing.offered when 'Y' then true when 'N' then false end as met,
    (care_missing.back_on - care_missing.gone_on)::double as value,
    'missing from ' || strftime(care_missing.gone_on, '%-d %B %Y') || ' to ' || strftime(care_missing.back_on, '%-d %B %Y')
    || case care_missing.offered when 'Y' then '; an interview was offered' when 'N' then '; no interview was offered' else '; whether an interview was offered is not recorded' end as reason
from care_missing
inner join month_spans
    on month_spans.month_start = date_trunc('month', care_missing.back_on)::date
    and month_spans.as_at >= care_missing.back_on
where care_missing.kind = 'M'
