-- severity = "query"
-- message = "An assessment starts while another of the episode runs."
-- condition = "No assessment of an episode starts from the start to the end of another, or to the reference date where that has not ended."
-- fields.Assessments = ["AssessmentActualStartDate", "AssessmentAuthorisationDate"]
-- other = "Assessments"
select a.row as Assessments, b.row as Assessments_other
from Assessments a
join Assessments b using (episode)
where a.row <> b.row
    and a.AssessmentActualStartDate between b.AssessmentActualStartDate
        and coalesce(b.AssessmentAuthorisationDate, reference_date())
