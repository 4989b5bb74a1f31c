-- Private fostering arrangements, for Line of Sight: save the result as side_private_fostering.csv, headings first.
-- Names of tables and columns are those of a case system that does not exist. Where a comment says "change", put
-- your own. Standard SQL: it runs as it stands on SQL Server, Oracle, PostgreSQL and DuckDB once the names are right.
select
    private_arrangements.arrangement_id as prif_arrangement_id,
    private_arrangements.client_id as prif_person_id,
    private_arrangements.notified_on as prif_notified_date,
    private_arrangements.began_on as prif_start_date,
    min(arrangement_visits.visited_on) as prif_first_visit_date,
    max(arrangement_visits.visited_on) as prif_last_visit_date,
    private_arrangements.decided_on as prif_decided_date,    -- change: the day of the decision, whatever it was
    private_arrangements.ended_on as prif_end_date
from private_arrangements
left join arrangement_visits on arrangement_visits.arrangement_id = private_arrangements.arrangement_id
group by
    private_arrangements.arrangement_id, private_arrangements.client_id, private_arrangements.notified_on,
    private_arrangements.began_on, private_arrangements.decided_on, private_arrangements.ended_on
