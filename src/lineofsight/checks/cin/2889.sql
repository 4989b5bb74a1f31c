-- severity = "error"
-- message = "The section 47 enquiry starts before the referral it belongs to."
-- condition = "A section 47 enquiry starts on or after the day of the referral of its episode."
-- fields.Section47 = ["S47ActualStartDate"]
-- fields.CINdetails = ["CINreferralDate"]
select s.row as Section47, c.row as CINdetails
from Section47 s
join CINdetails c using (episode)
where s.S47ActualStartDate < c.CINreferralDate
