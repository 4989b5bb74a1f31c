-- The year that ends with each month end: its first day. On 31 October 2026 that is 1 November 2025.
select
    month_spans.as_at,
    (month_spans.as_at + 1 - to_months(timescales.number::integer))::date as year_start
from month_spans
inner join timescales
    on timescales.key = 'la.year'
    and timescales.valid_from <= month_spans.as_at
    and timescales.valid_until >= month_spans.as_at
