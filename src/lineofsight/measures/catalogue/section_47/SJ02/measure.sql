-- Section 47 enquiries begun in the month that can be told, and whether each came to an initial conference, as far as is
-- known now. An enquiry still open, or one that asks for a conference not yet held, is not known.
with
held as (
    select
        first_conferences.person_id,
        first_conferences.discussed_on,
        min(first_conferences.held_on) as held_on
    from first_conferences
    inner join snapshot on first_conferences.held_on <= snapshot.as_at
    where first_conferences.discussed_on is not null
    group by first_conferences.person_id, first_conferences.discussed_on
),

planned as (
    select distinct person_id, discussed_on from first_conferences where discussed_on is not null
),

begun as (
    select
        month_spans.as_at,
        enquiries.person_id,
        enquiries.enquiry_id,
        enquiries.anchor,
        enquiries.team_id,
        enquiries.worker_id,
        enquiries.started_on,
        enquiries.open_until,
        held.held_on,
        case
            when held.held_on is not null then 'held'
            when enquiries.open_until > snapshot.as_at then 'open'
            when enquiries.no_action then 'no action'
            when enquiries.asks_conference or planned.person_id is not null then 'waiting'
            else 'none'
        end as came_to
    from enquiries
    cross join snapshot
    inner join month_spans
        on month_spans.month_start = date_trunc('month', enquiries.started_on)::date
        and month_spans.as_at >= enquiries.started_on
    left join held
        on held.person_id = enquiries.person_id
        and held.discussed_on = enquiries.started_on
    left join planned
        on planned.person_id = enquiries.person_id
        and planned.discussed_on = enquiries.started_on
)

select
    as_at,
    person_id,
    enquiry_id as event_id,
    anchor,
    team_id,
    worker_id,
    null::date as due_on,
    held_on as done_on,
    case came_to when 'held' then true when 'no action' then false when 'none' then false end as met,
    null::double as value,
    'enquiry begun ' || strftime(started_on, '%-d %B %Y')
    || case came_to
        when 'held' then '; the conference was held ' || strftime(held_on, '%-d %B %Y')
        when 'open' then ' has not ended'
        when 'waiting' then ' asks for a conference that has not been held'
        else '; ended ' || strftime(open_until, '%-d %B %Y') || ' without a conference'
    end as reason
from begun
