-- Relevant and former relevant young people on the day of the extract, and whether somebody is their personal
-- adviser: named in their row, or by an open involvement. A duty desk, a team or a blank is nobody. Where no young
-- person of the extract has an adviser at all, a blank says nothing.
with
owed as (
    select
        leavers_now.as_at,
        leavers_now.person_id,
        leavers_now.row_id,
        leavers_now.anchor,
        leavers_now.team_id,
        leavers_now.worker_id,
        leavers_now.eligibility,
        leavers_now.adviser,
        case
            when leavers_now.adviser is null then 'nobody'
            when professionals.kind is not null then professionals.kind
            when regexp_matches(lower(leavers_now.adviser), '^(-|\.|#?n/?a|none|null|unknown|tbc|not known)$')
                then 'nobody'
            when regexp_matches(lower(leavers_now.adviser), '\b(duty|unallocated|awaiting|vacant|vacancy|team)\b')
                then 'duty'
            else 'person'
        end as kind
    from leavers_now
    left join professionals on professionals.worker_id = leavers_now.adviser
    where
        coalesce(leavers_now.eligibility, 'relevant') in ('relevant', 'former relevant')
        and coalesce(leavers_now.in_touch, '') not in ('RHOM', 'NREQ')
),

involved as (
    select distinct roles.person_id
    from roles
    inner join snapshot
        on roles.started_on <= snapshot.as_at
        and roles.open_until > snapshot.as_at
    where roles.role_kind = 'personal_adviser' and roles.holder = 'person'
),

advised as (
    select
        owed.as_at,
        owed.person_id,
        owed.row_id,
        owed.anchor,
        owed.team_id,
        owed.worker_id,
        owed.eligibility,
        owed.kind,
        owed.kind = 'person' or involved.person_id is not null as has_adviser
    from owed
    left join involved on involved.person_id = owed.person_id
),

recorded as (
    select count(*) filter (where advised.has_adviser or advised.kind <> 'nobody') as advisers
    from advised
)

select
    advised.as_at,
    advised.person_id,
    advised.row_id as event_id,
    advised.anchor,
    advised.team_id,
    advised.worker_id,
    null::date as due_on,
    null::date as done_on,
    case
        when advised.eligibility is null then null
        when advised.has_adviser then true
        when recorded.advisers > 0 then false
    end as met,
    null::double as value,
    case
        when advised.eligibility is null then 'what the young person is entitled to is not recorded'
        when advised.has_adviser then 'has a personal adviser'
        when advised.kind = 'nobody' then 'no personal adviser is recorded'
        else 'what is recorded as personal adviser is no named adviser: duty, a team or a manager'
    end as reason
from advised
cross join recorded
