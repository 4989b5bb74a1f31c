-- severity = "error"
-- message = "Several children of the return have the same pupil number."
-- condition = "No pupil number stands in the return twice."
-- fields.ChildIdentifiers = ["UPN"]
select row as ChildIdentifiers, dense_rank() over (order by UPN) as "group"
from ChildIdentifiers
where UPN is not null
qualify count(*) over (partition by UPN) > 1
