-- severity = "error"
-- message = "The child’s sex is missing or not one of its codes."
-- condition = "Sex is given, with one of the codes of the year (M, F or U since 2024-25)."
-- fields.ChildIdentifiers = ["Sex"]
select row as ChildIdentifiers
from ChildIdentifiers
where not is_sex(Sex)
