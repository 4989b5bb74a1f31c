-- severity = "query"
-- message = "A section 47 enquiry is recorded in an episode without an assessment: put it right, or say why it stands."
-- condition = "An episode with a section 47 enquiry has an assessment."
-- fields.Section47 = []
-- fields.CINdetails = []
-- rows_in = ["Section47"]
select s.row as Section47, c.row as CINdetails
from Section47 s
left join CINdetails c using (episode)
where s.episode not in (select episode from Assessments)
