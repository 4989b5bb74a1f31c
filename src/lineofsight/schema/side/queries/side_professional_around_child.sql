-- Professionals around a child, for Line of Sight: save the result as side_professional_around_child.csv, headings first.
-- Names of tables and columns are those of a case system that does not exist. Where a comment says "change", put
-- your own. Standard SQL: it runs as it stands on SQL Server, Oracle, PostgreSQL and DuckDB once the names are right.
select
    relations.relation_id as parc_row_id,
    relations.client_id as parc_person_id,
    case relations.agency                        -- change: your agencies; the codes are in docs/reference/side-tables.md
        when 'School' then 'education'
        when 'Health trust' then 'health'
        when 'Constabulary' then 'police'
        else 'other'
    end as parc_agency,
    relations.relation_type as parc_role,
    relations.contact_name as parc_name,
    relations.contact_phone as parc_contact,     -- work numbers and addresses only
    relations.valid_from as parc_start_date,
    relations.valid_to as parc_end_date
from professional_relations as relations         -- change: leave out family and friends
