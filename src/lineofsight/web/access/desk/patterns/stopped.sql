-- how often each person was stopped lately, and the last time
select
    actor,
    count(*) as times,
    max(sequence) as last
from access_chainevent
where action = 'looking.stopped'
    and at >= %(since)s
group by actor
