-- severity = "error"
-- message = "The case has a closure date but no reason for closure."
-- condition = "An episode with a closure date has a reason for closure."
-- fields.CINdetails = ["CINclosureDate", "ReasonForClosure"]
select row as CINdetails
from CINdetails
where CINclosureDate is not null and ReasonForClosure is null
