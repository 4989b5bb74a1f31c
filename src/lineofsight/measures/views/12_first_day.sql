-- The first day the calendar knows. A date before it is a typing error: the row stays on every list it belongs
-- to, with its clock beginning here, rather than vanish from a join.
select min(calendar.day) as day
from calendar
