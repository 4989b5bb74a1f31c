-- severity = "error"
-- message = "Several child protection plans of the child have no end."
-- condition = "At most one child protection plan of a child has no end."
-- fields.ChildProtectionPlans = ["CPPendDate"]
-- note = "Of the child, as the message says: a plan’s own number, by which the recorded case groups, is another for each plan."
select row as ChildProtectionPlans, dense_rank() over (order by child) as "group"
from ChildProtectionPlans
where child is not null and CPPendDate is null
qualify count(*) over (partition by child) > 1
