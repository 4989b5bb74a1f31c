-- severity = "query"
-- message = "The case was closed after assessment, but no assessment is recorded for it: put it right, or say why it stands."
-- condition = "An episode closed as RC8 or RC9 has an assessment."
-- fields.CINdetails = ["ReasonForClosure"]
select row as CINdetails
from CINdetails
where ReasonForClosure in ('RC8', 'RC9') and episode not in (select episode from Assessments)
