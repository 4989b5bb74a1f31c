-- Initial conferences held in the month (transfers in have their own rule and are left out), against the clock
-- from the strategy discussion: the start of the section 47 enquiry, else back from the recorded target date.
with
conferences as (
    select
        month_spans.as_at,
        ssd_initial_cp_conference.icpc_person_id as person_id,
        ssd_initial_cp_conference.icpc_icpc_id as conference_id,
        ssd_initial_cp_conference.icpc_icpc_date as held_on,
        ssd_initial_cp_conference.icpc_icpc_target_date as target_on,
        ssd_initial_cp_conference.icpc_icpc_team as team_id,
        ssd_initial_cp_conference.icpc_icpc_worker_id as worker_id,
        case
            when ssd_s47_enquiry.s47e_s47_start_date is not null
                then greatest(ssd_s47_enquiry.s47e_s47_start_date, first_day.day)
        end as discussed_on
    from ssd_initial_cp_conference
    cross join first_day
    inner join month_spans
        on month_spans.month_start = date_trunc('month', ssd_initial_cp_conference.icpc_icpc_date)::date
        and month_spans.as_at >= ssd_initial_cp_conference.icpc_icpc_date
    left join ssd_s47_enquiry
        on ssd_s47_enquiry.s47e_s47_enquiry_id = ssd_initial_cp_conference.icpc_s47_enquiry_id
        and ssd_s47_enquiry.s47e_person_id = ssd_initial_cp_conference.icpc_person_id
    where
        ssd_initial_cp_conference.icpc_person_id is not null
        and coalesce(ssd_initial_cp_conference.icpc_icpc_transfer_in, 'N') <> 'Y'
),

clocks as (
    select
        conferences.as_at,
        conferences.person_id,
        conferences.conference_id,
        conferences.held_on,
        conferences.team_id,
        conferences.worker_id,
        conferences.discussed_on,
        coalesce(due_dates.due_on, conferences.target_on) as due_on
    from conferences
    left join due_dates
        on due_dates.key = 'icpc.after_strategy'
        and due_dates.started_on = conferences.discussed_on
)

select
    clocks.as_at,
    clocks.person_id,
    clocks.conference_id as event_id,
    'conference ' || clocks.held_on::text as anchor,
    clocks.team_id,
    clocks.worker_id,
    clocks.due_on,
    clocks.held_on as done_on,
    case
        when clocks.discussed_on > clocks.held_on then null
        else clocks.held_on <= clocks.due_on
    end as met,
    case
        when clocks.discussed_on <= clocks.held_on then (finish.working_number - beginning.working_number)::double
    end as value,
    case
        when clocks.discussed_on > clocks.held_on then 'recorded as held before the enquiry began'
        when clocks.discussed_on is not null then
            (finish.working_number - beginning.working_number)::text
            || ' working days from the start of the section 47 enquiry on '
            || strftime(clocks.discussed_on, '%-d %B %Y') || '; due ' || strftime(clocks.due_on, '%-d %B %Y')
        when clocks.due_on is not null then
            'no section 47 enquiry is linked; judged by the recorded target date, '
            || strftime(clocks.due_on, '%-d %B %Y')
        else 'no section 47 enquiry is linked and no target date is recorded'
    end as reason
from clocks
left join calendar as beginning on beginning.day = clocks.discussed_on
left join calendar as finish on finish.day = clocks.held_on
