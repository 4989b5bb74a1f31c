-- How a child stands at each month end in each of the two lead roles: the lead child protection practitioner of a child
-- on a plan or looked after, and the family help lead of every child in need, on a plan, looked after or in early help.
--
-- A lead child protection practitioner is an allocated worker, and must be a registered social worker. A family help
-- lead need not be: a family help lead's role is looked at first, then an allocated worker's, who may do both.
-- Tiers from worst to best (`step`): nobody 1; stand_in 2, a team, duty or manager only; unregistered 3, named and
-- known not to be registered; unseen 4, named, and the child not seen within the visiting interval (after the grace a
-- new worker has); away 5, named, and away without cover for as long as the policy allows; allocated 6; endorsed 7 by
-- a manager. unknown has no step: a role word nobody has mapped, or a worker who is not listed.
-- A known stand-in is told before what cannot be told, so that duty never hides behind a nurse's role.
-- The interval is the plan's for a child on a plan. For a child looked after it is the longest of regulation 28, since
-- which one applies is the visit measure's to say; for other children the policy sets none.
with
endorsements as (
    select
        roles.involvement_id,
        min(side_oversight.over_date) as endorsed_on
    from roles
    inner join side_oversight
        on side_oversight.over_person_id = roles.person_id
        and side_oversight.over_date >= roles.started_on
        and lower(trim(side_oversight.over_kind)) = 'allocation'
    where
        roles.holder = 'person'
        and coalesce(side_oversight.over_worker_id, roles.worker_id) = roles.worker_id
        and coalesce(side_oversight.over_manager_id, '') <> roles.worker_id
    group by roles.involvement_id
),

held as (
    select
        person_id,
        involvement_id,
        worker_id,
        role_kind,
        role_word,
        not_registered,
        started_on,
        open_until,
        case
            when role_kind = 'unmapped' then case when holder = 'duty' then 'duty' else 'unmapped' end
            when role_kind = 'manager' or holder = 'manager' then 'manager'
            when role_kind = 'duty' or holder = 'duty' then 'duty'
            when holder = 'nobody' then case when team_id is null then 'nobody' else 'duty' end
            when holder = 'unlisted' then 'unlisted'
            else 'named'
        end as standing
    from roles
    where role_kind in ('allocated_worker', 'family_help_lead', 'manager', 'duty', 'unmapped')
),

numbered as (
    select
        person_id,
        involvement_id,
        worker_id,
        role_kind,
        role_word,
        not_registered,
        started_on,
        open_until,
        standing,
        case standing when 'manager' then 5 when 'duty' then 6 else 7 end as rank_unnamed,
        row_number() over (order by started_on desc, involvement_id) as holding
    from held
    where standing <> 'nobody'
),

monthly as (
    select
        month_spans.as_at,
        numbered.person_id,
        numbered.holding,
        numbered.role_kind,
        numbered.role_word,
        numbered.standing,
        numbered.rank_unnamed,
        absences.worker_id is not null as away,
        absences.worker_id is not null and absences.covered_by is null as uncovered,
        coalesce(cover_registrations.registration = 'unregistered', false) as cover_unregistered,
        case
            when registrations.registration is null then numbered.not_registered
            else registrations.registration = 'unregistered'
        end as unregistered
    from numbered
    inner join month_spans
        on numbered.started_on <= month_spans.as_at
        and numbered.open_until > month_spans.as_at
    left join absences
        on absences.worker_id = numbered.worker_id
        and absences.as_at = month_spans.as_at
    left join registrations
        on registrations.worker_id = numbered.worker_id
        and registrations.as_at = month_spans.as_at
    left join registrations as cover_registrations
        on cover_registrations.worker_id = absences.covered_by
        and cover_registrations.as_at = month_spans.as_at
),

