-- severity = "error"
-- message = "Several children of the return have the same id."
-- condition = "No id stands in the return twice."
-- fields.ChildIdentifiers = ["LAchildID"]
select row as ChildIdentifiers, dense_rank() over (order by LAchildID) as "group"
from ChildIdentifiers
where LAchildID is not null
qualify count(*) over (partition by LAchildID) > 1
