-- severity = "error"
-- message = "A child protection plan starts after the day the child died."
-- condition = "A child protection plan starts on or before the day of the child’s death."
-- fields.ChildProtectionPlans = ["CPPstartDate"]
-- fields.ChildIdentifiers = ["PersonDeathDate"]
select p.row as ChildProtectionPlans, i.row as ChildIdentifiers
from ChildProtectionPlans p
join ChildIdentifiers i using (child)
where p.CPPstartDate > i.PersonDeathDate
