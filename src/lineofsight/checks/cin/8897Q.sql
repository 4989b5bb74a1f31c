-- severity = "query"
-- message = "An assessment that has ended has no factors, or one that is not one of their codes."
-- condition = "An assessment authorised since the start of the year has one or more factors, all of them known codes."
-- fields.Assessments = ["AssessmentAuthorisationDate", "AssessmentFactors"]
select row as Assessments
from Assessments
where AssessmentAuthorisationDate >= year_start()
    and (AssessmentFactors is null or row in (select row from factor where not is_factor(factor)))
