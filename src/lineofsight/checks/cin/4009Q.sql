-- severity = "query"
-- message = "A child in need plan ends after the day the child died."
-- condition = "A child in need plan ends on or before the day of the child’s death."
-- fields.ChildIdentifiers = ["PersonDeathDate"]
-- fields.CINplanDates = ["CINPlanEndDate"]
select i.row as ChildIdentifiers, n.row as CINplanDates
from ChildIdentifiers i
join CINplanDates n using (child)
where n.CINPlanEndDate > i.PersonDeathDate
