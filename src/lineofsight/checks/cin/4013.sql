-- severity = "error"
-- message = "The child in need plan ends outside the year of the return."
-- condition = "A child in need plan ends within the year."
-- fields.CINplanDates = ["CINPlanEndDate"]
select row as CINplanDates
from CINplanDates
where not in_the_year(CINPlanEndDate)
