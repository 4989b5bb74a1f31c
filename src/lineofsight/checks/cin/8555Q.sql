-- severity = "query"
-- message = "The child is referred after the day of death."
-- condition = "A referral is on or before the day of the child’s death."
-- fields.CINdetails = ["CINreferralDate"]
-- fields.ChildIdentifiers = ["PersonDeathDate"]
select c.row as CINdetails, i.row as ChildIdentifiers
from CINdetails c
join ChildIdentifiers i using (child)
where c.CINreferralDate > i.PersonDeathDate
