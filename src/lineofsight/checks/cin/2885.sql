-- severity = "error"
-- message = "The child protection plan does not start on the day of the initial conference."
-- condition = "A plan that starts in the year starts on the day of an initial conference of a section 47 enquiry of its episode; where the episode has no such enquiry, on the day of the conference of the episode itself."
-- fields.ChildProtectionPlans = ["CPPstartDate"]
-- fields.Section47 = ["DateOfInitialCPC"]
-- sometimes.CINdetails = ["DateOfInitialCPC"]
-- also.Section47 = ["ICPCnotRequired"]
-- rows_in = ["ChildProtectionPlans"]
-- note = "An enquiry that says that no conference was needed, and has none, is not one that a plan follows from. An enquiry’s conference on whose day another plan starts is not at fault."
with starting as (
    select row, episode, CPPstartDate
    from ChildProtectionPlans
    where in_the_year(CPPstartDate)
),
enquiry as (
    select row, episode, DateOfInitialCPC
    from Section47
    where DateOfInitialCPC is not null or not is_yes(ICPCnotRequired)
),
astray as (
    select p.row, p.episode, p.episode in (select episode from enquiry) as has_enquiry
    from starting p
    where not exists (from enquiry s where s.episode = p.episode and s.DateOfInitialCPC = p.CPPstartDate)
),
unmet as (
    select s.row, s.episode
    from enquiry s
    where not exists (from starting p where p.episode = s.episode and p.CPPstartDate = s.DateOfInitialCPC)
)
select p.row as ChildProtectionPlans, s.row as Section47, null::integer as CINdetails
from astray p
left join unmet s using (episode)
where p.has_enquiry
union all
select p.row, null, c.row
from astray p
join starting day using (row)
left join CINdetails c on c.episode = p.episode
where not p.has_enquiry and c.DateOfInitialCPC is distinct from day.CPPstartDate
