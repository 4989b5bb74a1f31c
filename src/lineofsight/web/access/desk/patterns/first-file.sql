-- the first file of each kind that each person ever took, where that was lately
select
    actor,
    form,
    min(sequence) as last
from access_chainshown
where not (form = '')
group by actor, form
having min(hour) >= %(since)s
