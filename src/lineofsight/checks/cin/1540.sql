-- severity = "error"
-- message = "Characters 5 to 12 of the pupil number are not all figures."
-- condition = "Characters 5 to 12 of a pupil number are figures."
-- fields.ChildIdentifiers = ["UPN"]
select row as ChildIdentifiers
from ChildIdentifiers
where not regexp_full_match(substr(UPN, 5, 8), '[0-9]{8}')
