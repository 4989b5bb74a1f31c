-- severity = "error"
-- message = "The initial conference is outside the year of the return."
-- condition = "An initial conference of a section 47 enquiry is within the year."
-- fields.Section47 = ["DateOfInitialCPC"]
select row as Section47
from Section47
where not in_the_year(DateOfInitialCPC)
