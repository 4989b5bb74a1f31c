-- severity = "error"
-- message = "The child’s id has characters other than letters and figures."
-- condition = "A child’s id is made of letters and figures alone."
-- fields.ChildIdentifiers = ["LAchildID"]
-- first = "2024-25"
-- derived = true
select row as ChildIdentifiers
from ChildIdentifiers
where regexp_matches(LAchildID, '[^A-Za-z0-9]')
