-- severity = "error"
-- message = "The child protection plan ends before it starts."
-- condition = "A child protection plan ends on or after the day it starts."
-- fields.ChildProtectionPlans = ["CPPstartDate", "CPPendDate"]
select row as ChildProtectionPlans
from ChildProtectionPlans
where CPPendDate < CPPstartDate
