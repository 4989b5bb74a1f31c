-- severity = "query"
-- message = "More than 2 in 100 children have no sex recorded: put it right, or say why it stands."
-- condition = "Children who are born and whose sex is unknown or missing are at most 2% of all children."
-- fields.ChildIdentifiers = ["Sex"]
-- sometimes.ChildIdentifiers = ["ExpectedPersonBirthDate"]
-- whole_return = true
select count(*) as children
from ChildIdentifiers
having count(*) filter (where (Sex is null or Sex in ('0', 'U')) and ExpectedPersonBirthDate is null) > 0.02 * count(*)
