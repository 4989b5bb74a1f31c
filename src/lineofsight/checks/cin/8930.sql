-- severity = "error"
-- message = "The child protection plan ends outside the year of the return."
-- condition = "A child protection plan ends within the year."
-- fields.ChildProtectionPlans = ["CPPendDate"]
select row as ChildProtectionPlans
from ChildProtectionPlans
where not in_the_year(CPPendDate)