-- the best holding for each lead role: its rank, then the newest
best as (
    select
        as_at,
        person_id,
        min(1000000000::bigint * case
            when standing <> 'named' then rank_unnamed
            when role_kind = 'family_help_lead' then 4
            when unregistered then 3
            when uncovered or cover_unregistered then 2
            else 1
        end + holding) as protection,
        min(1000000000::bigint * case
            when standing <> 'named' then rank_unnamed
            when uncovered then 3
            when role_kind = 'family_help_lead' then 1
            else 2
        end + holding) as help,
        min(case when standing = 'unmapped' then role_word end) as unknown_role,
        coalesce(bool_or(away and standing = 'named'), false) as any_away
    from monthly
    group by as_at, person_id
),

protected as (
    select as_at, person_id from plans_open
    union
    select as_at, person_id from care_open
),

helped as (
    select as_at, person_id from needs_open
    union
    select as_at, person_id from protected
    union
    select as_at, person_id from early_help_open
),

both_roles as (
    select
        protected.as_at,
        protected.person_id,
        'lead_child_protection_practitioner' as lead_role,
        (best.protection // 1000000000)::integer as rank,
        best.protection % 1000000000 as holding,
        best.unknown_role,
        best.any_away
    from protected
    left join best
        on best.person_id = protected.person_id
        and best.as_at = protected.as_at

    union all

    select
        helped.as_at,
        helped.person_id,
        'family_help_lead' as lead_role,
        case
            when best.help // 1000000000 < 3 then 1
            when best.help // 1000000000 = 3 then 2
            else (best.help // 1000000000)::integer
        end as rank,
        best.help % 1000000000 as holding,
        best.unknown_role,
        best.any_away
    from helped
    left join best
        on best.person_id = helped.person_id
        and best.as_at = helped.as_at
),

seen_under_plan as (
    select person_id, visited_on from protection_visits where seen
),

seen_in_care as (
    select person_id, visited_on from care_visits where seen
),

clocks as (
    select
        plans_open.as_at,
        plans_open.person_id,
        'cp.visit' as key,
        greatest(plans_open.started_on, coalesce(seen_under_plan.visited_on, plans_open.started_on)) as clock_on
    from plans_open
    asof left join seen_under_plan
        on seen_under_plan.person_id = plans_open.person_id
        and seen_under_plan.visited_on <= plans_open.as_at
    where exists (select 1 from protection_visits where seen is not null)

    union all

    select
        care_open.as_at,
        care_open.person_id,
        'la.visit.permanent' as key,
        greatest(care_open.started_on, coalesce(seen_in_care.visited_on, care_open.started_on)) as clock_on
    from care_open
    left join plans_open
        on plans_open.person_id = care_open.person_id
        and plans_open.as_at = care_open.as_at
    asof left join seen_in_care
        on seen_in_care.person_id = care_open.person_id
        and seen_in_care.visited_on <= care_open.as_at
    where plans_open.person_id is null and exists (select 1 from care_visits where seen is not null)
),

overdue as (
    select
        clocks.as_at,
        clocks.person_id
    from clocks
    inner join due_dates
        on due_dates.key = clocks.key
        -- named, so that the days of no other clock are read
        and due_dates.key in ('cp.visit', 'la.visit.permanent')
        and due_dates.started_on = clocks.clock_on
        and due_dates.due_on < clocks.as_at
),

told as (
    select
        both_roles.as_at,
        both_roles.person_id,
        both_roles.lead_role,
        coalesce(both_roles.rank, 8) as rank,
        numbered.worker_id,
        numbered.role_kind,
        numbered.standing,
        numbered.started_on as since,
        coalesce(both_roles.rank <= 2, false)
            and overdue.person_id is not null
            and coalesce(grace.due_on < both_roles.as_at, true) as unseen,
        case when endorsements.endorsed_on <= both_roles.as_at then endorsements.endorsed_on end as endorsed_on,
        case
            when numbered.standing <> 'named' then null
            when registrations.registration is not null then registrations.registration
            when professionals.not_registered then 'unregistered'
            when professionals.has_number then 'registered'
            else 'unknown'
        end as registration,
        registrations.unregistered_since,
        coalesce(registrations.ended, false) as registration_ended,
        case when numbered.standing = 'named' then absences.away_since end as away_since,
        absences.covered_by,
        coalesce(both_roles.any_away, false) as any_away,
        both_roles.unknown_role
    from both_roles
    left join numbered on numbered.holding = both_roles.holding
    left join endorsements on endorsements.involvement_id = numbered.involvement_id
    left join professionals on professionals.worker_id = numbered.worker_id
    left join registrations
        on registrations.worker_id = numbered.worker_id
        and registrations.as_at = both_roles.as_at
    left join absences
        on absences.worker_id = numbered.worker_id
        and absences.as_at = both_roles.as_at
    left join overdue
        on overdue.person_id = both_roles.person_id
        and overdue.as_at = both_roles.as_at
    left join due_dates as grace
        on grace.key = 'allocation.visit_grace'
        and grace.started_on = numbered.started_on
),

tiers as (
    select
        as_at,
        person_id,
        lead_role,
        rank,
        worker_id,
        role_kind,
        standing,
        since,
        unseen,
        endorsed_on,
        registration,
        unregistered_since,
        registration_ended,
        away_since,
        covered_by,
        any_away,
        unknown_role,
        case
            when rank in (4, 8) then 'nobody'
            when rank in (5, 6) then 'stand_in'
            when rank = 7 then 'unknown'
            when rank = 3 then 'unregistered'
            when unseen then 'unseen'
            when rank = 2 then 'away'
            when endorsed_on is not null then 'endorsed'
            else 'allocated'
        end as tier
    from told
)

select
    as_at,
    person_id,
    lead_role,
    tier,
    case tier
        when 'nobody' then 1
        when 'stand_in' then 2
        when 'unregistered' then 3
        when 'unseen' then 4
        when 'away' then 5
        when 'allocated' then 6
        when 'endorsed' then 7
    end as step,
    case when tier in ('unregistered', 'unseen', 'away', 'allocated', 'endorsed') then worker_id end as worker_id,
    case when tier <> 'nobody' then since end as since,
    case when tier in ('unregistered', 'unseen', 'away', 'allocated', 'endorsed') then registration end as registration,
    case when tier = 'unregistered' then unregistered_since end as unregistered_since,
    endorsed_on,
    away_since,
    any_away,
    rank = 2 as away_uncovered,
    case
        when rank = 8 then 'nobody holds the child'
        when rank = 4 then 'a family help lead holds the child, but no social worker'
        when standing = 'manager' then 'held by a manager only'
        when standing = 'duty' then 'held by duty or a team only'
        when tier = 'unknown' then
            coalesce(
                'the role word "' || unknown_role || '" has no meaning in the role map',
                'the worker recorded is not in the list of workers'
            )
        when tier = 'unregistered' and registration_ended then
            'held by a worker whose registration as a social worker ended on '
            || strftime(unregistered_since - 1, '%-d %B %Y')
        when tier = 'unregistered' then 'held by a worker recorded as not registered as a social worker'
        else
            case
                when lead_role = 'family_help_lead' and role_kind = 'family_help_lead'
                    then 'held by a family help lead since '
                else 'allocated since '
            end
            || strftime(since, '%-d %B %Y')
            || coalesce(', endorsed by a manager on ' || strftime(endorsed_on, '%-d %B %Y'), '')
            || case when unseen then ', but the child has not been seen within the visiting interval' else '' end
            || case
                when rank = 2 then
                    case when unseen then ', and' else ', but' end
                    || ' the worker has been away since ' || strftime(away_since, '%-d %B %Y') || ' and nobody covers'
                when covered_by is not null then
                    ', covered by a colleague while the worker is away'
                else ''
            end
    end as reason
from tiers
