-- severity = "error"
-- message = "The case was closed after assessment, but an enquiry, a conference or a plan is recorded for it."
-- condition = "An episode closed as RC8 or RC9 has no section 47 enquiry, no initial conference, no child protection plan and no child in need plan."
-- fields.CINdetails = ["ReasonForClosure"]
-- fields.Section47 = []
-- fields.ChildProtectionPlans = []
-- fields.CINplanDates = []
-- sometimes.CINdetails = ["DateOfInitialCPC"]
-- rows_in = ["CINdetails"]
with closed as (
    select row, episode, DateOfInitialCPC
    from CINdetails
    where ReasonForClosure in ('RC8', 'RC9')
)
select
    c.row as CINdetails,
    null::integer as Section47,
    null::integer as ChildProtectionPlans,
    null::integer as CINplanDates
from closed c
where c.DateOfInitialCPC is not null
union all by name
select c.row as CINdetails, s.row as Section47 from closed c join Section47 s using (episode)
union all by name
select c.row as CINdetails, p.row as ChildProtectionPlans from closed c join ChildProtectionPlans p using (episode)
union all by name
select c.row as CINdetails, n.row as CINplanDates from closed c join CINplanDates n using (episode)
