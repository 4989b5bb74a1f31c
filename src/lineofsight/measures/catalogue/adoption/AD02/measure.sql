-- Children placed for adoption in the month, and the days since they came into care. A child whom no period of care
-- holds on that day has none that could be told.
with
placed as (
    select
        perm_person_id as person_id,
        min(perm_table_id) as permanence_id,
        perm_placed_for_adoption_date as placed_on
    from ssd_permanence
    where perm_person_id is not null and perm_placed_for_adoption_date is not null
    group by perm_person_id, perm_placed_for_adoption_date
),

entered as (
    select
        placed.person_id,
        placed.placed_on,
        max(care_periods.started_on) as entered_on
    from placed
    inner join care_periods
        on care_periods.person_id = placed.person_id
        and care_periods.started_on <= placed.placed_on
        and care_periods.open_until >= placed.placed_on
    group by placed.person_id, placed.placed_on
)

select
    month_spans.as_at,
    placed.person_id,
    placed.permanence_id as event_id,
    'placed for adoption ' || placed.placed_on::text as anchor,
    null::text as team_id,
    null::text as worker_id,
    null::date as due_on,
    placed.placed_on as done_on,
    true as met,
    date_diff('day', entered.entered_on, placed.placed_on)::double as value,
    case
        when entered.entered_on is null then 'no care is recorded on the day of placement'
        else 'came into care ' || strftime(entered.entered_on, '%-d %B %Y')
    end
    || '; placed for adoption ' || strftime(placed.placed_on, '%-d %B %Y') as reason
from placed
inner join month_spans
    on month_spans.month_start = date_trunc('month', placed.placed_on)::date
    and month_spans.as_at >= placed.placed_on
left join entered
    on entered.person_id = placed.person_id
    and entered.placed_on = placed.placed_on
