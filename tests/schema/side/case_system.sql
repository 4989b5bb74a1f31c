-- A made-up case system, for the export queries to run against.
create table supervision_sessions (session_id varchar, worker_id varchar, supervisor_id varchar, session_date date, session_type varchar, client_id varchar, status varchar);
insert into supervision_sessions values
    ('S1', 'W101', 'W201', '2026-09-07', 'One to one', null, 'Completed'),
    ('S2', 'W101', 'W201', '2026-09-07', 'Case discussion', '100001', 'Completed'),
    ('S3', 'W102', 'W201', '2026-11-07', 'One to one', null, 'Planned');

create table staff_absences (absence_id integer, worker_id varchar, first_day date, last_day date, absence_type varchar, cover_worker_id varchar, cancelled varchar);
insert into staff_absences values
    (1, 'W101', '2026-10-05', null, 'Sickness', 'W102', 'N'),
    (2, 'W102', '2026-08-03', '2026-08-14', 'Annual leave', null, 'N'),
    (3, 'W103', '2026-08-03', '2026-08-14', 'Course', null, 'Y');

create table staff_checks (check_id varchar, worker_id varchar, register_status varchar, registration_number varchar, registered_from date, registered_to date, checked_on date, dbs_issued_on date);
insert into staff_checks values
    ('R1', 'W101', 'On register', 'SW10001', '2025-12-01', '2026-11-30', '2025-12-02', '2025-03-14'),
    ('R2', 'W102', null, null, null, null, null, null),
    ('R3', 'W103', 'Not on register', null, null, null, '2026-01-05', '2024-06-20');

create table case_notes (note_id varchar, client_id varchar, note_date timestamp, author_id varchar, note_type varchar, about_worker_id varchar);
insert into case_notes values
    ('N1', '100001', '2026-06-08 09:30:00', 'W201', 'Allocation agreed', 'W101'),
    ('N2', '100001', '2026-08-10 16:05:00', 'W201', 'Management oversight', null),
    ('N3', '100001', '2026-08-11 11:00:00', 'W101', 'Telephone call', null);

create table meetings (meeting_id integer, client_id varchar, meeting_type varchar, plan_id varchar, due_date date, held_date date, cancelled varchar, minutes_sent date, outcome varchar, participation varchar, led_by varchar);
insert into meetings values
    (1, '100001', 'Core group', 'P1', '2026-06-15', '2026-06-11', 'N', '2026-06-18', null, 'PN2', 'W101'),
    (1, '100002', 'Core group', 'P2', '2026-06-15', '2026-06-11', 'N', '2026-06-18', null, 'PN0', 'W101'),
    (2, '100003', 'Child in need review', 'N1', '2026-07-20', '2026-07-17', 'N', null, 'Plan to continue', 'PN1', 'W103'),
    (3, '100003', 'Strategy discussion', null, null, '2026-07-17', 'N', null, null, null, null);

create table contacts (contact_id integer, client_id varchar, received_on date, decided_on date, outcome varchar, decided_by varchar, feedback_on date, tasks_finished_on date);
insert into contacts values (1, '100001', '2026-06-01', '2026-06-01', 'Referral', 'W201', '2026-06-02', '2026-06-05'), (2, '100003', '2026-10-30', null, null, null, null, null);
create table referrals (referral_id integer, client_id varchar, received_on date, decided_on date, outcome varchar, decided_by varchar, feedback_on date, tasks_finished_on date);
insert into referrals values (1, '100001', '2026-06-01', '2026-06-02', 'Assessment', 'W201', null, '2026-06-02');

create table return_interviews (interview_id varchar, client_id varchar, missing_id varchar, offered_on date, held_on date, outcome varchar, independent varchar);
insert into return_interviews values
    ('I1', '100004', 'M1', '2026-09-14', '2026-09-16', 'Completed', 'Y'), ('I2', '100004', 'M2', '2026-10-05', null, 'Declined by child', null);

create table conference_invitees (invitee_id varchar, client_id varchar, conference_id varchar, conference_type varchar, agency varchar, role_name varchar, invited_on date, attended varchar, report_received_on date);
insert into conference_invitees values
    ('T1', '100001', 'K1', 'ICPC', 'School', 'Designated safeguarding lead', '2026-05-25', 'Y', '2026-05-29'),
    ('T2', '100001', 'K1', 'ICPC', 'Parish council', 'Clerk', '2026-05-25', 'N', null);

create table professional_relations (relation_id varchar, client_id varchar, agency varchar, relation_type varchar, contact_name varchar, contact_phone varchar, valid_from date, valid_to date);
insert into professional_relations values ('Q1', '100001', 'School', 'Designated safeguarding lead', 'Pat Example', '01632 960001', '2026-06-01', null);

create table case_transfers (transfer_id varchar, client_id varchar, direction varchar, from_body varchar, to_body varchar, requested_on date, effective_on date, conference_on date);
insert into case_transfers values
    ('X1', '100005', 'Transfer in', 'Example Council', 'T1', '2026-09-01', '2026-09-15', '2026-09-15'), ('X2', '100002', 'Between teams', 'T1', 'T2', '2026-08-03', null, null);

create table establishment (post_id varchar, team_id varchar, worker_id varchar, held_from date, held_to date, post_name varchar, fte decimal(3, 2), asye_began date);
insert into establishment values ('J1', 'T1', 'W101', '2024-04-01', null, 'Social Worker', 0.8, null), ('J2', 'T1', null, '2026-07-12', null, 'Social Worker', 1, null);

create table placements (placement_id varchar, approval_type varchar, approved_from date, approved_to date);
insert into placements values ('L1', 'Regulation 24', '2026-09-07', '2026-12-28'), ('L2', 'Full', '2026-05-04', null), ('L3', null, null, null);

create table client_restrictions (restriction_id varchar, client_id varchar, reason varchar, valid_from date, valid_to date);
insert into client_restrictions values ('Z1', '100007', 'Address protected', '2026-02-01', null), ('Z2', '100008', 'Something else', null, null);

create table client_merges (merge_id varchar, kept_client_id varchar, removed_client_id varchar, merged_on timestamp);
insert into client_merges values ('E1', '100001', '100901', '2026-03-03 10:00:00');

create table liberty_orders (order_id varchar, client_id varchar, order_type varchar, in_force_from date, in_force_to date, last_review date, ended_on date);
insert into liberty_orders values
    ('D1', '100004', 'Inherent jurisdiction', '2026-08-03', '2026-11-02', '2026-10-12', null), ('D2', '100006', 'Not applied for', '2026-10-26', null, null, null);

create table private_arrangements (arrangement_id varchar, client_id varchar, notified_on date, began_on date, decided_on date, ended_on date);
insert into private_arrangements values ('F1', '100008', '2026-06-01', '2026-05-25', '2026-07-13', null), ('F2', '100009', '2026-10-12', '2026-11-02', null, null);
create table arrangement_visits (arrangement_id varchar, visited_on date);
insert into arrangement_visits values ('F1', '2026-06-08'), ('F1', '2026-10-05');

create table presentations (presentation_id varchar, client_id varchar, came_on date, assessed_on date, result varchar, housed_on date);
insert into presentations values ('H1', '100002', '2026-10-05', null, null, null), ('H2', '100003', '2026-09-07', '2026-09-11', 'Section 20', '2026-09-08');
