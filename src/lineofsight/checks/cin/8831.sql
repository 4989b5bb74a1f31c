-- severity = "error"
-- message = "The referral led to nothing further, but an assessment, an enquiry or a conference is recorded for it."
-- condition = "An episode whose referral led to no further action has no assessment start or end, no start of an enquiry and no initial conference."
-- fields.CINdetails = ["ReferralNFA"]
-- fields.Assessments = ["AssessmentActualStartDate", "AssessmentAuthorisationDate"]
-- fields.Section47 = ["S47ActualStartDate", "DateOfInitialCPC"]
-- sometimes.CINdetails = ["DateOfInitialCPC"]
-- rows_in = ["CINdetails"]
with nothing_further as (
    select row, episode, DateOfInitialCPC
    from CINdetails
    where is_yes(ReferralNFA)
)
select c.row as CINdetails, null::integer as Assessments, null::integer as Section47
from nothing_further c
where c.DateOfInitialCPC is not null
union all by name
select c.row as CINdetails, a.row as Assessments
from nothing_further c
join Assessments a using (episode)
where coalesce(a.AssessmentActualStartDate, a.AssessmentAuthorisationDate) is not null
union all by name
select c.row as CINdetails, s.row as Section47
from nothing_further c
join Section47 s using (episode)
where coalesce(s.S47ActualStartDate, s.DateOfInitialCPC) is not null
