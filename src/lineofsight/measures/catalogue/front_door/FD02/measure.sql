-- Contacts of the month, and whether a manager decided on them in time. A contact that is not in the file of decisions
-- cannot be told; one from before that file begins, or whose day has not come yet, is not counted.
with
reach as (
    select min(coalesce(received_on, decided_on)) as day
    from decisions
    where kind = 'contact'
),

contacts as (
    select
        month_spans.as_at,
        ssd_contacts.cont_person_id as person_id,
        ssd_contacts.cont_contact_id as contact_id,
        ssd_contacts.cont_contact_date as contacted_on,
        decisions.subject_id is not null as listed,
        coalesce(decisions.received_on, ssd_contacts.cont_contact_date) as received_on,
        case when decisions.decided_on <= snapshot.as_at then decisions.decided_on end as decided_on,
        snapshot.as_at as today_on
    from ssd_contacts
    cross join reach
    cross join snapshot
    inner join month_spans
        on month_spans.month_start = date_trunc('month', ssd_contacts.cont_contact_date)::date
        and month_spans.as_at >= ssd_contacts.cont_contact_date
    left join decisions
        on decisions.kind = 'contact'
        and decisions.subject_id = ssd_contacts.cont_contact_id
        and decisions.person_id = ssd_contacts.cont_person_id
    where ssd_contacts.cont_person_id is not null and ssd_contacts.cont_contact_date >= reach.day
),

judged as (
    select
        contacts.as_at,
        contacts.person_id,
        contacts.contact_id,
        contacts.contacted_on,
        contacts.received_on,
        contacts.decided_on,
        due_dates.due_on,
        finish.working_number - beginning.working_number as days,
        case
            when not contacts.listed then 'not listed'
            when contacts.received_on > coalesce(contacts.decided_on, contacts.today_on) then 'out of order'
            when contacts.decided_on is not null then 'decided'
            when due_dates.due_on < contacts.today_on then 'waiting'
            else 'not due'
        end as standing
    from contacts
    left join due_dates
        on due_dates.key = 'contact.decision'
        and due_dates.started_on = contacts.received_on
    left join calendar as beginning on beginning.day = contacts.received_on
    left join calendar as finish on finish.day = contacts.decided_on
)

select
    as_at,
    person_id,
    contact_id as event_id,
    'contact ' || contacted_on::text as anchor,
    null::text as team_id,
    null::text as worker_id,
    due_on,
    decided_on as done_on,
    case standing
        when 'decided' then decided_on <= due_on
        when 'waiting' then false
    end as met,
    case when standing = 'decided' then days::double end as value,
    case standing
        when 'not listed' then 'the contact is not in the file of decisions'
        when 'out of order' then 'recorded as decided before it came in'
        when 'waiting' then
            'came in ' || strftime(received_on, '%-d %B %Y') || ', no decision is recorded; due '
            || strftime(due_on, '%-d %B %Y')
        else
            'came in ' || strftime(received_on, '%-d %B %Y') || ', decided '
            || case days when 0 then 'the same working day' when 1 then 'one working day later'
                else days::text || ' working days later' end
            || '; due ' || strftime(due_on, '%-d %B %Y')
    end as reason
from judged
where standing <> 'not due'
