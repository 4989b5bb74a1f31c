-- severity = "query"
-- message = "The initial conference was due on a Saturday or a Sunday: put it right, or say why it stands."
-- condition = "The day by which an initial conference is due is not a Saturday or Sunday."
-- fields.Section47 = ["InitialCPCtarget"]
select row as Section47
from Section47
where isodow(InitialCPCtarget) >= 6
