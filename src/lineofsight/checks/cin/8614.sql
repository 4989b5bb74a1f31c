-- severity = "error"
-- message = "Factors are recorded for an assessment that has not ended."
-- condition = "An assessment without an authorisation date has no factors."
-- fields.Assessments = ["AssessmentAuthorisationDate", "AssessmentFactors"]
select row as Assessments
from Assessments
where AssessmentAuthorisationDate is null and AssessmentFactors is not null
