-- Days on which a review of a looked-after child was held; a cancelled one was not.
select distinct
    ssd_cla_episodes.clae_person_id as person_id,
    ssd_cla_reviews.clar_cla_review_date as held_on
from ssd_cla_reviews
inner join ssd_cla_episodes on ssd_cla_episodes.clae_cla_id = ssd_cla_reviews.clar_cla_id
where
    ssd_cla_reviews.clar_cla_review_date is not null
    and coalesce(ssd_cla_reviews.clar_cla_review_cancelled, 'N') <> 'Y'
    and ssd_cla_episodes.clae_person_id is not null
