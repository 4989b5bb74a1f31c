-- severity = "error"
-- message = "Where the referral came from is missing or not one of its codes."
-- condition = "A referral since 1 April 2013 has a source, with one of its codes."
-- fields.CINdetails = ["CINreferralDate", "ReferralSource"]
select row as CINdetails
from CINdetails
where CINreferralDate >= date '2013-04-01' and not is_referral_source(ReferralSource)
