-- severity = "error"
-- message = "The initial conference that follows the enquiry is dated before the referral."
-- condition = "An initial conference of a section 47 enquiry is on or after the day of the referral of its episode."
-- fields.Section47 = ["DateOfInitialCPC"]
-- fields.CINdetails = ["CINreferralDate"]
select s.row as Section47, c.row as CINdetails
from Section47 s
join CINdetails c using (episode)
where s.DateOfInitialCPC < c.CINreferralDate
