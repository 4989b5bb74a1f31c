-- Looked-after children at the month end, and whether they were seen within the interval that their own
-- arrangement requires (regulation 28). The reason names the rule. A visit counts from the day the arrangement
-- began. A shorter interval binds only where it runs out while it still applies: once the first review is held,
-- or the first year is over, the next interval runs from the last visit.
with
visit_dates as (
    select key, started_on, due_on, number, unit
    from due_dates
    where starts_with(key, 'la.visit.')
),

placed as (
    select
        care_open.as_at,
        care_open.person_id,
        arg_max(placements.placement_id, (placements.started_on, placements.placement_id)) as placement_id,
        arg_max_null(placements.placement_type, (placements.started_on, placements.placement_id)) as placement_type,
        arg_max(placements.living_there_since, (placements.started_on, placements.placement_id)) as living_there_since
    from care_open
    inner join placements
        on placements.person_id = care_open.person_id
        and placements.started_on <= care_open.as_at
        and placements.open_until > care_open.as_at
    group by care_open.as_at, care_open.person_id
),

approvals as (
    select
        placed.as_at,
        placed.person_id,
        max(coalesce(side_placement_approval.plap_start_date, date '1900-01-01')) as approved_on
    from placed
    inner join side_placement_approval
        on side_placement_approval.plap_placement_id = placed.placement_id
        and side_placement_approval.plap_temporary_approval = 'Y'
        and coalesce(side_placement_approval.plap_start_date, date '1900-01-01') <= placed.as_at
        and coalesce(side_placement_approval.plap_end_date, date '9999-12-31') >= placed.as_at
    group by placed.as_at, placed.person_id
),

arrangements as (
    select
        care_open.as_at,
        care_open.person_id,
        care_open.care_id,
        care_open.anchor,
        placed.placement_type,
        case
            when placed.person_id is null then 'no placement'
            when approvals.approved_on is not null then 'temporary approval'
            when placed.placement_type = 'P1' and care_open.legal_status is null then 'no legal status'
            when placed.placement_type = 'P1' and care_open.legal_status = 'C1' then 'interim order at home'
            when placed.placement_type = 'P1' and care_open.legal_status = 'C2' then 'care order at home'
            when placed.placement_type = 'P1' then 'with parents'
            when placed.placement_type is null then 'no placement'
            else 'placement'
        end as rule,
        greatest(
            care_open.started_on,
            coalesce(placed.living_there_since, care_open.started_on),
            coalesce(approvals.approved_on, care_open.started_on),
            case
                when placed.placement_type = 'P1' and care_open.legal_status in ('C1', 'C2')
                    then care_open.legal_status_on
                else care_open.started_on
            end
        ) as began_on
    from care_open
    left join placed
        on placed.person_id = care_open.person_id
        and placed.as_at = care_open.as_at
    left join approvals
        on approvals.person_id = care_open.person_id
        and approvals.as_at = care_open.as_at
),

seen as (
    select person_id, visited_on from care_visits where seen
),

unclear as (
    select person_id, visited_on from care_visits where seen is null
),

reviewed as (
    select
        arrangements.as_at,
        arrangements.person_id,
        arrangements.care_id,
        arrangements.anchor,
        arrangements.placement_type,
        arrangements.rule,
        arrangements.began_on,
        case when care_reviews.held_on <= arrangements.as_at then care_reviews.held_on end as reviewed_on,
        case when seen.visited_on >= arrangements.began_on then seen.visited_on end as seen_on,
        case when unclear.visited_on >= arrangements.began_on then unclear.visited_on end as unclear_on
    from arrangements
    asof left join care_reviews
        on care_reviews.person_id = arrangements.person_id
        and care_reviews.held_on >= arrangements.began_on
    asof left join seen
        on seen.person_id = arrangements.person_id
        and seen.visited_on <= arrangements.as_at
    asof left join unclear
        on unclear.person_id = arrangements.person_id
        and unclear.visited_on <= arrangements.as_at
),

intervals(rule, first_key, early_key, later_key, lasting_key) as (
    values
        (
            'temporary approval',
            'la.visit.temporary_to_review', 'la.visit.temporary_to_review',
            'la.visit.temporary_later', 'la.visit.temporary_later'
        ),
        (
            'interim order at home',
            'la.visit.temporary_to_review', 'la.visit.temporary_to_review',
            'la.visit.temporary_later', 'la.visit.temporary_later'
        ),
        (
            'with parents',
            'la.visit.parents_to_review', 'la.visit.parents_to_review',
            'la.visit.parents_later', 'la.visit.parents_later'
        ),
        ('care order at home', 'la.visit.first', 'la.visit.later', 'la.visit.later', 'la.visit.later'),
        ('placement', 'la.visit.first', 'la.visit.first_year', 'la.visit.later', 'la.visit.permanent')
),

