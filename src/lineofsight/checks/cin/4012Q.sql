-- severity = "query"
-- message = "The child in need plan starts and ends on one day: put it right, or say why it stands."
-- condition = "A child in need plan does not end on the day it starts."
-- fields.CINplanDates = ["CINPlanStartDate", "CINPlanEndDate"]
select row as CINplanDates
from CINplanDates
where CINPlanEndDate = CINPlanStartDate
