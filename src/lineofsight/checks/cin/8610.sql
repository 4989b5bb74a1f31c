-- severity = "error"
-- message = "The referral went further, but the child’s primary need is not given."
-- condition = "A referral that led to further action has a primary need."
-- fields.CINdetails = ["ReferralNFA", "PrimaryNeedCode"]
select row as CINdetails
from CINdetails
where is_no(ReferralNFA) and PrimaryNeedCode is null
