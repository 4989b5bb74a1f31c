-- Children in need under 18 whose episode is older than the interval, and whether the work with them was talked
-- over in supervision within it. A worker's own supervision is another thing. Before the file has covered one
-- interval, the answer is not known.
with
talked_over as (
    select
        side_supervision.supv_person_id as person_id,
        greatest(side_supervision.supv_date, first_day.day) as talked_on
    from side_supervision
    cross join first_day
    where
        side_supervision.supv_person_id is not null
        and side_supervision.supv_date is not null
        and coalesce(lower(trim(side_supervision.supv_kind)), 'case') = 'case'
),

intervals as (
    select started_on, due_on
    from due_dates
    where key = 'supervision.case'
),

file_begins as (
    select intervals.due_on as known_from
    from intervals
    where intervals.started_on = (select min(talked_over.talked_on) from talked_over)
),

clocks as (
    select
        needs_open.as_at,
        needs_open.person_id,
        needs_open.referral_id,
        needs_open.anchor,
        needs_open.started_on,
        case when talked_over.talked_on >= needs_open.started_on then talked_over.talked_on end as talked_on
    from needs_open
    inner join intervals as opening
        on opening.started_on = needs_open.started_on
        and opening.due_on < needs_open.as_at
    left join children on children.person_id = needs_open.person_id
    asof left join talked_over
        on talked_over.person_id = needs_open.person_id
        and talked_over.talked_on <= needs_open.as_at
    where coalesce(children.adult_on, date '9999-12-31') > needs_open.as_at
),

judged as (
    select
        clocks.as_at,
        clocks.person_id,
        clocks.referral_id,
        clocks.anchor,
        clocks.started_on,
        clocks.talked_on,
        intervals.due_on,
        case
            when intervals.due_on >= clocks.as_at then true
            when clocks.as_at >= file_begins.known_from then false
        end as met
    from clocks
    left join file_begins on true
    inner join intervals on intervals.started_on = coalesce(clocks.talked_on, clocks.started_on)
)

select
    as_at,
    person_id,
    referral_id as event_id,
    anchor,
    null::text as team_id,
    null::text as worker_id,
    due_on,
    null::date as done_on,
    met,
    date_diff('day', coalesce(talked_on, started_on), as_at)::double as value,
    case
        when met is null then 'the supervision file does not go back far enough to tell'
        when talked_on is null then
            'not talked over in supervision since the episode began ' || strftime(started_on, '%-d %B %Y')
        else 'last talked over in supervision ' || strftime(talked_on, '%-d %B %Y')
    end
    || case when met is null then '' else '; due ' || strftime(due_on, '%-d %B %Y') end as reason
from judged
