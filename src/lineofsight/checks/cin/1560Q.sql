-- severity = "query"
-- message = "The former pupil number is not of the form of a pupil number: put it right, or say why it stands."
-- condition = "A former pupil number is a letter and twelve figures, of which the last may be a letter."
-- fields.ChildIdentifiers = ["FormerUPN"]
select row as ChildIdentifiers
from ChildIdentifiers
where not regexp_full_match(FormerUPN, '[A-Za-z][0-9]{11}[0-9A-Za-z]')
