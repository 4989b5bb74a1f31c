-- Section 47 enquiries begun in the month whose child was seen in time, or should have been by now. Any visit that saw the
-- child counts, from the day of the discussion; where nobody recorded whether one did, the answer is not known.
with
visits as (
    select
        days_seen.person_id,
        days_seen.visited_on,
        days_seen.seen
    from days_seen
    inner join snapshot on days_seen.visited_on <= snapshot.as_at
    where days_seen.person_id in (select enquiries.person_id from enquiries)
),

seen as (
    select person_id, visited_on from visits where seen
),

unclear as (
    select person_id, visited_on from visits where seen is null
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
        seen.visited_on as seen_on,
        unclear.visited_on as unclear_on
    from enquiries
    inner join month_spans
        on month_spans.month_start = date_trunc('month', enquiries.started_on)::date
        and month_spans.as_at >= enquiries.started_on
    asof left join seen
        on seen.person_id = enquiries.person_id
        and seen.visited_on >= enquiries.started_on
    asof left join unclear
        on unclear.person_id = enquiries.person_id
        and unclear.visited_on >= enquiries.started_on
),

judged as (
    select
        begun.as_at,
        begun.person_id,
        begun.enquiry_id,
        begun.anchor,
        begun.team_id,
        begun.worker_id,
        begun.started_on,
        begun.seen_on,
        begun.unclear_on,
        due_dates.due_on,
        case
            when begun.seen_on <= due_dates.due_on then true
            when begun.unclear_on <= due_dates.due_on then null
            else false
        end as met
    from begun
    cross join snapshot
    inner join due_dates
        on due_dates.key = 's47.seen'
        and due_dates.started_on = begun.started_on
    where begun.seen_on is not null or due_dates.due_on < snapshot.as_at
)

select
    judged.as_at,
    judged.person_id,
    judged.enquiry_id as event_id,
    judged.anchor,
    judged.team_id,
    judged.worker_id,
    judged.due_on,
    judged.seen_on as done_on,
    judged.met,
    (seen_day.working_number - beginning.working_number)::double as value,
    case
        when judged.met is null then
            'visited ' || strftime(judged.unclear_on, '%-d %B %Y') || ', but whether the child was seen is not recorded'
        when judged.seen_on is null then 'not seen since the enquiry began ' || strftime(judged.started_on, '%-d %B %Y')
        else
            'enquiry begun ' || strftime(judged.started_on, '%-d %B %Y') || '; first seen '
            || strftime(judged.seen_on, '%-d %B %Y')
    end
    || '; due ' || strftime(judged.due_on, '%-d %B %Y') as reason
from judged
inner join calendar as beginning on beginning.day = judged.started_on
left join calendar as seen_day on seen_day.day = judged.seen_on
