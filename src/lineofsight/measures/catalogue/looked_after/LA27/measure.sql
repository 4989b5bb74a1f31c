-- Children who have been looked after until a plan for permanence was due, and whether an open care plan names one.
-- "Other" names none.
with
plans as (
    select
        lacp_person_id as person_id,
        lacp_cla_care_plan_start_date as started_on,
        coalesce(lacp_cla_care_plan_end_date, date '9999-12-31') as open_until,
        regexp_matches(
            upper(lacp_cla_care_plan_json),
            '"(REMAINSUP|RETURN1M|RETURN6M|RETURNEV|LTRELFR|LTFOST18|RESPLMT|SUPPLIV|ADOPTION)" *: *"?(Y|YES|TRUE|1)\b'
        ) as names_one
    from ssd_cla_care_plan
    where lacp_person_id is not null and lacp_cla_care_plan_start_date is not null
),

planned as (
    select
        care_now.as_at,
        care_now.person_id,
        max(plans.started_on) filter (where plans.names_one) as planned_on,
        max(plans.started_on) filter (where plans.names_one is null) as unclear_on
    from care_now
    inner join plans
        on plans.person_id = care_now.person_id
        and plans.started_on <= care_now.as_at
        and plans.open_until > care_now.as_at
        and plans.started_on >= care_now.started_on
    group by care_now.as_at, care_now.person_id
)

select
    care_now.as_at,
    care_now.person_id,
    care_now.care_id as event_id,
    care_now.anchor,
    null::text as team_id,
    null::text as worker_id,
    due_dates.due_on,
    planned.planned_on as done_on,
    case
        when planned.planned_on is not null then true
        when planned.unclear_on is not null then null
        else false
    end as met,
    (care_now.as_at - care_now.started_on)::double as value,
    'looked after since ' || strftime(care_now.started_on, '%-d %B %Y')
    || case
        when planned.planned_on is not null then ', planned for since ' || strftime(planned.planned_on, '%-d %B %Y')
        when planned.unclear_on is not null then
            ', a care plan of ' || strftime(planned.unclear_on, '%-d %B %Y') || ' does not say what for'
        else ', no plan for permanence; due ' || strftime(due_dates.due_on, '%-d %B %Y')
    end as reason
from care_now
inner join due_dates
    on due_dates.key = 'la.permanence_plan'
    and due_dates.started_on = care_now.started_on
    and due_dates.due_on <= care_now.as_at
left join planned
    on planned.person_id = care_now.person_id
    and planned.as_at = care_now.as_at
