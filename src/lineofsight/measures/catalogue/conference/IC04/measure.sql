-- Initial conferences that were needed and not held at the month end, and whether there is still time: those planned,
-- and those an enquiry's outcome asks for that nobody has planned. An enquiry that ended needing nothing more asks for none.
with
asked as (
    select
        person_id,
        conference_id,
        referral_id,
        discussed_on,
        target_on,
        open_until,
        team_id,
        worker_id,
        anchor
    from first_conferences

    union all

    select
        enquiries.person_id,
        enquiries.enquiry_id as conference_id,
        null as referral_id,
        enquiries.started_on as discussed_on,
        null as target_on,
        date '9999-12-31' as open_until,
        enquiries.team_id,
        enquiries.worker_id,
        enquiries.anchor
    from enquiries
    left join first_conferences
        on first_conferences.person_id = enquiries.person_id
        and first_conferences.discussed_on = enquiries.started_on
    where enquiries.asks_conference and first_conferences.person_id is null
),

needed as (
    select
        asked.person_id,
        asked.conference_id,
        asked.discussed_on,
        coalesce(asked.discussed_on, asked.target_on, snapshot.as_at) as needed_from,
        coalesce(due_dates.due_on, asked.target_on) as due_on,
        least(
            asked.open_until,
            coalesce(children.alive_until, date '9999-12-31'),
            case when enquiries.no_action then enquiries.open_until else date '9999-12-31' end
        ) as needed_until,
        coalesce(enquiries.anchor, needs.anchor, asked.anchor) as anchor,
        asked.team_id,
        asked.worker_id
    from asked
    cross join snapshot
    left join due_dates
        on due_dates.key = 'icpc.after_strategy'
        and due_dates.started_on = asked.discussed_on
    left join children on children.person_id = asked.person_id
    left join enquiries
        on enquiries.person_id = asked.person_id
        and enquiries.started_on = asked.discussed_on
    left join needs
        on needs.referral_id = asked.referral_id
        and needs.person_id = asked.person_id
)

select
    month_spans.as_at,
    needed.person_id,
    needed.conference_id as event_id,
    needed.anchor,
    needed.team_id,
    needed.worker_id,
    needed.due_on,
    null::date as done_on,
    needed.due_on >= month_spans.as_at as met,
    (today.working_number - beginning.working_number)::double as value,
    case
        when needed.due_on is null then
            'a conference is recorded as needed, with no enquiry linked and no day by which to hold it'
        else
            'a conference is needed'
            || coalesce(' since the enquiry of ' || strftime(needed.discussed_on, '%-d %B %Y'), '')
            || ' and has not been held; due ' || strftime(needed.due_on, '%-d %B %Y')
    end as reason
from needed
inner join month_spans
    on needed.needed_from <= month_spans.as_at
    and needed.needed_until > month_spans.as_at
inner join calendar as today on today.day = month_spans.as_at
left join calendar as beginning on beginning.day = needed.discussed_on
