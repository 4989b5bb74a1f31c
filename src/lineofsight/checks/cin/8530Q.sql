-- severity = "query"
-- message = "The expected date of birth is too long before or after the end of the year: put it right, or say why it stands."
-- condition = "An expected date of birth is from 30 days before to nine months after the reference date."
-- fields.ChildIdentifiers = ["ExpectedPersonBirthDate"]
select row as ChildIdentifiers
from ChildIdentifiers
where ExpectedPersonBirthDate not between reference_date() - 30 and reference_date() + interval 9 months
