-- severity = "error"
-- message = "A child protection plan starts while a child in need plan of the child runs."
-- condition = "No child protection plan of a child starts from the start to the end of a child in need plan, or to the reference date where that has no end; it may start on the day that ends."
-- fields.ChildProtectionPlans = ["CPPstartDate"]
-- fields.CINplanDates = ["CINPlanStartDate", "CINPlanEndDate"]
select p.row as ChildProtectionPlans, n.row as CINplanDates
from ChildProtectionPlans p
join CINplanDates n using (child)
where p.CPPstartDate between n.CINPlanStartDate and coalesce(n.CINPlanEndDate, reference_date())
    and p.CPPstartDate is distinct from n.CINPlanEndDate
