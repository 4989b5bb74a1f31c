-- severity = "query"
-- message = "The one assessment of the episode identified no factors, but the case was not closed as closed after assessment: put it right, or say why it stands."
-- condition = "An episode with one assessment, whose factor is 21, is closed as RC8 or RC9."
-- fields.Assessments = ["AssessmentFactors"]
-- fields.CINdetails = ["ReasonForClosure"]
with single as (
    select episode
    from Assessments
    group by episode
    having count(distinct coalesce(AssessmentID, row::varchar)) = 1
)
select a.row as Assessments, c.row as CINdetails
from Assessments a
join CINdetails c using (episode)
where a.episode in (select episode from single)
    and list_contains(a.AssessmentFactors, '21')
    and coalesce(c.ReasonForClosure, '') not in ('RC8', 'RC9')
