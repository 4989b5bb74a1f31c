-- The role words of an extract: how many involvements have each, how many are open on its date, for how many children.
with open_now as (
    select
        trim(invo_professional_role_id) as role_word,
        invo_person_id as person_id,
        coalesce(invo_involvement_start_date, date '1900-01-01') <= snapshot.as_at
            and coalesce(invo_involvement_end_date, date '9999-12-31') > snapshot.as_at as is_open
    from ssd_involvements
    cross join snapshot
    where trim(invo_professional_role_id) <> ''
)

select
    arg_min(role_word, role_word) as role_word,
    count(*) as involvements,
    count(*) filter (where is_open) as open_involvements,
    count(distinct person_id) filter (where is_open) as children
from open_now
group by upper(role_word)
order by open_involvements desc, role_word
