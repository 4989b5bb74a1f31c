-- Everybody for whom anything in the extract tells of an adoption order, or a record restricted for one.
select distinct cine_person_id as person_id
from ssd_cin_episodes
where code_of(cine_close_reason) = 'rc1'
union
select clae_person_id
from ssd_cla_episodes
where code_of(clae_cla_episode_ceased_reason) in ('e1', 'e11', 'e12')
union
select perm_person_id
from ssd_permanence
where perm_permanence_order_date is not null and lower(perm_permanence_order_type) like 'adopt%'
union
select person_id
from restrictions
where kind = 'adoption'
