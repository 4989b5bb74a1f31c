-- severity = "error"
-- message = "The child protection plan has no start, or starts after the end of the year."
-- condition = "A child protection plan has a start, on or before the reference date."
-- fields.ChildProtectionPlans = ["CPPstartDate"]
-- note = "A row that belongs to no child and is no plan, as one recorded case has, is nothing to be found fault with."
select row as ChildProtectionPlans
from ChildProtectionPlans
where CPPstartDate > reference_date() or (CPPstartDate is null and (CPPID is not null or child is not null))
