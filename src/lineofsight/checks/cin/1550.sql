-- severity = "error"
-- message = "The last character of the pupil number is neither a figure nor a letter that is used there."
-- condition = "Character 13 of a pupil number is a figure, or a capital other than I, O and S."
-- fields.ChildIdentifiers = ["UPN"]
select row as ChildIdentifiers
from ChildIdentifiers
where not regexp_full_match(substr(UPN, 13, 1), '[0-9A-HJ-NP-RT-Z]')
