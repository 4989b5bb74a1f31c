-- Reviews held of looked-after children, one a child and day, with the child's age that day (29 February turns on
-- 1 March) and how the child took part: the strongest code, PN0 (under four) the weakest.
with
reviews as (
    select
        care_children.person_id,
        ssd_cla_reviews.clar_cla_review_id as review_id,
        ssd_cla_reviews.clar_cla_review_date as held_on,
        upper(trim(ssd_cla_reviews.clar_cla_review_participation)) as took_part
    from ssd_cla_reviews
    inner join care_children on care_children.care_id = ssd_cla_reviews.clar_cla_id
    where
        ssd_cla_reviews.clar_cla_review_date is not null
        and coalesce(ssd_cla_reviews.clar_cla_review_cancelled, 'N') <> 'Y'
)

select
    reviews.person_id,
    min(reviews.review_id) as review_id,
    reviews.held_on,
    coalesce(min(reviews.took_part) filter (where reviews.took_part <> 'PN0'), min(reviews.took_part)) as took_part,
    any_value(
        date_part('year', reviews.held_on) - date_part('year', children.born_on)
        - (
            (date_part('month', reviews.held_on), date_part('day', reviews.held_on))
            < (date_part('month', children.born_on), date_part('day', children.born_on))
        )::integer
    ) as age
from reviews
inner join care_spells
    on care_spells.person_id = reviews.person_id
    and care_spells.started_on <= reviews.held_on
    and care_spells.open_until >= reviews.held_on
left join children on children.person_id = reviews.person_id
group by reviews.person_id, reviews.held_on
