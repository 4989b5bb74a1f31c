-- severity = "error"
-- message = "Child protection plans of one child overlap."
-- condition = "No child protection plan of a child starts from the start to the end of another, or to the reference date where that has no end."
-- fields.ChildProtectionPlans = ["CPPstartDate", "CPPendDate"]
-- other = "ChildProtectionPlans"
select a.row as ChildProtectionPlans, b.row as ChildProtectionPlans_other
from ChildProtectionPlans a
join ChildProtectionPlans b using (child)
where a.row <> b.row
    and a.CPPstartDate between b.CPPstartDate and coalesce(b.CPPendDate, reference_date())
