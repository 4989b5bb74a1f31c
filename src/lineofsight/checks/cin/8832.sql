-- severity = "error"
-- message = "A child protection plan is recorded for a referral that led to nothing further."
-- condition = "An episode whose referral led to no further action has no child protection plan."
-- fields.ChildProtectionPlans = []
-- fields.CINdetails = ["ReferralNFA"]
select p.row as ChildProtectionPlans, c.row as CINdetails
from ChildProtectionPlans p
join CINdetails c using (episode)
where is_yes(c.ReferralNFA)
