-- Former relevant young people of 19 to 21 on the day of the extract, and whether they are known to be without
-- education, training or work. Of those the council is not in touch with, what is not known is not that.
select
    leavers_occupied.as_at,
    leavers_occupied.person_id,
    leavers_occupied.row_id as event_id,
    leavers_occupied.anchor,
    leavers_occupied.team_id,
    leavers_occupied.worker_id,
    null::date as due_on,
    null::date as done_on,
    case
        when leavers_occupied.doubt is not null then null
        when leavers_occupied.activity in ('G4', 'G5', 'G6') then false
        when leavers_occupied.activity is not null then true
        when leavers_occupied.lost then true
    end as met,
    null::double as value,
    leavers_occupied.reason,
    leavers_occupied.activity as category
from leavers_occupied
inner join timescales as youngest
    on youngest.key = 'leaving.youngest'
    and leavers_occupied.as_at between youngest.valid_from and youngest.valid_until
inner join timescales as oldest
    on oldest.key = 'leaving.oldest'
    and leavers_occupied.as_at between oldest.valid_from and oldest.valid_until
where
    coalesce(leavers_occupied.age >= youngest.number, true)
    and coalesce(leavers_occupied.age <= oldest.number, true)
