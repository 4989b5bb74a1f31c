-- Management oversight, for Line of Sight: save the result as side_oversight.csv, headings first.
-- Names of tables and columns are those of a case system that does not exist. Where a comment says "change", put
-- your own. Standard SQL: it runs as it stands on SQL Server, Oracle, PostgreSQL and DuckDB once the names are right.
select
    notes.note_id as over_oversight_id,
    notes.client_id as over_person_id,
    notes.note_date as over_date,
    notes.author_id as over_manager_id,          -- change: the same ids as in ssd_professionals
    case notes.note_type                         -- change: your note types
        when 'Management oversight' then 'oversight'
        when 'Allocation agreed' then 'allocation'
        when 'Step decision' then 'step'
        when 'Closure agreed' then 'closure'
    end as over_kind,
    notes.about_worker_id as over_worker_id      -- whose allocation was endorsed, where the note says so
from case_notes as notes
where notes.note_type in ('Management oversight', 'Allocation agreed', 'Step decision', 'Closure agreed')
