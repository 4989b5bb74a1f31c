-- severity = "error"
-- message = "The case was closed before it was referred."
-- condition = "An episode closes on or after the day of its referral."
-- fields.CINdetails = ["CINreferralDate", "CINclosureDate"]
select row as CINdetails
from CINdetails
where CINclosureDate < CINreferralDate
