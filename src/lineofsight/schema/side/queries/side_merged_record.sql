-- Merged records, for Line of Sight: save the result as side_merged_record.csv, headings first.
-- Names of tables and columns are those of a case system that does not exist. Where a comment says "change", put
-- your own. Standard SQL: it runs as it stands on SQL Server, Oracle, PostgreSQL and DuckDB once the names are right.
-- Never a child's records from before and after an adoption order: those are not to be joined.
select
    merges.merge_id as merg_merge_id,
    merges.kept_client_id as merg_person_id,
    merges.removed_client_id as merg_gone_person_id,
    merges.merged_on as merg_date
from client_merges as merges                     -- change: the case system's log of merges
