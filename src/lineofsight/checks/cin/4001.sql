-- severity = "error"
-- message = "A child in need plan and a child protection plan are both open in one episode."
-- condition = "An episode with a child protection plan that has not ended has no child in need plan that has not ended."
-- fields.ChildProtectionPlans = ["CPPendDate"]
-- fields.CINplanDates = ["CINPlanEndDate"]
select p.row as ChildProtectionPlans, n.row as CINplanDates
from ChildProtectionPlans p
join CINplanDates n using (episode)
where p.CPPendDate is null and n.CINPlanEndDate is null
