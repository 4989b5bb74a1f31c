-- severity = "error"
-- message = "An assessment that has not ended started outside the year of the return."
-- condition = "An assessment without an authorisation date started within the year."
-- fields.Assessments = ["AssessmentActualStartDate", "AssessmentAuthorisationDate"]
select row as Assessments
from Assessments
where AssessmentAuthorisationDate is null and not in_the_year(AssessmentActualStartDate)
