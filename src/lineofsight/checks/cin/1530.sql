-- severity = "error"
-- message = "Characters 2 to 4 of the pupil number are not the code of an authority."
-- condition = "Characters 2 to 4 of a pupil number are a code in use since April 1998, or one of those for pupils from elsewhere."
-- fields.ChildIdentifiers = ["UPN"]
select row as ChildIdentifiers
from ChildIdentifiers
where UPN is not null and not is_authority_in_upn(substr(UPN, 2, 3))
