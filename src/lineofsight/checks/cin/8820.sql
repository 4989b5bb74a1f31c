-- severity = "error"
-- message = "Episodes of one child overlap."
-- condition = "No referral of a child falls from the referral of another episode to before its closure, or to the reference date where that is open and its referral went further. One may begin on the day another is closed."
-- fields.CINdetails = ["CINreferralDate", "CINclosureDate"]
-- also.CINdetails = ["ReferralNFA"]
-- other = "CINdetails"
select a.row as CINdetails, b.row as CINdetails_other
from CINdetails a
join CINdetails b using (child)
where a.row <> b.row
    and a.CINreferralDate >= b.CINreferralDate
    and (
        a.CINreferralDate < b.CINclosureDate
        or (b.CINclosureDate is null and is_no(b.ReferralNFA) and a.CINreferralDate <= reference_date())
    )
