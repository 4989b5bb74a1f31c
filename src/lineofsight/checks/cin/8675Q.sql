-- severity = "query"
-- message = "The section 47 enquiry has waited for its initial conference for more than 15 working days at the end of the year: put it right, or say why it stands."
-- condition = "An enquiry that needs a conference and has had none started no earlier than 15 working days before the reference date."
-- fields.Section47 = ["S47ActualStartDate", "DateOfInitialCPC", "ICPCnotRequired"]
select row as Section47
from Section47
where DateOfInitialCPC is null and is_no(ICPCnotRequired) and S47ActualStartDate < working_days_before_end(15)
