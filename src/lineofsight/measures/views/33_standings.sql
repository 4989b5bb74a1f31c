-- How a child stands at each month end, by the best of the open involvements. `worker_id` and `since` are the
-- named person who holds the child: a social worker first, then a family help lead.
-- rank 1 allocated; 2 family help lead; 3 a named person recorded as not registered; 4 a manager; 5 duty or a
-- team; 6 cannot be told (a role word nobody has mapped, or a worker who is not listed); 7 nobody.
-- A known stand-in (3 to 5) is told before what cannot be told, so that duty never hides behind a nurse's role.
with
ranked as (
    select
        person_id,
        involvement_id,
        worker_id,
        role_kind,
        role_word,
        started_on,
        open_until,
        case
            when role_kind = 'unmapped' then case when holder = 'duty' then 5 else 6 end
            when role_kind not in ('allocated_worker', 'family_help_lead', 'manager', 'duty') then 7
            when role_kind = 'manager' or holder = 'manager' then 4
            when role_kind = 'duty' or holder = 'duty' then 5
            when holder = 'nobody' then case when team_id is null then 7 else 5 end
            when holder = 'unlisted' then 6
            when role_kind = 'family_help_lead' then 2
            when not_registered then 3
            else 1
        end as rank
    from roles
),

ordered as (
    select
        person_id,
        case when rank <= 3 then worker_id end as worker_id,
        case when rank <= 3 then started_on end as since,
        case when rank = 6 and role_kind = 'unmapped' then role_word end as unknown_role,
        started_on,
        open_until,
        rank,
        row_number() over (order by rank, started_on desc, involvement_id) as precedence
    from ranked
)

select
    month_spans.as_at,
    ordered.person_id,
    min(ordered.rank) as rank,
    arg_min_null(ordered.worker_id, ordered.precedence) as worker_id,
    arg_min_null(ordered.since, ordered.precedence) as since,
    min(ordered.unknown_role) as unknown_role
from ordered
inner join month_spans
    on ordered.started_on <= month_spans.as_at
    and ordered.open_until > month_spans.as_at
group by month_spans.as_at, ordered.person_id
