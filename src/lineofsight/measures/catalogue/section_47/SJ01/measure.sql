-- Section 47 enquiries begun in the month: one row a child and enquiry.
select
    month_spans.as_at,
    ssd_s47_enquiry.s47e_person_id as person_id,
    ssd_s47_enquiry.s47e_s47_enquiry_id as event_id,
    'section-47 ' || ssd_s47_enquiry.s47e_s47_start_date::text as anchor,
    ssd_s47_enquiry.s47e_s47_completed_by_team as team_id,
    ssd_s47_enquiry.s47e_s47_completed_by_worker_id as worker_id,
    null::date as due_on,
    ssd_s47_enquiry.s47e_s47_start_date as done_on,
    true as met,
    null::double as value,
    'enquiry begun ' || strftime(ssd_s47_enquiry.s47e_s47_start_date, '%-d %B %Y') as reason
from ssd_s47_enquiry
inner join month_spans
    on month_spans.month_start = date_trunc('month', ssd_s47_enquiry.s47e_s47_start_date)::date
    and month_spans.as_at >= ssd_s47_enquiry.s47e_s47_start_date
where ssd_s47_enquiry.s47e_person_id is not null
