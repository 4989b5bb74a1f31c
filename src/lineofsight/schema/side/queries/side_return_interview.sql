-- Return home interviews, for Line of Sight: save the result as side_return_interview.csv, headings first.
-- Names of tables and columns are those of a case system that does not exist. Where a comment says "change", put
-- your own. Standard SQL: it runs as it stands on SQL Server, Oracle, PostgreSQL and DuckDB once the names are right.
select
    interviews.interview_id as rhin_interview_id,
    interviews.client_id as rhin_person_id,
    interviews.missing_id as rhin_missing_id,    -- the same ids as in ssd_missing
    interviews.offered_on as rhin_offered_date,
    interviews.held_on as rhin_held_date,        -- blank until it is held
    case interviews.outcome                      -- change: your words
        when 'Declined by child' then 'Y'
        when 'Completed' then 'N'
    end as rhin_declined,
    interviews.independent as rhin_independent   -- Y or N
from return_interviews as interviews             -- change: the form, or the provider's list
