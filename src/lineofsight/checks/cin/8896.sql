-- severity = "error"
-- message = "Several assessments of one episode have not ended."
-- condition = "At most one assessment of an episode has no authorisation date."
-- fields.Assessments = ["AssessmentAuthorisationDate"]
select row as Assessments, dense_rank() over (order by episode) as "group"
from Assessments
where AssessmentAuthorisationDate is null
qualify count(*) over (partition by episode) > 1
