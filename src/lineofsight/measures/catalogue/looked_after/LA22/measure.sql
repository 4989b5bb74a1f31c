-- Times that a looked-after child came back from being missing in the month, and whether an interview was held within
-- the hours that the guidance gives. The extract has days and no hours: the day on which the hours run out is not known.
with
interviews as (
    select
        care_missing.missing_id,
        min(side_return_interview.rhin_held_date) filter (where side_return_interview.rhin_held_date <= snapshot.as_at) as held_on,
        bool_or(side_return_interview.rhin_declined = 'Y') as declined
    from care_missing
    cross join snapshot
    inner join side_return_interview on side_return_interview.rhin_missing_id = care_missing.missing_id
    group by care_missing.missing_id
),

returns as (
    select
        month_spans.as_at,
        care_missing.person_id,
        care_missing.missing_id,
        care_missing.gone_on,
        care_missing.back_on,
        due_dates.due_on,
        interviews.held_on,
        interviews.declined,
        case
            when interviews.held_on < care_missing.back_on then 'before'
            when interviews.held_on < due_dates.due_on then 'in time'
            when interviews.held_on = due_dates.due_on then 'cannot be told'
            when due_dates.due_on < snapshot.as_at then 'late'
            else 'open'
        end as standing
    from care_missing
    cross join snapshot
    inner join month_spans
        on month_spans.month_start = date_trunc('month', care_missing.back_on)::date
        and month_spans.as_at >= care_missing.back_on
    inner join due_dates
        on due_dates.key = 'la.return_interview'
        and due_dates.started_on = care_missing.back_on
    left join interviews on interviews.missing_id = care_missing.missing_id
    where care_missing.kind = 'M'
)

select
    returns.as_at,
    returns.person_id,
    returns.missing_id as event_id,
    'missing ' || returns.gone_on::text as anchor,
    null::text as team_id,
    null::text as worker_id,
    returns.due_on,
    returns.held_on as done_on,
    case returns.standing when 'in time' then true when 'late' then false end as met,
    (returns.held_on - returns.back_on)::double as value,
    'back on ' || strftime(returns.back_on, '%-d %B %Y')
    || case
        when returns.standing = 'before' then '; an interview is dated earlier, ' || strftime(returns.held_on, '%-d %B %Y')
        when returns.held_on is not null then '; interviewed ' || strftime(returns.held_on, '%-d %B %Y')
        when returns.declined then '; the interview was declined'
        when returns.standing = 'open' then '; no interview yet'
        else '; no interview is recorded'
    end
    || case when returns.standing = 'cannot be told' then ', on the day the hours ran out' else '' end as reason
from returns
