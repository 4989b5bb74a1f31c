-- severity = "error"
-- message = "The factor for none identified is recorded beside others."
-- condition = "An assessment with the factor 21 has no other factor."
-- fields.Assessments = ["AssessmentFactors"]
select distinct row as Assessments
from factor
where factor <> '21' and assessment in (select assessment from factor where factor = '21')
