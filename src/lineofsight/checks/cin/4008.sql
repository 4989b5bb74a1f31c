-- severity = "error"
-- message = "A child in need plan starts after the day the child died."
-- condition = "A child in need plan starts on or before the day of the child’s death."
-- fields.ChildIdentifiers = ["PersonDeathDate"]
-- fields.CINplanDates = ["CINPlanStartDate"]
select i.row as ChildIdentifiers, n.row as CINplanDates
from ChildIdentifiers i
join CINplanDates n using (child)
where n.CINPlanStartDate > i.PersonDeathDate
