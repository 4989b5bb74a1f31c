-- severity = "error"
-- message = "The child’s primary need is not one of its codes."
-- condition = "A primary need, where given, is one of its codes."
-- fields.CINdetails = ["PrimaryNeedCode"]
select row as CINdetails
from CINdetails
where PrimaryNeedCode is not null and not is_primary_need(PrimaryNeedCode)
