-- severity = "error"
-- message = "The assessment ends outside the year of the return."
-- condition = "An assessment is authorised within the year."
-- fields.Assessments = ["AssessmentAuthorisationDate"]
select row as Assessments
from Assessments
where not in_the_year(AssessmentAuthorisationDate)
