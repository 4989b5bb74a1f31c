-- Whose each period of care is. An id that stands in the episodes of two children is both children's: what tells only
-- the period (a review, or a visit or placement without a child) tells of each.
select distinct
    clae_cla_id as care_id,
    clae_person_id as person_id
from ssd_cla_episodes
where clae_cla_id is not null and clae_person_id is not null
