-- Care leavers of every age on the day of the extract whose home is known, and whether it is one no parent would
-- choose: bed and breakfast, emergency accommodation, custody, no fixed abode.
select
    leavers_now.as_at,
    leavers_now.person_id,
    leavers_now.row_id as event_id,
    leavers_now.anchor,
    leavers_now.team_id,
    leavers_now.worker_id,
    null::date as due_on,
    null::date as done_on,
    case when leavers_now.accommodation <> 'R' then leavers_now.accommodation not in ('S', 'V', 'W', 'X') end as met,
    null::double as value,
    case
        when leavers_now.accommodation is null or leavers_now.accommodation = 'R'
            then 'where the young person lives is not known'
        else words.label
    end as reason,
    leavers_now.accommodation as category
from leavers_now
left join category_labels as words
    on words.code_list = 'accommodation'
    and words.given = leavers_now.accommodation
where coalesce(leavers_now.in_touch, '') <> 'RHOM'
