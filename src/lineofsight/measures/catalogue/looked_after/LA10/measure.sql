-- Looked-after children who have owed a first review, and whether every review that fell due in the last year was in
-- time. A step is a review, or the day care began; each sets the day by which the next review is due.
with
steps as (
    select
        person_id,
        started_on,
        started_on as step_on,
        'la.review.first' as key
    from care_spells

    union all

    select
        care_spells.person_id,
        care_spells.started_on,
        care_reviews.held_on as step_on,
        case
            when row_number() over (
                partition by care_spells.person_id, care_spells.started_on
                order by care_reviews.held_on
            ) = 1 then 'la.review.second'
            else 'la.review.later'
        end as key
    from care_spells
    inner join care_reviews
        on care_reviews.person_id = care_spells.person_id
        and care_reviews.held_on between care_spells.started_on + 1 and care_spells.open_until
),

clocks as (
    select
        steps.person_id,
        steps.started_on,
        steps.step_on,
        due_dates.due_on,
        lead(steps.step_on) over (partition by steps.person_id, steps.started_on order by steps.step_on) as next_on
    from steps
    inner join due_dates
        on due_dates.key = steps.key
        -- named, so that the days of no other clock are read
        and due_dates.key in ('la.review.first', 'la.review.second', 'la.review.later')
        and due_dates.started_on = steps.step_on
),

children_reviewed as (
    select
        care_now.as_at,
        care_now.person_id,
        any_value(care_now.care_id) as care_id,
        any_value(care_now.anchor) as anchor,
        any_value(care_now.started_on) as started_on,
        min(clocks.due_on) filter (where clocks.step_on = care_now.started_on) as first_due_on,
        max(clocks.step_on) as last_step_on,
        arg_max(clocks.due_on, clocks.step_on) as next_due_on,
        max(clocks.due_on) filter (
            where clocks.next_on <= care_now.as_at
            and clocks.next_on > clocks.due_on
            and clocks.next_on >= care_now.year_start
        ) as missed_due_on,
        max(clocks.next_on) filter (
            where clocks.next_on <= care_now.as_at
            and clocks.next_on > clocks.due_on
        ) as missed_held_on
    from care_now
    inner join clocks
        on clocks.person_id = care_now.person_id
        and clocks.started_on = care_now.started_on
        and clocks.step_on <= care_now.as_at
    group by care_now.as_at, care_now.person_id
),

judged as (
    select
        as_at,
        person_id,
        care_id,
        anchor,
        started_on,
        last_step_on,
        missed_held_on,
        next_due_on < as_at as overdue,
        missed_due_on is not null as missed,
        case when next_due_on >= as_at and missed_due_on is not null then missed_due_on else next_due_on end as due_on
    from children_reviewed
    where first_due_on <= as_at
)

select
    judged.as_at,
    judged.person_id,
    judged.care_id as event_id,
    judged.anchor,
    null::text as team_id,
    null::text as worker_id,
    judged.due_on,
    case when judged.missed and not judged.overdue then judged.missed_held_on end as done_on,
    not judged.overdue and not judged.missed as met,
    case
        when judged.overdue then (judged.as_at - judged.due_on)::double
        when judged.missed then (judged.missed_held_on - judged.due_on)::double
    end as value,
    case
        when judged.overdue then
            case when judged.last_step_on = judged.started_on then 'the first review' else 'the next review' end
            || ' was due ' || strftime(judged.due_on, '%-d %B %Y') || ' and has not been held'
            || case when judged.missed then '; an earlier review was late too' else '' end
        when judged.missed then
            'a review due ' || strftime(judged.due_on, '%-d %B %Y') || ' was held '
            || strftime(judged.missed_held_on, '%-d %B %Y')
        when judged.last_step_on = judged.started_on then
            'the first review is due ' || strftime(judged.due_on, '%-d %B %Y')
        else
            'last reviewed ' || strftime(judged.last_step_on, '%-d %B %Y') || '; next due '
            || strftime(judged.due_on, '%-d %B %Y')
    end as reason
from judged
