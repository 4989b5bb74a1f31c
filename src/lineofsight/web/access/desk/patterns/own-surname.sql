-- who opened the pages of these children: {keys} is replaced by one placeholder a child
select
    shown.actor,
    shown.opened as child_key,
    count(*) as times,
    max(shown.sequence) as last
from access_chainchild as child
join access_chainshown as shown on shown.sequence = child.sequence and shown.opened = child.child_key
where child.child_key in ({keys})
    and shown.hour >= %(since)s
group by shown.actor, shown.opened
