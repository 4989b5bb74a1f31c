-- Former relevant young people on the day of the extract, and what they do. `lost` where the council is not in touch
-- and it is not known; `doubt` says why nothing can be told of somebody.
select
    former_relevant.as_at,
    former_relevant.person_id,
    former_relevant.row_id,
    former_relevant.anchor,
    former_relevant.age,
    former_relevant.team_id,
    former_relevant.worker_id,
    former_relevant.doubt,
    former_relevant.activity,
    former_relevant.activity is null and former_relevant.in_touch in ('NO', 'REFU', 'NREQ') as lost,
    case
        when former_relevant.doubt is not null then former_relevant.doubt
        when former_relevant.activity is not null then words.label
        when former_relevant.in_touch in ('NO', 'REFU', 'NREQ')
            then 'not in touch, and what the young person does is not known'
        else 'what the young person does is not recorded'
    end as reason
from former_relevant
left join category_labels as words
    on words.code_list = 'activity'
    and words.given = former_relevant.activity
