-- Children deprived of their liberty at the extract's date, and whether something allows it on that day. Of several
-- rows of a child the newest counts.
with
kept_in as (
    select
        snapshot.as_at,
        side_deprivation_of_liberty.depr_person_id as person_id,
        max_by(
            side_deprivation_of_liberty.depr_order_id,
            (
                coalesce(side_deprivation_of_liberty.depr_start_date, date '1900-01-01'),
                side_deprivation_of_liberty.depr_order_id
            )
        ) as order_id
    from snapshot
    inner join side_deprivation_of_liberty
        on coalesce(side_deprivation_of_liberty.depr_start_date, date '1900-01-01') <= snapshot.as_at
        and coalesce(side_deprivation_of_liberty.depr_end_date, date '9999-12-31') > snapshot.as_at
    inner join children
        on children.person_id = side_deprivation_of_liberty.depr_person_id
        and children.alive_until > snapshot.as_at
        and coalesce((children.born_on + interval 18 year)::date, date '9999-12-31') > snapshot.as_at
    group by snapshot.as_at, side_deprivation_of_liberty.depr_person_id
),

allowed as (
    select
        kept_in.as_at,
        kept_in.person_id,
        kept_in.order_id,
        min(side_deprivation_of_liberty.depr_start_date) as since,
        max(side_deprivation_of_liberty.depr_until_date) as until,
        coalesce(min(lower(trim(side_deprivation_of_liberty.depr_kind))), '') as kind
    from kept_in
    inner join side_deprivation_of_liberty on side_deprivation_of_liberty.depr_order_id = kept_in.order_id
    group by kept_in.as_at, kept_in.person_id, kept_in.order_id
)

select
    as_at,
    person_id,
    order_id as event_id,
    'liberty ' || coalesce(since::text, order_id) as anchor,
    null::text as team_id,
    null::text as worker_id,
    until as due_on,
    null::date as done_on,
    case when kind in ('none', 'interim') then false else until >= as_at end as met,
    (as_at - since)::double as value,
    coalesce('since ' || strftime(since, '%-d %B %Y'), 'since when is not recorded') || ', '
    || case
        when kind = 'none' then 'and nothing allows it'
        when kind = 'interim' then 'and the court has not decided yet'
        when until is null then 'until when it is allowed is not recorded'
        when until >= as_at then 'allowed until ' || strftime(until, '%-d %B %Y')
        else 'and the order ran out on ' || strftime(until, '%-d %B %Y')
    end as reason
from allowed
