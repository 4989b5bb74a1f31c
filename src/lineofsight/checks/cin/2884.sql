-- severity = "error"
-- message = "One initial conference is given twice: with a section 47 enquiry and with an episode of the child."
-- condition = "A child’s initial conference stands with the enquiry or with the episode, not with both."
-- fields.Section47 = ["DateOfInitialCPC"]
-- sometimes.CINdetails = ["DateOfInitialCPC"]
-- derived = true
-- note = "The same day for the same child is taken for the same conference, whatever the episode, as the recorded cases do."
select s.row as Section47, c.row as CINdetails
from Section47 s
join CINdetails c on c.child = s.child and c.DateOfInitialCPC = s.DateOfInitialCPC
