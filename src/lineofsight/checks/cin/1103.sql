-- severity = "error"
-- message = "The assessment starts before the referral it belongs to."
-- condition = "An assessment starts on or after the day of the referral of its episode."
-- fields.Assessments = ["AssessmentActualStartDate"]
-- fields.CINdetails = ["CINreferralDate"]
select a.row as Assessments, c.row as CINdetails
from Assessments a
join CINdetails c using (episode)
where a.AssessmentActualStartDate < c.CINreferralDate
