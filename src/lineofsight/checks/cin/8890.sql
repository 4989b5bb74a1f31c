-- severity = "error"
-- message = "A section 47 enquiry starts while another of the episode runs."
-- condition = "No enquiry of an episode starts from the start of another to its initial conference, or to the reference date where that has had none and does not say that none was needed."
-- fields.Section47 = ["S47ActualStartDate", "DateOfInitialCPC", "ICPCnotRequired"]
-- other = "Section47"
select a.row as Section47, b.row as Section47_other
from Section47 a
join Section47 b using (episode)
where a.row <> b.row
    and a.S47ActualStartDate between b.S47ActualStartDate and coalesce(
        b.DateOfInitialCPC,
        case when not is_yes(b.ICPCnotRequired) then reference_date() end
    )
