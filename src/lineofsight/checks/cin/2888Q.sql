-- severity = "query"
-- message = "No child has more than one disability recorded, though several should be where there are several: put it right, or say why it stands."
-- condition = "Among children with a disability, at least one has more than one code."
-- fields.Disabilities = ["Disability"]
-- whole_return = true
with disabled as (
    select child, count(distinct Disability) as codes
    from Disabilities
    where Disability <> 'NONE'
    group by child
)
select count(*) as children
from disabled
having count(*) > 0 and max(codes) = 1
