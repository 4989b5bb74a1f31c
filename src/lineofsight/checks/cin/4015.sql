-- severity = "error"
-- message = "The child in need plan starts before the referral it belongs to."
-- condition = "A child in need plan starts on or after the day of the referral of its episode."
-- fields.CINplanDates = ["CINPlanStartDate"]
-- fields.CINdetails = ["CINreferralDate"]
select n.row as CINplanDates, c.row as CINdetails
from CINplanDates n
join CINdetails c using (episode)
where n.CINPlanStartDate < c.CINreferralDate
