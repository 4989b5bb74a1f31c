-- severity = "query"
-- message = "A child of school age has neither a pupil number nor a reason for having none, or the reason is that of younger children: put it right, or say why it stands."
-- condition = "A child of four or more at the reference date, with a referral that went further, has a pupil number or a known reason for having none, other than UN1."
-- fields.ChildIdentifiers = ["PersonBirthDate", "UPN"]
-- fields.CINdetails = ["ReferralNFA"]
-- sometimes.ChildIdentifiers = ["UPNunknown"]
-- note = "The published comparison of dates is turned round by its own message, which speaks of children of school age."
select i.row as ChildIdentifiers, c.row as CINdetails
from ChildIdentifiers i
join CINdetails c using (LAchildID)
where is_no(c.ReferralNFA)
    and i.PersonBirthDate <= reference_date() - interval 4 years
    and i.UPN is null
    and (i.UPNunknown = 'UN1' or not is_reason_without_upn(i.UPNunknown))
