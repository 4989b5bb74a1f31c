-- severity = "error"
-- message = "Child in need plans of one child overlap."
-- condition = "No child in need plan of a child starts from the start to the end of another, or to the reference date where that has no end."
-- fields.CINplanDates = ["CINPlanStartDate", "CINPlanEndDate"]
-- other = "CINplanDates"
select a.row as CINplanDates, b.row as CINplanDates_other
from CINplanDates a
join CINplanDates b using (child)
where a.row <> b.row
    and a.CINPlanStartDate between b.CINPlanStartDate and coalesce(b.CINPlanEndDate, reference_date())
