-- severity = "error"
-- message = "The case is closed, but an enquiry of it has neither an initial conference nor the mark that none was needed."
-- condition = "Every enquiry of a closed episode has the date of an initial conference, or the mark that none was needed."
-- fields.CINdetails = ["CINclosureDate"]
-- fields.Section47 = ["DateOfInitialCPC", "ICPCnotRequired"]
-- note = "An enquiry that has both is completed all the same."
select c.row as CINdetails, s.row as Section47
from CINdetails c
join Section47 s using (episode)
where c.CINclosureDate is not null and s.DateOfInitialCPC is null and not is_yes(s.ICPCnotRequired)
