-- Restricted records, for Line of Sight: save the result as side_restriction.csv, headings first.
-- Names of tables and columns are those of a case system that does not exist. Where a comment says "change", put
-- your own. Standard SQL: it runs as it stands on SQL Server, Oracle, PostgreSQL and DuckDB once the names are right.
-- Include every record that your own system restricts: one left out here is open to whoever works with the child.
select
    restrictions.restriction_id as rest_restriction_id,
    restrictions.client_id as rest_person_id,
    case restrictions.reason                     -- change: your words; any other word restricts as well
        when 'Adopted' then 'adoption'
        when 'Address protected' then 'protected address'
        when 'Relative of employee' then 'family of staff'
        else 'other'
    end as rest_kind,
    restrictions.valid_from as rest_start_date,
    restrictions.valid_to as rest_end_date
from client_restrictions as restrictions
