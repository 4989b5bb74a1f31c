-- Contacts of the month: one row a child and contact, whatever came of it.
select
    month_spans.as_at,
    ssd_contacts.cont_person_id as person_id,
    ssd_contacts.cont_contact_id as event_id,
    'contact ' || ssd_contacts.cont_contact_date::text as anchor,
    null::text as team_id,
    null::text as worker_id,
    null::date as due_on,
    ssd_contacts.cont_contact_date as done_on,
    true as met,
    null::double as value,
    'contact on ' || strftime(ssd_contacts.cont_contact_date, '%-d %B %Y') as reason
from ssd_contacts
inner join month_spans
    on month_spans.month_start = date_trunc('month', ssd_contacts.cont_contact_date)::date
    and month_spans.as_at >= ssd_contacts.cont_contact_date
where ssd_contacts.cont_person_id is not null
