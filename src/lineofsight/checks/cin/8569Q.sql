-- severity = "query"
-- message = "A referral of before the year is marked as having led to no further action."
-- condition = "A referral of more than one working day before the year starts is not one that led to no further action."
-- fields.CINdetails = ["CINreferralDate", "ReferralNFA"]
select row as CINdetails
from CINdetails
where CINreferralDate < working_days_before_start(1) and not is_no(ReferralNFA)
