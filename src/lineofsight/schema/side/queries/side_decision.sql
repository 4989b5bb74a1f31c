-- Decisions on contacts and referrals, for Line of Sight: save the result as side_decision.csv, headings first.
-- Names of tables and columns are those of a case system that does not exist. Where a comment says "change", put
-- your own. Standard SQL: it runs as it stands on SQL Server, Oracle, PostgreSQL and DuckDB once the names are right.
select
    'contact-' || contacts.contact_id as deci_decision_id,     -- change on SQL Server: concat('contact-', contact_id)
    contacts.client_id as deci_person_id,
    'contact' as deci_kind,
    contacts.contact_id as deci_subject_id,      -- the same ids as in ssd_contacts
    contacts.received_on as deci_received_date,
    contacts.decided_on as deci_decided_date,    -- change: the day the manager authorised the outcome
    contacts.outcome as deci_decision,
    contacts.decided_by as deci_decided_by_worker_id,
    contacts.feedback_on as deci_referrer_told_date,
    contacts.tasks_finished_on as deci_tasks_done_date   -- change: blank while one is open, the decision's day with none
from contacts

union all

select
    'referral-' || referrals.referral_id as deci_decision_id,  -- change on SQL Server: concat('referral-', referral_id)
    referrals.client_id as deci_person_id,
    'referral' as deci_kind,
    referrals.referral_id as deci_subject_id,    -- the same ids as in ssd_cin_episodes
    referrals.received_on as deci_received_date,
    referrals.decided_on as deci_decided_date,
    referrals.outcome as deci_decision,
    referrals.decided_by as deci_decided_by_worker_id,
    referrals.feedback_on as deci_referrer_told_date,
    referrals.tasks_finished_on as deci_tasks_done_date
from referrals
