-- severity = "query"
-- message = "A section 47 enquiry is recorded in an episode without an assessment: put it right, or say why it stands."
-- condition = "An episode with a section 47 enquiry has an assessment."
-- fields.Section47 = []
select row as Section47
from Section47
where episode not in (select episode from Assessments)
