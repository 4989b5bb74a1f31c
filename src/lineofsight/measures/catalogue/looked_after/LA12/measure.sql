-- Children whose first health assessment fell due in the month, still looked after then, and whether it was done by
-- the day it was due.
with
starters as (
    select
        month_spans.as_at,
        care_spells.person_id,
        care_spells.care_id,
        care_spells.anchor,
        care_spells.started_on,
        due_dates.due_on
    from care_spells
    inner join due_dates
        on due_dates.key = 'la.health.initial'
        and due_dates.started_on = care_spells.started_on
    inner join month_spans
        on month_spans.month_start = date_trunc('month', due_dates.due_on)::date
        and month_spans.as_at >= due_dates.due_on
    where care_spells.open_until > due_dates.due_on
),

assessed as (
    select
        starters.person_id,
        starters.started_on,
        min(health_checks.held_on) filter (where health_checks.done) as done_on,
        min(health_checks.held_on) filter (where health_checks.done is null) as unclear_on
    from starters
    inner join health_checks
        on health_checks.person_id = starters.person_id
        and health_checks.kind = 'initial'
        and health_checks.held_on >= starters.started_on
    group by starters.person_id, starters.started_on
)

select
    starters.as_at,
    starters.person_id,
    starters.care_id as event_id,
    starters.anchor,
    null::text as team_id,
    null::text as worker_id,
    starters.due_on,
    assessed.done_on,
    case
        when assessed.done_on <= starters.due_on then true
        when assessed.unclear_on <= starters.due_on then null
        else false
    end as met,
    (finish.working_number - beginning.working_number)::double as value,
    'looked after from ' || strftime(starters.started_on, '%-d %B %Y')
    || case
        when assessed.done_on is not null then ', first assessed ' || strftime(assessed.done_on, '%-d %B %Y')
        when assessed.unclear_on is not null then
            ', a check of ' || strftime(assessed.unclear_on, '%-d %B %Y') || ' does not say whether it was this one and held'
        else ', no first assessment is recorded'
    end
    || '; due ' || strftime(starters.due_on, '%-d %B %Y') as reason
from starters
inner join calendar as beginning on beginning.day = starters.started_on
left join assessed
    on assessed.person_id = starters.person_id
    and assessed.started_on = starters.started_on
left join calendar as finish on finish.day = assessed.done_on
