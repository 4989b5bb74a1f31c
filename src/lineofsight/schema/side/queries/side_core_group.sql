-- Core group meetings, for Line of Sight: save the result as side_core_group.csv, headings first.
-- Names of tables and columns are those of a case system that does not exist. Where a comment says "change", put
-- your own. Standard SQL: it runs as it stands on SQL Server, Oracle, PostgreSQL and DuckDB once the names are right.
-- One row a meeting and child: brothers and sisters in one meeting have a row each.
select
    meetings.meeting_id || '-' || meetings.client_id as cgrp_core_group_id,   -- change on SQL Server: concat(a, '-', b)
    meetings.client_id as cgrp_person_id,
    meetings.plan_id as cgrp_cp_plan_id,         -- the same ids as in ssd_cp_plans
    meetings.due_date as cgrp_due_date,
    meetings.held_date as cgrp_date,             -- blank until it is held
    meetings.cancelled as cgrp_cancelled,        -- Y or N
    meetings.minutes_sent as cgrp_minutes_sent_date,
    meetings.participation as cgrp_participation,    -- change: codes PN0 to PN7, as for reviews
    meetings.led_by as cgrp_worker_id
from meetings                                    -- change: where meetings are recorded
where meetings.meeting_type = 'Core group'
