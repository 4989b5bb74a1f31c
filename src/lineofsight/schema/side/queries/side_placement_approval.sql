-- Temporary approvals of placements, for Line of Sight: save the result as side_placement_approval.csv, headings first.
-- Names of tables and columns are those of a case system that does not exist. Where a comment says "change", put
-- your own. Standard SQL: it runs as it stands on SQL Server, Oracle, PostgreSQL and DuckDB once the names are right.
select
    placements.placement_id as plap_placement_id,    -- the same ids as in ssd_cla_placement
    case placements.approval_type                -- change: your words for regulation 24
        when 'Regulation 24' then 'Y'
        else 'N'
    end as plap_temporary_approval,
    placements.approved_from as plap_start_date,
    placements.approved_to as plap_end_date
from placements
where placements.approval_type is not null
