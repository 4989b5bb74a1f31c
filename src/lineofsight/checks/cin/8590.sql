-- severity = "error"
-- message = "The child has no episode of need."
-- condition = "Every child has at least one episode of need."
-- fields.ChildIdentifiers = ["LAchildID"]
select i.row as ChildIdentifiers
from ChildIdentifiers i
where i.child is not null and not exists (from CINdetails c where c.child = i.child)
