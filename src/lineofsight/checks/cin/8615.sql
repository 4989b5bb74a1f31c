-- severity = "error"
-- message = "The section 47 enquiry has no start, or starts after its initial conference."
-- condition = "An enquiry with an initial conference has a start, on or before the day of the conference."
-- fields.Section47 = ["S47ActualStartDate", "DateOfInitialCPC"]
select row as Section47
from Section47
where DateOfInitialCPC is not null and (S47ActualStartDate is null or S47ActualStartDate > DateOfInitialCPC)
