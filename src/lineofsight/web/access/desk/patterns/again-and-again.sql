-- a person and a child a row, where the child's own page was opened on several days
select
    actor,
    opened as child_key,
    count(*) as times,
    count(distinct substr(hour, 1, 10)) as days,
    max(sequence) as last
from access_chainshown
where not (opened = '')
    and hour >= %(since)s
group by actor, opened
having count(*) >= %(times)s and count(distinct substr(hour, 1, 10)) >= %(days)s
