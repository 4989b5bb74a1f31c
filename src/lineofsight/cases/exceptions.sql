-- The ledger carried on by one snapshot (DESIGN 5 M). Relations:
--   given      the rows of the exception measures at the snapshot's date (row contract)
--   measured   the measures that were measured this time
--   previous   the ledger so far
--   endings    plans, episodes and care periods this extract knows: person_id, anchor, open_until
--   offices    who answers for a team (owners.sql); workers: the lake's model
--   moment     as_at, snapshot; calendar: day, working_number
--   merged     people whose record went and the one that stays: gone_key, kept_key, kept_id
--   team_ids, worker_ids   ids that stand for another in the registry: given, stands_for
--   merged_teams           teams whose work is another's on the day: team_id, into_id
with
-- The ledger so far under the ids of today: a record that was merged is the one that stays, a team or worker that the
-- registry knows goes by its id there. What is cleared stays with the team it was cleared in.
known as (
    select
        previous.* exclude (child_key, person_id, worker_id, team_id),
        coalesce(merged.kept_key, previous.child_key) as child_key,
        coalesce(merged.kept_id, previous.person_id) as person_id,
        coalesce(worker_ids.stands_for, previous.worker_id) as worker_id,
        case
            when previous.state = 'cleared' then coalesce(team_ids.stands_for, previous.team_id)
            else coalesce(merged_teams.into_id, team_ids.stands_for, previous.team_id)
        end as team_id,
        merged.kept_key is not null as was_merged
    from previous
    left join merged on merged.gone_key = previous.child_key
    left join worker_ids on worker_ids.given = previous.worker_id
    left join team_ids on team_ids.given = previous.team_id
    left join merged_teams on merged_teams.team_id = coalesce(team_ids.stands_for, previous.team_id)
),

-- Of two that are now the same thing owed to the same child, the one first seen goes on, as the latest time it was
-- owed: else the next time would have the identity of the one that stopped. What was cleared before stands by itself.
paired as (
    select
        known.* exclude (occurrence, history, was_merged),
        max(known.occurrence) over one_thing as occurrence,
        known.history as history_so_far,
        row_number() over (one_thing order by known.first_seen, known.state = 'cleared', known.exception_id) as place,
        bool_or(known.was_merged) over one_thing as merged_now
    from known
    cross join moment
    window
        one_thing as (
            partition by
                known.measure,
                coalesce(known.child_key, known.person_id, known.worker_id),
                known.anchor,
                case
                    when known.state = 'cleared' and known.cleared_on <> moment.as_at then known.exception_id
                end
        )
),

ledger_before as (
    select
        paired.* exclude (place, merged_now, history_so_far),
        case
            when paired.merged_now then
                list_append(
                    coalesce(paired.history_so_far, []),
                    struct_pack(snapshot := moment.snapshot, as_at := moment.as_at, what := 'the records were merged')
                )
            else paired.history_so_far
        end as history
    from paired
    cross join moment
    where paired.place = 1
),

found as (
    select
        given.measure,
        coalesce(given.child_key, given.person_id, given.worker_id) as subject,
        given.anchor,
        given.child_key,
        given.person_id,
        given.worker_id,
        given.team_id,
        given.service_id,
        given.due_on,
        given.done_on,
        given.reason,
        case
            when given.met is null then 'unknown'
            when given.met then 'met'
            when given.done_on is not null then 'late'
            else 'owed'
        end as standing
    from given
    qualify
        row_number() over (
            partition by given.measure, coalesce(given.child_key, given.person_id, given.worker_id), given.anchor
            order by standing = 'owed' desc, standing = 'unknown' desc, given.due_on, given.event_id
        ) = 1
),

owed as (
    select
        found.measure,
        found.subject,
        found.anchor,
        found.child_key,
        found.person_id,
        found.worker_id,
        found.team_id,
        found.service_id,
        found.due_on as owed_since,
        case when due.day is not null then greatest(today.working_number - due.working_number, 0) end as days_over,
        found.reason,
        responsible.team_name,
        coalesce(own.owner, responsible.owner, service.owner, 'Director of Children''s Services') as owner,
        case
            when own.owner is not null then own.owner_id
            when responsible.owner is not null then responsible.owner_id
            else service.owner_id
        end as owner_id
    from found
    cross join moment
    inner join calendar as today on today.day = moment.as_at
    left join calendar as due on due.day = found.due_on
    left join workers on workers.worker_id = found.worker_id
    left join offices as own on own.team_id = workers.team_id
    left join offices as responsible on responsible.team_id = found.team_id
    left join offices as service on service.team_id = found.service_id
    where found.standing = 'owed'
),

-- What was open, or was cleared by an extract of this same date that this one corrects.
carried as (
    select
        ledger_before.*,
        coalesce(ledger_before.child_key, ledger_before.person_id, ledger_before.worker_id) as subject
    from ledger_before
    cross join moment
    where ledger_before.state <> 'cleared' or ledger_before.cleared_on = moment.as_at
),

turned as (
    select
        carried.exception_id,
        case
            when measured.measure is null then 'not measured'
            when found.standing is not null then found.standing
            when carried.child_key is null and carried.person_id is null then 'no children'
            when endings.anchor is null then 'gone'
            when endings.open_until <= moment.as_at then 'ended'
            else 'not counted'
        end as turn,
        found.done_on,
        endings.open_until
    from carried
    cross join moment
    left join measured on measured.measure = carried.measure
    left join found
        on found.measure = carried.measure
        and found.subject = carried.subject
        and found.anchor = carried.anchor
    left join endings
        on endings.person_id = carried.person_id
        and endings.anchor = carried.anchor
),

