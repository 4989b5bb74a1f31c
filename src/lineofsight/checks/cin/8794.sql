-- severity = "error"
-- message = "The child has the same disability recorded more than once."
-- condition = "No code of disability stands with a child twice."
-- fields.Disabilities = ["Disability"]
select row as Disabilities, dense_rank() over (order by child, Disability) as "group"
from Disabilities
where child is not null and Disability is not null
qualify count(*) over (partition by child, Disability) > 1
