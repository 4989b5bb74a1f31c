-- severity = "error"
-- message = "A child protection plan ends after the day the child died."
-- condition = "A child protection plan ends on or before the day of the child’s death."
-- fields.ChildProtectionPlans = ["CPPendDate"]
-- fields.ChildIdentifiers = ["PersonDeathDate"]
select p.row as ChildProtectionPlans, i.row as ChildIdentifiers
from ChildProtectionPlans p
join ChildIdentifiers i using (child)
where p.CPPendDate > i.PersonDeathDate
