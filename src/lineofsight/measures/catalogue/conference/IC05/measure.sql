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

-- an invitation of no recorded kind is to whichever conference has its id
invited as (
    select distinct
        met_on.conference_id,
        met_on.kind,
        met_on.person_id,
        coalesce(lower(trim(side_conference_invitation.invt_agency)), '') as agency
    from side_conference_invitation
    inner join met_on
        on met_on.conference_id = side_conference_invitation.invt_conference_id
        and met_on.person_id = side_conference_invitation.invt_person_id
        and coalesce(lower(trim(side_conference_invitation.invt_conference_kind)), '') in (met_on.kind, '')
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

expected as (
    select
        met_on.conference_id,
        met_on.kind,
        met_on.person_id,
        around.agency,
        around.role,
        invited.agency is null as left_out
    from met_on
    inner join around
        on around.person_id = met_on.person_id
        and around.started_on <= met_on.held_on
        and around.ended_on >= met_on.held_on
    left join invited
        on invited.conference_id = met_on.conference_id
        and invited.kind = met_on.kind
        and invited.person_id = met_on.person_id
        and invited.agency = around.agency
),

-- Who has no role on record is told by the agency: left unsaid, nobody would be missed.
missed as (
    select
        conference_id,
        kind,
        person_id,
        agency,
        coalesce(string_agg(distinct role, ', ' order by role), agency) as roles
    from expected
    where left_out
    group by conference_id, kind, person_id, agency
),

names as (
    select
        conference_id,
        kind,
        person_id,
        string_agg(roles, '; ' order by agency) as left_out
    from missed
    group by conference_id, kind, person_id
),

told as (
    select
        known.conference_id,
        known.kind,
        known.person_id,
        names.left_out
    from (select distinct conference_id, kind, person_id from expected) as known
    left join names
        on names.conference_id = known.conference_id
        and names.kind = known.kind
        and names.person_id = known.person_id
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
