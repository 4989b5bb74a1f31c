-- severity = "error"
-- message = "The episode has no referral date, or one after the end of the year."
-- condition = "An episode has a referral date, on or before the reference date."
-- fields.CINdetails = ["CINreferralDate"]
select row as CINdetails
from CINdetails
where CINreferralDate is null or CINreferralDate > reference_date()
