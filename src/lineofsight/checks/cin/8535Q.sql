-- severity = "query"
-- message = "The child died before the date of birth: put it right, or say why it stands."
-- condition = "A date of death is on or after the date of birth."
-- fields.ChildIdentifiers = ["PersonDeathDate", "PersonBirthDate"]
select row as ChildIdentifiers
from ChildIdentifiers
where PersonDeathDate < PersonBirthDate
