-- severity = "error"
-- message = "The case is closed, but an assessment of it has not ended."
-- condition = "Every assessment of a closed episode has an authorisation date."
-- fields.CINdetails = ["CINclosureDate"]
-- fields.Assessments = ["AssessmentAuthorisationDate"]
select c.row as CINdetails, a.row as Assessments
from CINdetails c
join Assessments a using (episode)
where c.CINclosureDate is not null and a.AssessmentAuthorisationDate is null
