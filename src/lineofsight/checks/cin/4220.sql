-- severity = "error"
-- message = "The child’s ethnicity is missing or not one of its codes."
-- condition = "Ethnicity is given, with one of its codes."
-- fields.ChildCharacteristics = ["Ethnicity"]
select row as ChildCharacteristics
from ChildCharacteristics
where not is_ethnicity(Ethnicity)
