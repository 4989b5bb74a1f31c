-- severity = "error"
-- message = "A child who was born, with a referral that went further, has no disability code or one that is unknown."
-- condition = "A child with a date of birth and a referral that led to further action has one or more codes of disability (NONE is one), all of them known."
-- fields.ChildIdentifiers = ["PersonBirthDate"]
-- fields.CINdetails = ["ReferralNFA"]
-- fields.Disabilities = ["Disability"]
-- rows_in = ["ChildIdentifiers", "CINdetails"]
with born as (
    select i.row, i.child, c.row as referral
    from ChildIdentifiers i
    join CINdetails c using (child)
    where i.PersonBirthDate is not null and is_no(c.ReferralNFA)
),
known as (
    select child, bool_and(is_disability(Disability)) as every
    from Disabilities
    group by child
)
select b.row as ChildIdentifiers, b.referral as CINdetails, d.row as Disabilities
from born b
left join known using (child)
left join Disabilities d on d.child = b.child and not is_disability(d.Disability)
where not coalesce(known.every, false)
