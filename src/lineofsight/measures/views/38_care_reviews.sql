-- Days on which a review of a looked-after child was held; a cancelled one was not.
select distinct
    care_children.person_id,
    ssd_cla_reviews.clar_cla_review_date as held_on
from ssd_cla_reviews
inner join care_children on care_children.care_id = ssd_cla_reviews.clar_cla_id
where
    ssd_cla_reviews.clar_cla_review_date is not null
    and coalesce(ssd_cla_reviews.clar_cla_review_cancelled, 'N') <> 'Y'
