-- severity = "error"
-- message = "A child in need plan starts while a child protection plan of the child runs."
-- condition = "No child in need plan of a child starts from the start to the end of a child protection plan, or to the reference date where that has no end; it may start on the day that ends."
-- fields.CINplanDates = ["CINPlanStartDate"]
-- fields.ChildProtectionPlans = ["CPPstartDate", "CPPendDate"]
select n.row as CINplanDates, p.row as ChildProtectionPlans
from CINplanDates n
join ChildProtectionPlans p using (child)
where n.CINPlanStartDate between p.CPPstartDate and coalesce(p.CPPendDate, reference_date())
    and n.CINPlanStartDate is distinct from p.CPPendDate
