-- Children for whom a reviewing officer fell due in the month, still looked after then, and whether a named one was
-- there by that day. One who was there before care began counts from its first day.
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
        on due_dates.key = 'la.reviewing_officer'
        and due_dates.started_on = care_spells.started_on
    inner join month_spans
        on month_spans.month_start = date_trunc('month', due_dates.due_on)::date
        and month_spans.as_at >= due_dates.due_on
    where care_spells.open_until > due_dates.due_on
),

appointed as (
    select
        starters.person_id,
        starters.started_on,
        min(greatest(roles.started_on, starters.started_on)) as appointed_on
    from starters
    inner join roles
        on roles.person_id = starters.person_id
        and roles.role_kind = 'reviewing_officer'
        and roles.holder in ('person', 'manager')
        and roles.open_until > greatest(roles.started_on, starters.started_on)
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
    appointed.appointed_on as done_on,
    coalesce(appointed.appointed_on <= starters.due_on, false) as met,
    (finish.working_number - beginning.working_number)::double as value,
    'looked after from ' || strftime(starters.started_on, '%-d %B %Y')
    || case
        when appointed.appointed_on is null then ', no reviewing officer is recorded'
        else ', a reviewing officer from ' || strftime(appointed.appointed_on, '%-d %B %Y')
    end
    || '; due ' || strftime(starters.due_on, '%-d %B %Y') as reason
from starters
inner join calendar as beginning on beginning.day = starters.started_on
left join appointed
    on appointed.person_id = starters.person_id
    and appointed.started_on = starters.started_on
left join calendar as finish on finish.day = appointed.appointed_on
