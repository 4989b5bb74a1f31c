-- severity = "error"
-- message = "A child in need plan is recorded for a referral that led to nothing further."
-- condition = "An episode whose referral led to no further action has no child in need plan."
-- fields.CINplanDates = []
-- fields.CINdetails = ["ReferralNFA"]
-- derived = true
select n.row as CINplanDates, c.row as CINdetails
from CINplanDates n
join CINdetails c using (episode)
where is_yes(c.ReferralNFA)
