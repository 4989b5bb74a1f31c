-- What was entered between two extracts, and how late at least and at most. Relations:
--   before, now   events of the kinds that can be told: kind, subject (a child's or a worker's id), is_worker, beside,
--                 day, event_id, team_id
--   moments       a kind: its table's own date in each extract: since, until
--   known         the people of the extract before: person_id
--   persons, workers, teams: the read models of now; calendar: day, working_number
--   led, led_teams  ids that give way to another now (merged records, the registry): given, stands_for, is_worker
--   merged_teams  whose work a merged team's is, from the day of its merge: team_id, into_id, valid_from, valid_until
-- An event is known by its kind, subject, day and what stands beside; of two alike on one day each counts once.
with
counted_before as materialized (
    select
        kind, coalesce(led.stands_for, subject) as subject, beside, day, count(*) as times, min(event_id) as event_id
    from before
    left join led on led.given = before.subject and led.is_worker = before.is_worker
    group by all
),

counted_now as materialized (
    select
        kind, coalesce(led.stands_for, subject) as subject, beside, day, count(*) as times, min(event_id) as event_id,
        any_value(now.is_worker) as is_worker, min(team_id) as team_id
    from now
    left join led on led.given = now.subject and led.is_worker = now.is_worker
    group by all
),

compared as (
    select
        kind,
        subject,
        beside,
        day,
        counted_now.is_worker,
        counted_now.team_id,
        counted_now.event_id,
        counted_before.event_id as event_id_before,
        coalesce(counted_now.times, 0) - coalesce(counted_before.times, 0) as more
    from counted_now
    full join counted_before using (kind, subject, beside, day)
),

-- A case system may number everything anew each month: an id tells something only where most of them stayed.
numbered as (
    select kind, coalesce(avg(case when event_id = event_id_before then 1 else 0 end), 0) > 0.5 as keeps_ids
    from compared
    where more = 0
    group by kind
),

appeared as (
    select *, row_number() over (partition by kind, subject order by day, beside) as place
    from compared
    where more > 0
),

gone as (
    select
        kind, subject, day, -more as times, event_id_before as event_id,
        row_number() over (partition by kind, subject order by day, beside) as place
    from compared
    where more < 0
),

-- A day that was corrected takes one event away and brings one: by its id, or where ids tell nothing by its place.
moved as (
    select distinct appeared.kind, appeared.subject, appeared.beside, appeared.day, gone.place as gone_place
    from appeared
    inner join gone on gone.kind = appeared.kind and gone.subject = appeared.subject
    left join numbered on numbered.kind = appeared.kind
    where
        case
            when coalesce(numbered.keeps_ids, false) then gone.event_id = appeared.event_id
            else gone.place = appeared.place and abs(date_diff('day', gone.day, appeared.day)) <= 31
        end
),

-- Somebody who comes back into the extract brings an old record along, which nobody entered late.
returned as (
    select counted_now.subject
    from counted_now
    inner join moments on moments.kind = counted_now.kind
    left join known on known.person_id = counted_now.subject
    where known.person_id is null and not counted_now.is_worker
    group by counted_now.subject
    having min(counted_now.day) < min(moments.since) - interval 92 day
),

entered as (
    select
        appeared.*,
        moments.since,
        moments.until,
        case
            when moved.subject is not null then 'moved'
            when returned.subject is not null and appeared.day <= moments.since then 'returned'
            when appeared.day <= moments.since then 'late'
            else 'entered'
        end as state
    from appeared
    inner join moments on moments.kind = appeared.kind
    left join moved
        on moved.kind = appeared.kind
        and moved.subject = appeared.subject
        and moved.beside = appeared.beside
        and moved.day = appeared.day
    left join returned on returned.subject = appeared.subject
    where appeared.day <= moments.until
),

taken_away as (
    select gone.kind, gone.subject, gone.times
    from gone
    left join moved on moved.kind = gone.kind and moved.subject = gone.subject and moved.gone_place = gone.place
    where moved.subject is null
),

told as (
    select kind, subject, is_worker, team_id, day, more as times, state, since, until
    from entered
    union all
    select kind, subject, null, null, null, times, 'taken away', null, null
    from taken_away
)

select
    told.kind,
    told.state,
    persons.child_key,
    coalesce(own.team_id, workers.team_id, persons.team_id) as team_id,
    coalesce(own.service_id, theirs.service_id, persons.service_id) as service_id,
    told.day,
    told.times,
    case when told.state = 'late' then date_diff('day', told.day, told.since) + 1 end as least_days,
    case when told.state = 'late' then date_diff('day', told.day, told.until) end as most_days,
    case when told.state = 'late' then after.working_number - happened.working_number end as least_working,
    case when told.state = 'late' then last.working_number - happened.working_number end as most_working
from told
left join persons on persons.person_id = told.subject
left join workers on workers.worker_id = told.subject
left join led_teams on led_teams.given = told.team_id
left join merged_teams
    on merged_teams.team_id = coalesce(led_teams.stands_for, told.team_id)
    and told.day between merged_teams.valid_from and merged_teams.valid_until
left join teams as own on own.team_id = coalesce(merged_teams.into_id, led_teams.stands_for, told.team_id)
left join teams as theirs on theirs.team_id = workers.team_id
left join calendar as happened on happened.day = told.day
left join calendar as after on after.day = told.since + interval 1 day
left join calendar as last on last.day = told.until
order by told.kind, told.state, persons.child_key, told.day, team_id
