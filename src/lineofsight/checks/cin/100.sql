-- severity = "error"
-- message = "The reference date of the return is not the last day of its year."
-- condition = "The reference date is there and is 31 March of the year of the return."
-- fields.Header = ["ReferenceDate"]
select row as Header
from Header
where ReferenceDate is distinct from reference_date()
