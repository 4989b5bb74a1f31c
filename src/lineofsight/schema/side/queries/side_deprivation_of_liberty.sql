-- Deprivation of liberty, for Line of Sight: save the result as side_deprivation_of_liberty.csv, headings first.
-- Names of tables and columns are those of a case system that does not exist. Where a comment says "change", put
-- your own. Standard SQL: it runs as it stands on SQL Server, Oracle, PostgreSQL and DuckDB once the names are right.
-- Include arrangements that no court has allowed yet: those are the ones to be seen.
select
    liberty_orders.order_id as depr_order_id,
    liberty_orders.client_id as depr_person_id,
    case liberty_orders.order_type               -- change: your words
        when 'Secure accommodation' then 'secure'
        when 'Inherent jurisdiction' then 'high_court'
        when 'Court of Protection' then 'protection'
        when 'Application made' then 'interim'
        else 'none'
    end as depr_kind,
    liberty_orders.in_force_from as depr_start_date,
    liberty_orders.in_force_to as depr_until_date,
    liberty_orders.last_review as depr_reviewed_date,
    liberty_orders.ended_on as depr_end_date     -- blank while the child is still deprived of liberty
from liberty_orders
