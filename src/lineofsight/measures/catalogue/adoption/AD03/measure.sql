-- Children matched with adopters in the month, and the days since the placement order. Without an order, or with
-- one later than the match, there is nothing to count from.
with
matched as (
    select
        perm_person_id as person_id,
        min(perm_table_id) as permanence_id,
        coalesce(
            max(perm_placement_order_date) filter (where perm_placement_order_date <= perm_matched_date),
            max(perm_placement_order_date)
        ) as ordered_on,
        perm_matched_date as matched_on
    from ssd_permanence
    where perm_person_id is not null and perm_matched_date is not null
    group by perm_person_id, perm_matched_date
)

select
    month_spans.as_at,
    matched.person_id,
    matched.permanence_id as event_id,
    'matched ' || matched.matched_on::text as anchor,
    null::text as team_id,
    null::text as worker_id,
    null::date as due_on,
    matched.matched_on as done_on,
    true as met,
    case
        when matched.ordered_on <= matched.matched_on
            then date_diff('day', matched.ordered_on, matched.matched_on)::double
    end as value,
    case
        when matched.ordered_on is null then 'no placement order is recorded'
        else 'placement order ' || strftime(matched.ordered_on, '%-d %B %Y')
    end
    || '; matched ' || strftime(matched.matched_on, '%-d %B %Y') as reason
from matched
inner join month_spans
    on month_spans.month_start = date_trunc('month', matched.matched_on)::date
    and month_spans.as_at >= matched.matched_on
