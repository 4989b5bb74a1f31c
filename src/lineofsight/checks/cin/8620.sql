-- severity = "error"
-- message = "The case was closed outside the year of the return."
-- condition = "A closure date is within the year."
-- fields.CINdetails = ["CINclosureDate"]
select row as CINdetails
from CINdetails
where not in_the_year(CINclosureDate)
