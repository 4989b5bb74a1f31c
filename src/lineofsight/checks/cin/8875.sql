-- severity = "error"
-- message = "The initial conference is on a Saturday or a Sunday."
-- condition = "An initial conference of a section 47 enquiry is not on a Saturday or Sunday."
-- fields.Section47 = ["DateOfInitialCPC"]
select row as Section47
from Section47
where isodow(DateOfInitialCPC) >= 6
