-- severity = "error"
-- message = "Something is recorded as done after the case was closed."
-- condition = "The closure of an episode is on or after every date of its assessments, enquiries, conferences, plans that start or end, and child protection plans that end."
-- fields.CINdetails = ["CINclosureDate"]
-- fields.Assessments = ["AssessmentActualStartDate", "AssessmentAuthorisationDate"]
-- fields.Section47 = ["S47ActualStartDate", "DateOfInitialCPC"]
-- fields.ChildProtectionPlans = ["CPPendDate"]
-- fields.CINplanDates = ["CINPlanStartDate", "CINPlanEndDate"]
-- sometimes.CINdetails = ["DateOfInitialCPC"]
-- rows_in = ["CINdetails"]
with closed as (
    select row, episode, CINclosureDate, DateOfInitialCPC
    from CINdetails
    where CINclosureDate is not null
)
select
    c.row as CINdetails,
    null::integer as Assessments,
    null::integer as Section47,
    null::integer as ChildProtectionPlans,
    null::integer as CINplanDates
from closed c
where c.DateOfInitialCPC > c.CINclosureDate
union all by name
select c.row as CINdetails, a.row as Assessments
from closed c
join Assessments a using (episode)
where greatest(a.AssessmentActualStartDate, a.AssessmentAuthorisationDate) > c.CINclosureDate
union all by name
select c.row as CINdetails, s.row as Section47
from closed c
join Section47 s using (episode)
where greatest(s.S47ActualStartDate, s.DateOfInitialCPC) > c.CINclosureDate
union all by name
select c.row as CINdetails, p.row as ChildProtectionPlans
from closed c
join ChildProtectionPlans p using (episode)
where p.CPPendDate > c.CINclosureDate
union all by name
select c.row as CINdetails, n.row as CINplanDates
from closed c
join CINplanDates n using (episode)
where greatest(n.CINPlanStartDate, n.CINPlanEndDate) > c.CINclosureDate
