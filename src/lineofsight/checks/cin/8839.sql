-- severity = "error"
-- message = "Several section 47 enquiries of one episode are open."
-- condition = "At most one enquiry of an episode has had no initial conference and does not say that none was needed."
-- fields.Section47 = ["DateOfInitialCPC", "ICPCnotRequired"]
select row as Section47, dense_rank() over (order by episode) as "group"
from Section47
where DateOfInitialCPC is null and not is_yes(ICPCnotRequired)
qualify count(*) over (partition by episode) > 1
