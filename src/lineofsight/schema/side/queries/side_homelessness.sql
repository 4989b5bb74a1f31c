-- Homeless at 16 and 17, for Line of Sight: save the result as side_homelessness.csv, headings first.
-- Names of tables and columns are those of a case system that does not exist. Where a comment says "change", put
-- your own. Standard SQL: it runs as it stands on SQL Server, Oracle, PostgreSQL and DuckDB once the names are right.
-- Everybody of 16 or 17 who came to children's services or to housing: one row each time they came.
select
    presentations.presentation_id as homl_presentation_id,
    presentations.client_id as homl_person_id,
    presentations.came_on as homl_presented_date,
    presentations.assessed_on as homl_assessed_date,
    case presentations.result                    -- change: your words; blank while nothing is settled
        when 'Section 20' then 'care'
        when 'Section 17' then 'need'
        when 'Returned to family' then 'home'
        when 'Housing duty' then 'housing'
        when 'Declined' then 'refused'
    end as homl_outcome,
    presentations.housed_on as homl_end_date
from presentations
