-- severity = "error"
-- message = "The child has no id."
-- condition = "Every child has an id."
-- fields.ChildIdentifiers = ["LAchildID"]
select row as ChildIdentifiers
from ChildIdentifiers
where LAchildID is null
