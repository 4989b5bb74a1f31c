-- severity = "error"
-- message = "The reason the case was closed is not one of its codes."
-- condition = "A reason for closure, where given, is one of its codes."
-- fields.CINdetails = ["ReasonForClosure"]
-- derived = true
select row as CINdetails
from CINdetails
where ReasonForClosure is not null and not is_closure_reason(ReasonForClosure)
