-- severity = "error"
-- message = "The pupil number is missing because the referral led to nothing further, but a referral of the child did."
-- condition = "Every referral of a child whose reason for having no pupil number is UN7 led to no further action."
-- fields.ChildIdentifiers = ["UPNunknown"]
-- fields.CINdetails = ["ReferralNFA"]
select i.row as ChildIdentifiers, c.row as CINdetails
from ChildIdentifiers i
join CINdetails c using (child)
where i.UPNunknown = 'UN7' and not is_yes(c.ReferralNFA)
