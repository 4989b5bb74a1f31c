-- Reviews in the month of children of four and over, and whether the child took part: PN1 to PN6.
select
    month_spans.as_at,
    reviews_held.person_id,
    reviews_held.review_id as event_id,
    'review ' || reviews_held.held_on::text as anchor,
    null::text as team_id,
    null::text as worker_id,
    null::date as due_on,
    reviews_held.held_on as done_on,
    case
        when reviews_held.took_part in ('PN1', 'PN2', 'PN3', 'PN4', 'PN5', 'PN6') then true
        when reviews_held.took_part = 'PN7' then false
    end as met,
    null::double as value,
    'reviewed ' || strftime(reviews_held.held_on, '%-d %B %Y')
    || case
        when reviews_held.took_part in ('PN1', 'PN2', 'PN3', 'PN4', 'PN5', 'PN6') then ', the child took part'
        when reviews_held.took_part = 'PN7' then ', the child did not take part'
        when reviews_held.took_part = 'PN0' then ', recorded as under four, but the child is not'
        else ', how the child took part is not recorded'
    end as reason,
    reviews_held.took_part as category
from reviews_held
inner join month_spans
    on month_spans.month_start = date_trunc('month', reviews_held.held_on)::date
    and month_spans.as_at >= reviews_held.held_on
where reviews_held.age >= 4 and reviews_held.age < 18
