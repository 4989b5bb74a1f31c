-- severity = "error"
-- message = "The sex of a child who is not born yet is given as known."
-- condition = "The sex of a child with an expected date of birth and no date of birth is unknown (U, and 0 until 2023-24)."
-- fields.ChildIdentifiers = ["Sex", "PersonBirthDate", "ExpectedPersonBirthDate"]
select row as ChildIdentifiers
from ChildIdentifiers
where ExpectedPersonBirthDate is not null
    and PersonBirthDate is null
    and coalesce(Sex, '') not in ('U', '0')
