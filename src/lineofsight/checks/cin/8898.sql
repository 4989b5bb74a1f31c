-- severity = "error"
-- message = "The assessment has the same factor more than once."
-- condition = "No factor stands with an assessment twice."
-- fields.Assessments = ["AssessmentFactors"]
with twice as (
    select row
    from factor
    qualify count(*) over (partition by assessment, factor) > 1
)
select distinct row as Assessments
from twice
