-- severity = "query"
-- message = "The child has neither a date of birth nor an expected one, or has both."
-- condition = "Either the date of birth or the expected date of birth is given, and not both."
-- fields.ChildIdentifiers = ["PersonBirthDate"]
-- sometimes.ChildIdentifiers = ["ExpectedPersonBirthDate"]
-- derived = true
select row as ChildIdentifiers
from ChildIdentifiers
where (PersonBirthDate is null) = (ExpectedPersonBirthDate is null)
