-- severity = "error"
-- message = "The child has several open episodes whose referrals went further."
-- condition = "At most one episode of a child has no closure date, apart from referrals that led to no further action."
-- fields.CINdetails = ["ReferralNFA", "CINclosureDate"]
select row as CINdetails, dense_rank() over (order by child) as "group"
from CINdetails
where child is not null and CINclosureDate is null and is_no(ReferralNFA)
qualify count(*) over (partition by child) > 1
