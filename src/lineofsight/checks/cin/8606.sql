-- severity = "error"
-- message = "The child is referred more than 40 weeks before the date of birth, or the expected one."
-- condition = "A referral is at most 280 days before the date of birth or the expected date of birth."
-- fields.CINdetails = ["CINreferralDate"]
-- fields.ChildIdentifiers = ["PersonBirthDate"]
-- sometimes.ChildIdentifiers = ["ExpectedPersonBirthDate"]
select c.row as CINdetails, i.row as ChildIdentifiers
from CINdetails c
join ChildIdentifiers i using (child)
where c.CINreferralDate < least(i.PersonBirthDate, i.ExpectedPersonBirthDate) - 280
