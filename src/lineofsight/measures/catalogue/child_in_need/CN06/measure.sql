-- Children in need under 18 at the month end, in need for as long as the first band or seen since the episode began, by how
-- long ago anybody last saw them, under any plan. Days run from the last time seen, or from the start of the episode.
with
seen as (
    select person_id, visited_on from days_seen where seen
),

unclear as (
    select person_id, visited_on from days_seen where seen is null
),

clocks as (
    select
        needs_open.as_at,
        needs_open.person_id,
        needs_open.referral_id,
        needs_open.anchor,
        needs_open.started_on,
        case when seen.visited_on >= needs_open.started_on then seen.visited_on end as seen_on,
        unclear.visited_on as unclear_on
    from needs_open
    left join children on children.person_id = needs_open.person_id
    asof left join seen
        on seen.person_id = needs_open.person_id
        and seen.visited_on <= needs_open.as_at
    asof left join unclear
        on unclear.person_id = needs_open.person_id
        and unclear.visited_on <= needs_open.as_at
    where coalesce((children.born_on + interval 18 year)::date, date '9999-12-31') > needs_open.as_at
),

banded as (
    select
        clocks.as_at,
        clocks.person_id,
        clocks.referral_id,
        clocks.anchor,
        clocks.seen_on,
        clocks.unclear_on,
        coalesce(clocks.seen_on, clocks.started_on) as clock_on,
        short.due_on,
        case
            when short.due_on > clocks.as_at then true
            when if_seen.due_on > clocks.as_at then null
            else false
        end as met,
        case
            when short.due_on > clocks.as_at then '0 to under ' || short.number::text || ' weeks'
            when if_seen.due_on > clocks.as_at then null
            when longer.due_on > clocks.as_at then short.number::text || ' to under ' || longer.number::text || ' weeks'
            when longest.due_on > clocks.as_at
                then longer.number::text || ' to under ' || longest.number::text || ' weeks'
            else longest.number::text || ' weeks or more'
        end as category
    from clocks
    inner join due_dates as short
        on short.key = 'cin.unseen'
        and short.started_on = coalesce(clocks.seen_on, clocks.started_on)
    inner join due_dates as longer
        on longer.key = 'cin.unseen_longer'
        and longer.started_on = coalesce(clocks.seen_on, clocks.started_on)
    inner join due_dates as longest
        on longest.key = 'cin.unseen_longest'
        and longest.started_on = coalesce(clocks.seen_on, clocks.started_on)
    left join due_dates as if_seen
        on if_seen.key = 'cin.unseen'
        and if_seen.started_on = clocks.unclear_on
    where clocks.seen_on is not null or short.due_on <= clocks.as_at
)

select
    as_at,
    person_id,
    referral_id as event_id,
    anchor,
    null::text as team_id,
    null::text as worker_id,
    due_on,
    seen_on as done_on,
    met,
    (as_at - clock_on)::double as value,
    case
        when met is null then
            'visited ' || strftime(unclear_on, '%-d %B %Y') || ', but whether the child was seen is not recorded'
        when seen_on is null then 'not seen since the episode began ' || strftime(clock_on, '%-d %B %Y')
        else 'last seen ' || strftime(seen_on, '%-d %B %Y')
    end as reason,
    category
from banded
