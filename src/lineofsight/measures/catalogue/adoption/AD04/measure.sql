-- Looked-after children for whom it was decided that they should be adopted and for whom that still stands at the
-- month end, and whether they have been placed for it. One row a child: the newest decision, placed or
-- not by its own row.
with
decided as (
    select
        month_spans.as_at,
        ssd_permanence.perm_person_id as person_id,
        ssd_permanence.perm_table_id as permanence_id,
        ssd_permanence.perm_adm_decision_date as decided_on,
        ssd_permanence.perm_placed_for_adoption_date as placed_on
    from ssd_permanence
    inner join month_spans
        on ssd_permanence.perm_adm_decision_date <= month_spans.as_at
        and coalesce(ssd_permanence.perm_decision_reversed_date, date '9999-12-31') > month_spans.as_at
    where ssd_permanence.perm_person_id is not null
    qualify
        row_number() over (
            partition by month_spans.as_at, ssd_permanence.perm_person_id
            order by ssd_permanence.perm_adm_decision_date desc, ssd_permanence.perm_table_id desc
        ) = 1
)

select
    decided.as_at,
    decided.person_id,
    decided.permanence_id as event_id,
    care_open.anchor,
    null::text as team_id,
    null::text as worker_id,
    null::date as due_on,
    case when decided.placed_on <= decided.as_at then decided.placed_on end as done_on,
    coalesce(decided.placed_on <= decided.as_at, false) as met,
    date_diff('day', decided.decided_on, decided.as_at)::double as value,
    'decided ' || strftime(decided.decided_on, '%-d %B %Y')
    || case
        when decided.placed_on <= decided.as_at
            then '; placed for adoption ' || strftime(decided.placed_on, '%-d %B %Y')
        else
            ', ' || date_diff('day', decided.decided_on, decided.as_at)::text || ' days ago; not placed for adoption'
    end as reason
from decided
inner join care_open
    on care_open.person_id = decided.person_id
    and care_open.as_at = decided.as_at
