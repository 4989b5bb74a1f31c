-- severity = "error"
-- message = "An open episode, whose referral went further, is not the child’s latest."
-- condition = "The referral of an open episode, apart from one that led to no further action, is the latest of all referrals of the child."
-- fields.CINdetails = ["CINreferralDate", "CINclosureDate", "ReferralNFA"]
-- other = "CINdetails"
-- note = "Two open episodes referred on one day cannot both be the latest."
with running as (
    select *
    from CINdetails
    where CINclosureDate is null and is_no(ReferralNFA)
)
select a.row as CINdetails, b.row as CINdetails_other
from running a
join CINdetails b using (child)
where a.row <> b.row
    and (
        b.CINreferralDate > a.CINreferralDate
        or (b.CINreferralDate = a.CINreferralDate and b.CINclosureDate is null and is_no(b.ReferralNFA))
    )
qualify row_number() over (partition by a.row order by b.CINreferralDate desc, b.row) = 1
