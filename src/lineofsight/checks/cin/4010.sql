-- severity = "error"
-- message = "The child in need plan has no start, or starts after the end of the year."
-- condition = "A child in need plan has a start, on or before the reference date."
-- fields.CINplanDates = ["CINPlanStartDate"]
select row as CINplanDates
from CINplanDates
where CINPlanStartDate is null or CINPlanStartDate > reference_date()
