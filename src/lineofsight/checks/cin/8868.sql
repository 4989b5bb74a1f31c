-- severity = "error"
-- message = "The case is closed, but an enquiry of it has neither a conference nor a word that none was needed, or has both."
-- condition = "Every enquiry of a closed episode has either an initial conference or the mark that none was needed."
-- fields.CINdetails = ["CINclosureDate"]
-- fields.Section47 = ["DateOfInitialCPC", "ICPCnotRequired"]
-- note = "Either of the two and not both, as the recorded case reads it: a conference that was held was not one that was not needed."
select c.row as CINdetails, s.row as Section47
from CINdetails c
join Section47 s using (episode)
where c.CINclosureDate is not null and (s.DateOfInitialCPC is not null) = is_yes(s.ICPCnotRequired)
