-- severity = "error"
-- message = "A review is held on or before the day the child protection plan starts."
-- condition = "Every review of a child protection plan is after the day the plan starts."
-- fields.ChildProtectionPlans = ["CPPstartDate"]
-- fields.Reviews = ["CPPreviewDate"]
select p.row as ChildProtectionPlans, r.row as Reviews
from ChildProtectionPlans p
join Reviews r using (plan)
where r.CPPreviewDate <= p.CPPstartDate
