-- Children with an open episode of need at each month end, one row a child: the episode open longest.
with
ordered as (
    select
        person_id,
        referral_id,
        started_on,
        open_until,
        anchor,
        row_number() over (order by started_on, referral_id) as precedence
    from needs
)

select
    month_spans.as_at,
    ordered.person_id,
    arg_min(ordered.referral_id, ordered.precedence) as referral_id,
    min(ordered.started_on) as started_on,
    arg_min(ordered.anchor, ordered.precedence) as anchor
from ordered
inner join month_spans
    on ordered.started_on <= month_spans.as_at
    and ordered.open_until > month_spans.as_at
group by month_spans.as_at, ordered.person_id
