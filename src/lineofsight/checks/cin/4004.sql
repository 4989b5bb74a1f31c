-- severity = "error"
-- message = "Several child in need plans of one episode have no end."
-- condition = "At most one child in need plan of an episode has no end."
-- fields.CINplanDates = ["CINPlanEndDate"]
select row as CINplanDates, dense_rank() over (order by episode) as "group"
from CINplanDates
where CINPlanEndDate is null
qualify count(*) over (partition by episode) > 1
