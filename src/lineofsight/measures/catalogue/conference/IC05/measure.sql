-- Children on a plan whose newest conference, first or review, is on record with its invitations, and whether every agency
-- with a professional around the child that day was asked to it.
with
conferences as (
    select
        conference_id,
        'initial' as kind,
        person_id,
        held_on
    from first_conferences
    where held_on is not null

    union all

    select
        cppr_cp_review_id as conference_id,
        'review' as kind,
        cppr_person_id as person_id,
        cppr_cp_review_date as held_on
    from ssd_cp_reviews
    where cppr_person_id is not null and cppr_cp_review_date is not null
),

ordered as (
    select
        conference_id,
        kind,
        person_id,
        held_on,
        row_number() over (order by held_on, kind, conference_id) as precedence
    from conferences
),

newest as (
    select
        plans_open.as_at,
        plans_open.person_id,
        plans_open.anchor,
        arg_max(ordered.conference_id, ordered.precedence) as conference_id,
        arg_max(ordered.kind, ordered.precedence) as kind,
        max(ordered.held_on) as held_on
    from plans_open
    inner join ordered
        on ordered.person_id = plans_open.person_id
        and ordered.held_on <= plans_open.as_at
    group by plans_open.as_at, plans_open.person_id, plans_open.anchor
),

met_on as (
    select distinct conference_id, kind, person_id, held_on from newest
),

invited as (
    select distinct
        invt_conference_id as conference_id,
        coalesce(lower(trim(invt_conference_kind)), '') as kind,
        invt_person_id as person_id,
        coalesce(lower(trim(invt_agency)), '') as agency
    from side_conference_invitation
),

recorded_from as (
    select min(invt_invited_date) as day from side_conference_invitation
),

around as (
    select
        parc_person_id as person_id,
        lower(trim(parc_agency)) as agency,
        nullif(trim(parc_role), '') as role,
        coalesce(parc_start_date, date '1900-01-01') as started_on,
        coalesce(parc_end_date, date '9999-12-31') as ended_on
    from side_professional_around_child
    where trim(parc_agency) <> ''
),

-- Who has no role on record is told by the agency: left unsaid, nobody would be missed.
expected as (
    select
        met_on.conference_id,
        met_on.kind,
        met_on.person_id,
        around.agency,
        coalesce(string_agg(distinct around.role, ', ' order by around.role), around.agency) as roles
    from met_on
    inner join around
        on around.person_id = met_on.person_id
        and around.started_on <= met_on.held_on
        and around.ended_on >= met_on.held_on
    group by met_on.conference_id, met_on.kind, met_on.person_id, around.agency
),

told as (
    select
        expected.conference_id,
        expected.kind,
        expected.person_id,
        string_agg(expected.roles, '; ' order by expected.agency) filter (where invited.agency is null) as left_out
    from expected
    left join invited
        on invited.conference_id = expected.conference_id
        and invited.kind in (expected.kind, '')
        and invited.person_id = expected.person_id
        and invited.agency = expected.agency
    group by expected.conference_id, expected.kind, expected.person_id
)

select
    newest.as_at,
    newest.person_id,
    newest.conference_id as event_id,
    newest.anchor,
    null::text as team_id,
    null::text as worker_id,
    case when told.left_out is not null then newest.held_on end as due_on,
    case when told.person_id is not null and told.left_out is null then newest.held_on end as done_on,
    case when told.person_id is not null then told.left_out is null end as met,
    case when told.left_out is not null then (today.working_number - beginning.working_number)::double end as value,
    case
        when told.person_id is null then 'nobody is recorded as around the child on '
        when told.left_out is not null then 'not asked to the conference of '
        else 'everybody around the child was asked to the conference of '
    end
    || strftime(newest.held_on, '%-d %B %Y') || coalesce(': ' || told.left_out, '') as reason
from newest
inner join recorded_from on recorded_from.day <= newest.held_on
left join told
    on told.conference_id = newest.conference_id
    and told.kind = newest.kind
    and told.person_id = newest.person_id
inner join calendar as today on today.day = newest.as_at
inner join calendar as beginning on beginning.day = newest.held_on
