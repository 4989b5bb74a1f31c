-- Enquiries that began after the plan did, and are open, or began within the days that policy looks back.
with
enquiries as (
    select
        s47e_person_id as person_id,
        s47e_s47_start_date as began_on,
        coalesce(s47e_s47_end_date, date '9999-12-31') as open_until,
        s47e_s47_enquiry_id as enquiry_id
    from ssd_s47_enquiry
    where s47e_person_id is not null and s47e_s47_start_date is not null
),

recent as (
    select
        plans_open.as_at,
        plans_open.person_id,
        plans_open.anchor,
        plans_open.started_on,
        enquiries.began_on,
        enquiries.open_until > plans_open.as_at as is_open,
        enquiries.enquiry_id
    from plans_open
    inner join enquiries
        on enquiries.person_id = plans_open.person_id
        and enquiries.began_on > plans_open.started_on
        and enquiries.began_on <= plans_open.as_at
    inner join due_dates as window_ends
        on window_ends.key = 'ten.looks_back'
        and window_ends.started_on = enquiries.began_on
    where enquiries.open_until > plans_open.as_at or window_ends.due_on >= plans_open.as_at
),

newest as (
    select
        as_at,
        person_id,
        any_value(anchor) as anchor,
        any_value(started_on) as started_on,
        max(began_on) as began_on,
        arg_max(is_open, (began_on, is_open)) as is_open,
        arg_max(enquiry_id, (began_on, enquiry_id)) as enquiry_id
    from recent
    group by as_at, person_id
)

select
    as_at,
    person_id,
    enquiry_id as event_id,
    anchor,
    null::text as team_id,
    null::text as worker_id,
    null::date as due_on,
    began_on as done_on,
    true as met,
    null::double as value,
    'a section 47 enquiry began ' || strftime(began_on, '%-d %B %Y')
    || case when is_open then ' and is open' else '' end
    || ', on a plan since ' || strftime(started_on, '%-d %B %Y') as reason
from newest
