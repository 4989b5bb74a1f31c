-- Initial conferences held in the month by how many working days they came after the strategy discussion, in the
-- published bands; transfers in have their own rule and are left out. A conference whose days are not known is in no band.
with
conferences as (
    select
        month_spans.as_at,
        first_conferences.person_id,
        first_conferences.conference_id,
        first_conferences.team_id,
        first_conferences.worker_id,
        first_conferences.held_on,
        case when first_conferences.discussed_on <= first_conferences.held_on then first_conferences.discussed_on end
            as discussed_on
    from first_conferences
    inner join month_spans
        on month_spans.month_start = date_trunc('month', first_conferences.held_on)::date
        and month_spans.as_at >= first_conferences.held_on
    where not first_conferences.transfer_in
)

select
    conferences.as_at,
    conferences.person_id,
    conferences.conference_id as event_id,
    'conference ' || conferences.held_on::text as anchor,
    conferences.team_id,
    conferences.worker_id,
    latest.due_on,
    conferences.held_on as done_on,
    latest.due_on >= conferences.held_on as met,
    (finish.working_number - beginning.working_number)::double as value,
    case
        when latest.due_on is null then 'how long after the strategy discussion is not recorded'
        else
            (finish.working_number - beginning.working_number)::text
            || ' working days from the start of the section 47 enquiry on '
            || strftime(conferences.discussed_on, '%-d %B %Y')
    end as reason,
    case
        when early.due_on >= conferences.held_on then '0 to ' || early.number::text || ' working days'
        when in_time.due_on >= conferences.held_on
            then (early.number + 1)::text || ' to ' || in_time.number::text || ' working days'
        when latest.due_on >= conferences.held_on
            then (in_time.number + 1)::text || ' to ' || latest.number::text || ' working days'
        when latest.due_on is not null then (latest.number + 1)::text || ' working days or more'
    end as category
from conferences
left join due_dates as early
    on early.key = 'icpc.band_early'
    and early.started_on = conferences.discussed_on
left join due_dates as in_time
    on in_time.key = 'icpc.after_strategy'
    and in_time.started_on = conferences.discussed_on
left join due_dates as latest
    on latest.key = 'icpc.very_late'
    and latest.started_on = conferences.discussed_on
left join calendar as beginning on beginning.day = conferences.discussed_on
left join calendar as finish on finish.day = conferences.held_on
