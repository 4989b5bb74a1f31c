-- severity = "query"
-- message = "The assessment has run for more than 45 working days at the end of the year: put it right, or say why it stands."
-- condition = "An assessment that has not ended started no earlier than 45 working days before the reference date."
-- fields.Assessments = ["AssessmentActualStartDate", "AssessmentAuthorisationDate"]
select row as Assessments
from Assessments
where AssessmentAuthorisationDate is null and AssessmentActualStartDate < working_days_before_end(45)
