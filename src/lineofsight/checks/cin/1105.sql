-- severity = "error"
-- message = "The child protection plan starts before the referral it belongs to."
-- condition = "A child protection plan starts on or after the day of the referral of its episode."
-- fields.ChildProtectionPlans = ["CPPstartDate"]
-- fields.CINdetails = ["CINreferralDate"]
select p.row as ChildProtectionPlans, c.row as CINdetails
from ChildProtectionPlans p
join CINdetails c using (episode)
where p.CPPstartDate < c.CINreferralDate
