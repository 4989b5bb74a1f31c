-- severity = "error"
-- message = "More child protection plans start in the year than initial conferences are held in it."
-- condition = "Initial conferences in the year, of episodes and of section 47 enquiries together, are no fewer than the child protection plans that start in it."
-- fields.ChildProtectionPlans = ["CPPstartDate"]
-- fields.Section47 = ["DateOfInitialCPC"]
-- sometimes.CINdetails = ["DateOfInitialCPC"]
-- rows_in = ["ChildProtectionPlans"]
-- whole_return = true
with conference as (
    select DateOfInitialCPC from CINdetails where in_the_year(DateOfInitialCPC)
    union all
    select DateOfInitialCPC from Section47 where in_the_year(DateOfInitialCPC)
)
select count(*) as starting
from ChildProtectionPlans
where in_the_year(CPPstartDate)
having count(*) > (select count(*) from conference)
