-- One row a month end: the first day of its month, so that an event joins its month by equality.
select
    as_at,
    date_trunc('month', as_at)::date as month_start
from months
