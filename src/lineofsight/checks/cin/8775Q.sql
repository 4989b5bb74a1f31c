-- severity = "query"
-- message = "The person is over 25: put it right, or say why it stands."
-- condition = "Nobody who was over 25 at the reference date has an episode that is open, or closed after the 25th birthday."
-- fields.ChildIdentifiers = ["PersonBirthDate"]
-- fields.CINdetails = ["CINclosureDate"]
select i.row as ChildIdentifiers, c.row as CINdetails
from ChildIdentifiers i
join CINdetails c using (child)
where i.PersonBirthDate < reference_date() - interval 25 years
    and (c.CINclosureDate is null or c.CINclosureDate > i.PersonBirthDate + interval 25 years)
