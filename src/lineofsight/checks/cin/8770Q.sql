-- severity = "query"
-- message = "A child of school age has neither a pupil number nor a reason for having none, or the reason is that of younger children: put it right, or say why it stands."
-- condition = "A child of four or more at the reference date, with a referral that went further, has a pupil number or a known reason for having none, other than UN1."
-- fields.ChildIdentifiers = ["PersonBirthDate", "UPN"]
-- sometimes.ChildIdentifiers = ["UPNunknown"]
-- also.CINdetails = ["ReferralNFA"]
-- rows_in = ["ChildIdentifiers", "CINdetails"]
-- note = "The published comparison of dates is turned round by its own message, which speaks of children of school age."
select row as ChildIdentifiers
from ChildIdentifiers
where PersonBirthDate <= reference_date() - interval 4 years
    and UPN is null
    and (UPNunknown = 'UN1' or not is_reason_without_upn(UPNunknown))
    and child in (select child from CINdetails where is_no(ReferralNFA))
