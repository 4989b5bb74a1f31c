-- severity = "error"
-- message = "Whether the referral led to no further action is missing, or neither yes nor no."
-- condition = "The mark of no further action is given, as 1 or 0, true or false."
-- fields.CINdetails = ["ReferralNFA"]
select row as CINdetails
from CINdetails
where not (is_yes(ReferralNFA) or is_no(ReferralNFA))
