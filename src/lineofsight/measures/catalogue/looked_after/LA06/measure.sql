-- Children under sixteen at the month end who have been looked after for two and a half years, and whether they have
-- lived in the same home for two; placed for adoption with new carers, the home before counts with it.
with
lived as (
    select
        care_now.as_at,
        care_now.person_id,
        homes.started_on,
        homes.open_until,
        homes.placement_type,
        lag(homes.started_on) over (partition by care_now.as_at, care_now.person_id order by homes.started_on) as before_on
    from care_now
    inner join homes
        on homes.person_id = care_now.person_id
        and homes.started_on <= care_now.as_at
        and homes.open_until > care_now.started_on
),

-- where the child lives: of the homes open that day the one begun last; with none open, the one begun last
home_now as (
    select
        as_at,
        person_id,
        started_on,
        placement_type,
        before_on
    from lived
    qualify row_number() over (partition by as_at, person_id order by open_until > as_at desc, started_on desc) = 1
),

settled as (
    select
        care_now.as_at,
        care_now.person_id,
        care_now.care_id,
        care_now.anchor,
        greatest(
            care_now.started_on,
            case
                when
                    home_now.placement_type in ('A4', 'A6')
                    and care_now.placement_type in ('A4', 'A6', 'T0', 'T1', 'T2', 'T3', 'T4')
                    then coalesce(home_now.before_on, home_now.started_on)
                else home_now.started_on
            end
        ) as since,
        home_now.person_id is null as nowhere
    from care_now
    inner join due_dates
        on due_dates.key = 'la.stability.looked_after'
        and due_dates.started_on = care_now.started_on
        and due_dates.due_on <= care_now.as_at
    left join home_now
        on home_now.person_id = care_now.person_id
        and home_now.as_at = care_now.as_at
    where care_now.age < 16
)

select
    settled.as_at,
    settled.person_id,
    settled.care_id as event_id,
    settled.anchor,
    null::text as team_id,
    null::text as worker_id,
    null::date as due_on,
    null::date as done_on,
    case when not settled.nowhere then due_dates.due_on <= settled.as_at end as met,
    case when not settled.nowhere then (settled.as_at - settled.since)::double end as value,
    case
        when settled.nowhere then 'where the child lives is not recorded'
        else 'in the same home since ' || strftime(settled.since, '%-d %B %Y')
    end as reason
from settled
left join due_dates
    on due_dates.key = 'la.stability.same_home'
    and due_dates.started_on = settled.since
