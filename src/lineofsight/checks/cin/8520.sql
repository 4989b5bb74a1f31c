-- severity = "error"
-- message = "The child is born after the end of the year."
-- condition = "A date of birth is on or before the reference date, or is not given."
-- fields.ChildIdentifiers = ["PersonBirthDate"]
select row as ChildIdentifiers
from ChildIdentifiers
where PersonBirthDate > reference_date()
