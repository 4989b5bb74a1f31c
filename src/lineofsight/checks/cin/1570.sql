-- severity = "error"
-- message = "The child’s id is longer than the 20 characters it may have."
-- condition = "A child’s id has 20 characters at most."
-- fields.ChildIdentifiers = ["LAchildID"]
-- first = "2024-25"
-- derived = true
select row as ChildIdentifiers
from ChildIdentifiers
where length(LAchildID) > 20
