-- Child in need plan reviews, for Line of Sight: save the result as side_cin_plan_review.csv, headings first.
-- Names of tables and columns are those of a case system that does not exist. Where a comment says "change", put
-- your own. Standard SQL: it runs as it stands on SQL Server, Oracle, PostgreSQL and DuckDB once the names are right.
select
    meetings.meeting_id || '-' || meetings.client_id as cinr_review_id,       -- change on SQL Server: concat(a, '-', b)
    meetings.client_id as cinr_person_id,
    meetings.plan_id as cinr_cin_plan_id,        -- the same ids as in ssd_cin_plans
    meetings.due_date as cinr_due_date,
    meetings.held_date as cinr_date,             -- blank until it is held
    meetings.cancelled as cinr_cancelled,        -- Y or N
    case meetings.outcome                        -- change: your words for the four outcomes
        when 'Plan to continue' then 'continue'
        when 'Step up' then 'step_up'
        when 'Step down' then 'step_down'
        when 'Close' then 'close'
    end as cinr_outcome,
    meetings.participation as cinr_participation,    -- change: codes PN0 to PN7, as for reviews
    meetings.led_by as cinr_chair_worker_id
from meetings                                    -- change: where meetings are recorded
where meetings.meeting_type = 'Child in need review'
