-- severity = "error"
-- message = "How many child protection plans the child had before is missing or below nothing."
-- condition = "The number of earlier child protection plans is given, and is nought or more."
-- fields.ChildProtectionPlans = ["NumberOfPreviousCPP"]
select row as ChildProtectionPlans
from ChildProtectionPlans
where coalesce(try_cast(NumberOfPreviousCPP as integer), -1) < 0
