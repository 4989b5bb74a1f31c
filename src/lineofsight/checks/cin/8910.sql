-- severity = "error"
-- message = "The latest category of abuse of the child protection plan is missing or not one of its codes."
-- condition = "A child protection plan has a latest category of abuse, with one of its codes."
-- fields.ChildProtectionPlans = ["LatestCategoryOfAbuse"]
select row as ChildProtectionPlans
from ChildProtectionPlans
where not is_category_of_abuse(LatestCategoryOfAbuse)
