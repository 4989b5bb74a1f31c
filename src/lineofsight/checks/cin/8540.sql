-- severity = "error"
-- message = "A child who was born, with a referral that went further, has no disability code or one that is unknown."
-- condition = "A child with a date of birth and a referral that led to further action has one or more codes of disability (NONE is one), all of them known."
-- fields.ChildIdentifiers = ["PersonBirthDate"]
-- fields.CINdetails = ["ReferralNFA"]
-- fields.Disabilities = ["Disability"]
-- rows_in = ["ChildIdentifiers", "CINdetails"]
with child as (
    select i.row, i.LAchildID, c.row as referral
    from ChildIdentifiers i
    join CINdetails c using (LAchildID)
    where i.PersonBirthDate is not null and is_no(c.ReferralNFA)
),
known as (
    select LAchildID, bool_and(is_disability(Disability)) as every
    from Disabilities
    group by LAchildID
)
select child.row as ChildIdentifiers, child.referral as CINdetails, d.row as Disabilities
from child
left join known using (LAchildID)
left join Disabilities d on d.LAchildID = child.LAchildID and not is_disability(d.Disability)
where not coalesce(known.every, false)
