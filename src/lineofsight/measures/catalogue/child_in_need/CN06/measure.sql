-- Children in need under 18 at the month end, in need for as long as the first band or seen since the episode began, by how
-- long ago anybody last saw them, under any plan. Days run from the last time seen, or from the start of the episode.
with
clocks as (
    select
        needs_open.as_at,
        needs_open.person_id,
        needs_open.referral_id,
        needs_open.anchor,
        needs_open.started_on,
        case when last_seen.seen_on >= needs_open.started_on then last_seen.seen_on end as seen_on,
        last_seen.unclear_on
    from needs_open
    inner join last_seen
        on last_seen.person_id = needs_open.person_id
        and last_seen.as_at = needs_open.as_at
    left join children on children.person_id = needs_open.person_id
    where coalesce(children.adult_on, date '9999-12-31') > needs_open.as_at
),

bands as (
    select
        short.started_on,
        short.due_on as short_on,
        short.number as short_weeks,
        longer.due_on as longer_on,
        longer.number as longer_weeks,
        longest.due_on as longest_on,
        longest.number as longest_weeks
    from due_dates as short
    inner join due_dates as longer
        on longer.key = 'cin.unseen_longer'
        and longer.started_on = short.started_on
    inner join due_dates as longest
        on longest.key = 'cin.unseen_longest'
        and longest.started_on = short.started_on
    where short.key = 'cin.unseen'
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
        bands.short_on as due_on,
        case
            when bands.short_on > clocks.as_at then true
            when if_seen.short_on > clocks.as_at then null
            else false
        end as met,
        case
            when bands.short_on > clocks.as_at then '0 to under ' || bands.short_weeks::text || ' weeks'
            when if_seen.short_on > clocks.as_at then null
            when bands.longer_on > clocks.as_at
                then bands.short_weeks::text || ' to under ' || bands.longer_weeks::text || ' weeks'
            when bands.longest_on > clocks.as_at
                then bands.longer_weeks::text || ' to under ' || bands.longest_weeks::text || ' weeks'
            else bands.longest_weeks::text || ' weeks or more'
        end as category
    from clocks
    inner join bands on bands.started_on = coalesce(clocks.seen_on, clocks.started_on)
    left join bands as if_seen on if_seen.started_on = clocks.unclear_on
    where clocks.seen_on is not null or bands.short_on <= clocks.as_at
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