early as (
    select
        reviewed.as_at,
        reviewed.person_id,
        reviewed.care_id,
        reviewed.anchor,
        reviewed.rule,
        reviewed.began_on,
        reviewed.reviewed_on,
        reviewed.seen_on,
        reviewed.unclear_on,
        reviewed.placement_type in ('U1', 'U4') as lasting,
        intervals.first_key,
        intervals.early_key,
        case when reviewed.placement_type in ('U1', 'U4') then intervals.lasting_key else intervals.later_key end
            as later_key,
        coalesce(
            case reviewed.rule
                when 'care order at home' then false
                when 'placement' then early_due.due_on >= first_year.due_on
                else reviewed.reviewed_on <= early_due.due_on
            end,
            false
        ) as past_early
    from reviewed
    left join intervals on intervals.rule = reviewed.rule
    left join visit_dates as early_due
        on early_due.key = intervals.early_key
        and early_due.started_on = reviewed.seen_on
    left join visit_dates as first_year
        on first_year.key = 'la.visit.first_year_length'
        and first_year.started_on = reviewed.began_on
),

clocks as (
    select
        as_at,
        person_id,
        care_id,
        anchor,
        rule,
        began_on,
        seen_on,
        unclear_on,
        lasting and past_early and rule = 'placement' as lasting,
        past_early,
        case
            when seen_on is null then first_key
            when past_early then later_key
            else early_key
        end as key,
        -- what would follow the visit that does not say whether it saw the child
        case
            when past_early then later_key
            when first_key = early_key and reviewed_on is not null then later_key
            else early_key
        end as key_if_seen,
        coalesce(seen_on, began_on) as clock_on
    from early
),

judged as (
    select
        clocks.as_at,
        clocks.person_id,
        clocks.care_id,
        clocks.anchor,
        clocks.rule,
        clocks.began_on,
        clocks.seen_on,
        clocks.unclear_on,
        clocks.clock_on,
        clocks.lasting,
        owed.due_on,
        case
            when owed.number > 1 then owed.number::text || ' ' || owed.unit
            else rtrim(owed.unit, 's')
        end as length,
        owed.number = 1 as single,
        case
            when owed.due_on >= clocks.as_at then true
            when if_seen.due_on >= clocks.as_at then null
            when owed.due_on is not null then false
        end as met
    from clocks
    left join visit_dates as owed
        on owed.key = clocks.key
        and owed.started_on = clocks.clock_on
    left join visit_dates as if_seen
        on if_seen.key = clocks.key_if_seen
        and if_seen.started_on = clocks.unclear_on
)

select
    judged.as_at,
    judged.person_id,
    judged.care_id as event_id,
    judged.anchor,
    null::text as team_id,
    null::text as worker_id,
    judged.due_on,
    null::date as done_on,
    judged.met,
    (judged.as_at - judged.clock_on)::double as value,
    case judged.rule
        when 'no placement' then 'no placement is recorded, so which rule applies cannot be told'
        when 'no legal status' then 'at home, with no legal status recorded, so which rule applies cannot be told'
        else
            case judged.rule
                when 'temporary approval' then 'carer temporarily approved (regulation 24)'
                when 'interim order at home' then 'at home under an interim care order'
                when 'care order at home' then 'at home under a care order'
                when 'with parents' then 'placed with parents (regulation 19)'
                else case when judged.lasting then 'placement meant to last to 18' else 'placement' end
            end
            || ', ' || case when judged.seen_on is null then case when judged.single then 'first visit within a ' else 'first visit within ' end else 'every ' end || judged.length
            || case
                when judged.met is null then
                    ': visited ' || strftime(judged.unclear_on, '%-d %B %Y')
                    || ', but whether the child was seen is not recorded'
                when judged.seen_on is null then
                    ': not seen since ' || strftime(judged.began_on, '%-d %B %Y')
                    || '; due ' || strftime(judged.due_on, '%-d %B %Y')
                else
                    ': last seen ' || strftime(judged.seen_on, '%-d %B %Y')
                    || '; due ' || strftime(judged.due_on, '%-d %B %Y')
            end
    end as reason
from judged
