-- severity = "query"
-- message = "A review has no date: put it right, or say why it stands."
-- condition = "Every review has a date."
-- fields.Reviews = ["CPPreviewDate"]
select row as Reviews
from Reviews
where CPPreviewDate is null
