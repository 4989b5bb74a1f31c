-- severity = "error"
-- message = "A section 47 enquiry that still waits for its initial conference started outside the year of the return."
-- condition = "An enquiry that needs a conference and has had none started within the year."
-- fields.Section47 = ["S47ActualStartDate", "DateOfInitialCPC", "ICPCnotRequired"]
select row as Section47
from Section47
where DateOfInitialCPC is null and is_no(ICPCnotRequired) and not in_the_year(S47ActualStartDate)
