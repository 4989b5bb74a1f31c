-- severity = "query"
-- message = "Fewer than 8 codes of disability are used in the whole return: put it right, or say why it stands."
-- condition = "Apart from NONE, more than 7 different codes of disability are used."
-- fields.Disabilities = ["Disability"]
-- whole_return = true
select count(distinct Disability) as used
from Disabilities
where Disability <> 'NONE'
having count(distinct Disability) <= 7
