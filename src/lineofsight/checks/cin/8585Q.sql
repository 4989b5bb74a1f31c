-- severity = "query"
-- message = "The case was closed because the child died, but no date of death is given: put it right, or say why it stands."
-- condition = "A child with an episode closed as RC2 has a date of death."
-- fields.CINdetails = ["ReasonForClosure"]
-- sometimes.ChildIdentifiers = ["PersonDeathDate"]
select c.row as CINdetails, i.row as ChildIdentifiers
from CINdetails c
join ChildIdentifiers i using (child)
where c.ReasonForClosure = 'RC2' and i.PersonDeathDate is null
