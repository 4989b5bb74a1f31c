-- Children looked after for the whole of the last year, and whether their latest health assessment still holds: half
-- as long under five as from five on. Who was never assessed has owed it since the first one was due.
with
clocks as (
    select
        as_at,
        person_id,
        care_id,
        anchor,
        started_on,
        done_on,
        unclear_on,
        age,
        case when age < 5 then 'la.health.under_five' when age is not null then 'la.health.from_five' end as key
    from health_now
    where kind = 'assessment'
)

select
    clocks.as_at,
    clocks.person_id,
    clocks.care_id as event_id,
    clocks.anchor,
    null::text as team_id,
    null::text as worker_id,
    case when clocks.done_on is null then first_due.due_on else due.due_on end as due_on,
    null::date as done_on,
    case
        when clocks.key is null then null
        when due.due_on >= clocks.as_at then true
        when if_held.due_on >= clocks.as_at then null
        else false
    end as met,
    (clocks.as_at - clocks.done_on)::double as value,
    case
        when clocks.key is null then 'no date of birth is recorded, so how often cannot be told'
        else
            'at ' || clocks.age || ': '
            || coalesce('last assessed ' || strftime(clocks.done_on, '%-d %B %Y'), 'never assessed')
            || coalesce('; next due ' || strftime(due.due_on, '%-d %B %Y'), '')
            || case
                when if_held.due_on >= clocks.as_at
                    then '; a check of ' || strftime(clocks.unclear_on, '%-d %B %Y') || ' does not say whether it was one and held'
                else ''
            end
    end as reason
from clocks
inner join due_dates as first_due
    on first_due.key = 'la.health.initial'
    and first_due.started_on = clocks.started_on
left join due_dates as due
    on due.key = clocks.key
    -- named, so that the days of no other clock are read
    and due.key in ('la.health.under_five', 'la.health.from_five')
    and due.started_on = clocks.done_on
left join due_dates as if_held
    on if_held.key = clocks.key
    and if_held.key in ('la.health.under_five', 'la.health.from_five')
    and if_held.started_on = clocks.unclear_on