still as (
    select
        carried.exception_id,
        carried.measure,
        coalesce(owed.child_key, carried.child_key) as child_key,
        coalesce(owed.person_id, carried.person_id) as person_id,
        carried.anchor,
        carried.occurrence,
        case when turned.turn = 'owed' then owed.worker_id else carried.worker_id end as worker_id,
        case when turned.turn = 'owed' then owed.team_id else carried.team_id end as team_id,
        case when turned.turn = 'owed' then owed.service_id else carried.service_id end as service_id,
        case when turned.turn = 'owed' then owed.owed_since else carried.owed_since end as owed_since,
        carried.first_seen,
        case when turned.turn = 'owed' then moment.as_at else carried.last_seen end as last_seen,
        case
            when turned.turn = 'owed' then null
            when carried.state = 'cleared' then carried.cleared_on
            when turned.turn in ('met', 'late', 'ended', 'not counted', 'no children') then moment.as_at
        end as cleared_on,
        case
            when turned.turn = 'owed' then 'open'
            when carried.state = 'cleared' then 'cleared'
            when turned.turn in ('met', 'late', 'ended', 'not counted', 'no children') then 'cleared'
            else 'not re-measured'
        end as state,
        case when turned.turn = 'owed' then owed.days_over else carried.days_over end as days_over,
        case when turned.turn = 'owed' then owed.reason else carried.reason end as reason,
        case when turned.turn = 'owed' then owed.owner else carried.owner end as owner,
        case when turned.turn = 'owed' then owed.owner_id else carried.owner_id end as owner_id,
        carried.history,
        case
            when turned.turn = 'owed' then
                case
                    when carried.state = 'cleared' then 'found to be owed after all'
                    when carried.team_id is distinct from owed.team_id
                        then 'still owed; moved to ' || coalesce(owed.team_name, 'another team')
                    else 'still owed'
                end
            when carried.state = 'cleared' then null
            when turned.turn = 'not measured' then 'not measured this time'
            when turned.turn = 'unknown' then 'could not be told this time'
            when turned.turn = 'gone' then 'no longer in the extract'
            when turned.turn = 'met' then 'found done'
            when turned.turn = 'late' then 'done late, ' || strftime(turned.done_on, '%-d %B %Y')
            when turned.turn = 'ended' then 'ended ' || strftime(turned.open_until, '%-d %B %Y')
            when turned.turn = 'no children' then 'holds no children now'
            else 'no longer counted'
        end as what
    from carried
    cross join moment
    inner join turned on turned.exception_id = carried.exception_id
    left join owed
        on owed.measure = carried.measure
        and owed.subject = carried.subject
        and owed.anchor = carried.anchor
    -- what only the extract of this date that this one corrects had found was never owed
    where
        carried.first_seen < moment.as_at
        or turned.turn not in ('met', 'late', 'ended', 'not counted', 'no children')
),

times as (
    select
        measure,
        coalesce(child_key, person_id, worker_id) as subject,
        anchor,
        max(occurrence) as occurrences
    from ledger_before
    group by measure, subject, anchor
),

begun as (
    select
        null as exception_id,
        owed.measure,
        owed.child_key,
        owed.person_id,
        owed.anchor,
        coalesce(times.occurrences, 0) + 1 as occurrence,
        owed.worker_id,
        owed.team_id,
        owed.service_id,
        owed.owed_since,
        moment.as_at as first_seen,
        moment.as_at as last_seen,
        null::date as cleared_on,
        'open' as state,
        owed.days_over,
        owed.reason,
        owed.owner,
        owed.owner_id,
        null as history,
        'first seen' as what
    from owed
    cross join moment
    left join times
        on times.measure = owed.measure
        and times.subject = owed.subject
        and times.anchor = owed.anchor
    left join carried
        on carried.measure = owed.measure
        and carried.subject = owed.subject
        and carried.anchor = owed.anchor
    where carried.exception_id is null
),

settled as (
    select ledger_before.*, null as what
    from ledger_before
    cross join moment
    where ledger_before.state = 'cleared' and ledger_before.cleared_on <> moment.as_at
),

ledger as (
    select * from still
    union all by name
    select * from begun
    union all by name
    select * from settled
)

select
    ledger.exception_id,
    ledger.measure,
    ledger.child_key,
    ledger.person_id,
    ledger.anchor,
    ledger.occurrence,
    ledger.worker_id,
    ledger.team_id,
    ledger.service_id,
    ledger.owed_since,
    ledger.first_seen,
    ledger.last_seen,
    ledger.cleared_on,
    ledger.state,
    ledger.days_over,
    ledger.reason,
    ledger.owner,
    ledger.owner_id,
    case
        when ledger.what is null then ledger.history
        -- the same said again moves its date on, so that a nightly load does not fill the history
        when ledger.history[-1].what = ledger.what then
            list_append(
                ledger.history[:-2],
                struct_pack(snapshot := moment.snapshot, as_at := moment.as_at, what := ledger.what)
            )
        else
            list_append(
                coalesce(ledger.history, []),
                struct_pack(snapshot := moment.snapshot, as_at := moment.as_at, what := ledger.what)
            )
    end as history
from ledger
cross join moment
order by
    ledger.measure,
    ledger.child_key nulls last,
    ledger.worker_id nulls last,
    ledger.anchor,
    ledger.occurrence
