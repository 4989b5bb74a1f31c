-- Review conferences held in the month about children old enough to take part, and whether the child did or sent views.
with
held as (
    select
        month_spans.as_at,
        ssd_cp_reviews.cppr_person_id as person_id,
        ssd_cp_reviews.cppr_cp_review_id as review_id,
        ssd_cp_reviews.cppr_cp_review_date as held_on,
        upper(trim(ssd_cp_reviews.cppr_cp_review_participation)) as took_part,
        children.born_on,
        children.unborn_until
    from ssd_cp_reviews
    inner join month_spans
        on month_spans.month_start = date_trunc('month', ssd_cp_reviews.cppr_cp_review_date)::date
        and month_spans.as_at >= ssd_cp_reviews.cppr_cp_review_date
    left join children on children.person_id = ssd_cp_reviews.cppr_person_id
    where
        ssd_cp_reviews.cppr_person_id is not null
        and coalesce(upper(trim(ssd_cp_reviews.cppr_cp_review_participation)), '') <> 'PN0'
)

select
    held.as_at,
    held.person_id,
    held.review_id as event_id,
    'review ' || held.held_on::text as anchor,
    null::text as team_id,
    null::text as worker_id,
    null::date as due_on,
    held.held_on as done_on,
    case
        when held.took_part in ('PN1', 'PN2', 'PN3', 'PN5', 'PN6') then true
        when held.took_part in ('PN4', 'PN7') then false
    end as met,
    null::double as value,
    'review held ' || strftime(held.held_on, '%-d %B %Y') || case held.took_part
        when 'PN1' then ': the child came and spoke'
        when 'PN2' then ': the child came and an advocate spoke'
        when 'PN3' then ': the child came and conveyed views without speech'
        when 'PN4' then ': the child came and did not contribute'
        when 'PN5' then ': the child did not come, and briefed an advocate'
        when 'PN6' then ': the child did not come, and sent views another way'
        when 'PN7' then ': the child did not come, and no views were conveyed'
        else ', and how the child took part is not recorded'
    end as reason
from held
left join due_dates as old_enough
    on old_enough.key = 'review.voice_age'
    and old_enough.started_on = held.born_on
where coalesce(old_enough.due_on, held.unborn_until, date '1900-01-01') <= held.held_on
