-- Children who meet a rule, in order. Relations: rules, reasons (REASONS), persons (PERSONS), themes (harm).
-- Weights order; they are not kept, and no number stands on a child.
with recursive
weighed as (
    select
        reasons.child_key,
        any_value(reasons.person_id) as person_id,
        coalesce(sum(rules.weight) filter (where reasons.theme = themes.harm), 0) as harm,
        coalesce(sum(rules.weight) filter (where reasons.theme <> themes.harm), 0) as failure,
        min(reasons.since) as oldest_on
    from reasons
    inner join rules on rules.rule = reasons.rule
    cross join themes
    group by reasons.child_key
),

ordered as (
    select
        child_key,
        person_id,
        row_number() over (order by harm desc, failure desc, oldest_on nulls last, child_key) as number
    from weighed
),

known as (
    select
        ordered.child_key,
        ordered.number,
        persons.siblings,
        persons.team_id,
        persons.service_id,
        persons.worker_id
    from ordered
    inner join persons on persons.child_key = ordered.child_key
),

links as (
    select
        known.child_key,
        unnest(known.siblings) as sibling
    from known
),

-- brothers and sisters of brothers and sisters are one family, where each of them meets a rule
kin as (
    select
        child_key,
        child_key as relative
    from ordered

    union

    select
        kin.child_key,
        links.sibling as relative
    from kin
    inner join links on links.child_key = kin.relative
    inner join ordered on ordered.child_key = links.sibling
),

families as (
    select
        kin.child_key,
        min(relatives.number) as best,
        list(kin.relative order by relatives.number) filter (where kin.relative <> kin.child_key) as siblings
    from kin
    inner join ordered as relatives on relatives.child_key = kin.relative
    group by kin.child_key
)

select
    ordered.child_key,
    ordered.person_id,
    dense_rank() over (order by families.best) as place,
    families.best = ordered.number as first,
    coalesce(families.siblings, []::varchar[]) as siblings,
    known.team_id,
    known.service_id,
    known.worker_id,
    null::varchar as agency
from ordered
inner join families on families.child_key = ordered.child_key
left join known on known.child_key = ordered.child_key
order by ordered.number
