-- severity = "error"
-- message = "The child has a disability recorded beside the code for none."
-- condition = "A child with the code NONE has no other code of disability."
-- fields.Disabilities = ["Disability"]
select row as Disabilities, dense_rank() over (order by child) as "group"
from Disabilities
where Disability <> 'NONE' and child in (select child from Disabilities where Disability = 'NONE')
