-- Review conferences held in the month, and whether enough agencies were there for it to decide.
select
    month_spans.as_at,
    ssd_cp_reviews.cppr_person_id as person_id,
    ssd_cp_reviews.cppr_cp_review_id as event_id,
    'review ' || ssd_cp_reviews.cppr_cp_review_date::text as anchor,
    null::text as team_id,
    null::text as worker_id,
    null::date as due_on,
    ssd_cp_reviews.cppr_cp_review_date as done_on,
    case lower(trim(ssd_cp_reviews.cppr_cp_review_quorate))
        when 'y' then true
        when 'yes' then true
        when 'quorate' then true
        when 'n' then false
        when 'no' then false
        when 'not quorate' then false
        when 'inquorate' then false
    end as met,
    null::double as value,
    'review held ' || strftime(ssd_cp_reviews.cppr_cp_review_date, '%-d %B %Y') || coalesce(
        ', quorate: ' || lower(trim(ssd_cp_reviews.cppr_cp_review_quorate)),
        ', and whether it was quorate is not recorded'
    ) as reason
from ssd_cp_reviews
inner join month_spans
    on month_spans.month_start = date_trunc('month', ssd_cp_reviews.cppr_cp_review_date)::date
    and month_spans.as_at >= ssd_cp_reviews.cppr_cp_review_date
where ssd_cp_reviews.cppr_person_id is not null
