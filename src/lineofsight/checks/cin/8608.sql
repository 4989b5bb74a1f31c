-- severity = "error"
-- message = "The assessment ends before it starts."
-- condition = "An assessment is authorised on or after the day it starts."
-- fields.Assessments = ["AssessmentActualStartDate", "AssessmentAuthorisationDate"]
select row as Assessments
from Assessments
where AssessmentAuthorisationDate < AssessmentActualStartDate
