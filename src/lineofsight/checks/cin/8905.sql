-- severity = "error"
-- message = "The category of abuse at the start of the child protection plan is missing or not one of its codes."
-- condition = "A child protection plan has a first category of abuse, with one of its codes."
-- fields.ChildProtectionPlans = ["InitialCategoryOfAbuse"]
select row as ChildProtectionPlans
from ChildProtectionPlans
where not is_category_of_abuse(InitialCategoryOfAbuse)
