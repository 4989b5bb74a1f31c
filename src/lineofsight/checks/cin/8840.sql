-- severity = "error"
-- message = "The child protection plan starts and ends on one day."
-- condition = "A child protection plan does not end on the day it starts."
-- fields.ChildProtectionPlans = ["CPPstartDate", "CPPendDate"]
select row as ChildProtectionPlans
from ChildProtectionPlans
where CPPstartDate = CPPendDate
