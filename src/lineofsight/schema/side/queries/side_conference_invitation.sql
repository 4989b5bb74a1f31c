-- Invitations to conferences, for Line of Sight: save the result as side_conference_invitation.csv, headings first.
-- Names of tables and columns are those of a case system that does not exist. Where a comment says "change", put
-- your own. Standard SQL: it runs as it stands on SQL Server, Oracle, PostgreSQL and DuckDB once the names are right.
select
    invitees.invitee_id as invt_invitation_id,
    invitees.client_id as invt_person_id,
    invitees.conference_id as invt_conference_id,    -- the ids of ssd_initial_cp_conference, or of ssd_cp_reviews
    case invitees.conference_type                -- change: your words
        when 'ICPC' then 'initial'
        when 'RCPC' then 'review'
    end as invt_conference_kind,
    case invitees.agency                         -- change: your agencies; the codes are in docs/reference/side-tables.md
        when 'Local authority' then 'social_care'
        when 'School' then 'education'
        when 'Health trust' then 'health'
        when 'Hospital trust' then 'hospital'
        when 'Constabulary' then 'police'
        else 'other'
    end as invt_agency,
    invitees.role_name as invt_role,
    invitees.invited_on as invt_invited_date,
    invitees.attended as invt_attended,          -- Y or N; blank until the conference is held
    invitees.report_received_on as invt_report_sent_date
from conference_invitees as invitees
