-- severity = "error"
-- message = "The child in need plan ends before it starts."
-- condition = "A child in need plan ends on or after the day it starts."
-- fields.CINplanDates = ["CINPlanStartDate", "CINPlanEndDate"]
select row as CINplanDates
from CINplanDates
where CINPlanEndDate < CINPlanStartDate
