-- Former relevant young people, not yet of the age at which staying put ends, who were with foster carers when they
-- left care at 18 (the last placement that had begun by then), and whether they live with former carers on the day
-- of the extract. Of those the council is not in touch with, what is not known is not that.
with
left_at_eighteen as (
    select
        former_relevant.person_id,
        max(care_periods.open_until) as left_on
    from former_relevant
    inner join children on children.person_id = former_relevant.person_id
    inner join care_periods
        on care_periods.person_id = former_relevant.person_id
        and care_periods.started_on < children.adult_on
        and care_periods.open_until >= children.adult_on
        and care_periods.open_until <= former_relevant.as_at
    group by former_relevant.person_id
),

last_placements as (
    select
        left_at_eighteen.person_id,
        left_at_eighteen.left_on,
        arg_max_null(placements.placement_type, (placements.started_on, placements.placement_id)) as placement_type
    from left_at_eighteen
    inner join placements
        on placements.person_id = left_at_eighteen.person_id
        and placements.started_on < left_at_eighteen.left_on
    group by left_at_eighteen.person_id, left_at_eighteen.left_on
)

select
    former_relevant.as_at,
    former_relevant.person_id,
    former_relevant.row_id as event_id,
    former_relevant.anchor,
    former_relevant.team_id,
    former_relevant.worker_id,
    null::date as due_on,
    null::date as done_on,
    case
        when former_relevant.doubt is not null then null
        when former_relevant.accommodation <> 'R' then former_relevant.accommodation = 'Z'
        when former_relevant.in_touch in ('NO', 'REFU', 'NREQ') then false
    end as met,
    null::double as value,
    'left foster care ' || strftime(last_placements.left_on, '%-d %B %Y') || '; '
    || case
        when former_relevant.doubt is not null then former_relevant.doubt
        when former_relevant.accommodation = 'Z' then 'lives with former foster carers'
        when former_relevant.accommodation <> 'R' then 'lives elsewhere'
        when former_relevant.in_touch in ('NO', 'REFU', 'NREQ')
            then 'not in touch, and where the young person lives is not known'
        else 'where the young person lives is not recorded'
    end as reason
from former_relevant
inner join last_placements
    on last_placements.person_id = former_relevant.person_id
    and last_placements.placement_type in ('U1', 'U2', 'U3', 'U4', 'U5', 'U6')
inner join timescales as oldest
    on oldest.key = 'leaving.staying_put_oldest'
    and former_relevant.as_at between oldest.valid_from and oldest.valid_until
where former_relevant.age <= oldest.number
