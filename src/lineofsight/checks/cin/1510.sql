-- severity = "error"
-- message = "The pupil number does not begin with the letter that its other characters work out to."
-- condition = "The first letter is the one at (sum of each character’s value times its place, places 2 to 13) modulo 23 in the alphabet without I, O and S."
-- fields.ChildIdentifiers = ["UPN"]
-- note = "A number that is not of the form of a pupil number is told by rules 1530 to 1550. A letter at the end has its place in the same alphabet as its value."
with formed as (
    select row, UPN as upn
    from ChildIdentifiers
    where regexp_full_match(UPN, '[A-Za-z][0-9]{11}[0-9A-HJ-NP-RT-Za-hj-np-rt-z]')
),
summed as (
    select
        row,
        upn,
        list_sum([place * cast(substr(upn, place, 1) as integer) for place in range(2, 13)])
            + 13 * coalesce(try_cast(substr(upn, 13, 1) as integer), strpos('ABCDEFGHJKLMNPQRTUVWXYZ', upper(substr(upn, 13, 1))) - 1)
            as total
    from formed
)
select row as ChildIdentifiers
from summed
where substr(upn, 1, 1) <> substr('ABCDEFGHJKLMNPQRTUVWXYZ', cast(total % 23 as integer) + 1, 1)
