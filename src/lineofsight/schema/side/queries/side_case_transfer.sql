-- Transfers of cases, for Line of Sight: save the result as side_case_transfer.csv, headings first.
-- Names of tables and columns are those of a case system that does not exist. Where a comment says "change", put
-- your own. Standard SQL: it runs as it stands on SQL Server, Oracle, PostgreSQL and DuckDB once the names are right.
select
    transfers.transfer_id as tran_transfer_id,
    transfers.client_id as tran_person_id,
    case transfers.direction                     -- change: your words
        when 'Transfer in' then 'in'
        when 'Transfer out' then 'out'
        else 'within'
    end as tran_kind,
    transfers.from_body as tran_from,            -- between teams: the ids of ssd_department
    transfers.to_body as tran_to,
    transfers.requested_on as tran_asked_date,
    transfers.effective_on as tran_date,         -- blank until it takes effect
    transfers.conference_on as tran_conference_date
from case_transfers as transfers
