-- severity = "query"
-- message = "The child died outside the year of the return: put it right, or say why it stands."
-- condition = "A date of death is within the year."
-- fields.ChildIdentifiers = ["PersonDeathDate"]
select row as ChildIdentifiers
from ChildIdentifiers
where not in_the_year(PersonDeathDate)
