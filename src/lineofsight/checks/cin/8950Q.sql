-- severity = "query"
-- message = "The assessment has the factor 19A, in whose place 19B or 19C is used now: put it right, or say why it stands."
-- condition = "No assessment has the factor 19A."
-- fields.Assessments = ["AssessmentFactors"]
-- first = "2024-25"
-- derived = true
select distinct row as Assessments
from factor
where upper(factor) = '19A'
