
select
    as_at,
    person_id,
    subject_id as event_id,
    anchor,
    team_id,
    worker_id,
    due_on,
    decided_on as done_on,
    met,
    days as value,
    reason
from decisions_judged
where key = 'referral.decision'
