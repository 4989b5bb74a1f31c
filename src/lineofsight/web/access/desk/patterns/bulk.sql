-- an hour of UTC a row: how many children each person was shown in it, a child counted again each time
select
    actor,
    hour,
    count(*) as events,
    sum(children) as children,
    max(sequence) as last
from access_chainshown
where hour >= %(since)s
    and children > 0
group by actor, hour
