-- severity = "error"
-- message = "The case has a reason for closure but no closure date."
-- condition = "An episode with a reason for closure has a closure date."
-- fields.CINdetails = ["ReasonForClosure", "CINclosureDate"]
select row as CINdetails
from CINdetails
where ReasonForClosure is not null and CINclosureDate is null
