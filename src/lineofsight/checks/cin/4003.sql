-- severity = "error"
-- message = "A child protection review is held while a child in need plan runs."
-- condition = "No review date of an episode falls from the start to the end of one of its child in need plans, unless it is the day the child protection plan ended."
-- fields.Reviews = ["CPPreviewDate"]
-- fields.CINplanDates = ["CINPlanStartDate", "CINPlanEndDate"]
-- fields.ChildProtectionPlans = ["CPPendDate"]
-- rows_in = ["Reviews", "CINplanDates"]
-- note = "A child in need plan without an end is still running."
select r.row as Reviews, n.row as CINplanDates, p.row as ChildProtectionPlans
from Reviews r
join CINplanDates n using (episode)
left join ChildProtectionPlans p using (plan)
where r.CPPreviewDate >= n.CINPlanStartDate
    and (n.CINPlanEndDate is null or r.CPPreviewDate <= n.CINPlanEndDate)
    and r.CPPreviewDate is distinct from p.CPPendDate
