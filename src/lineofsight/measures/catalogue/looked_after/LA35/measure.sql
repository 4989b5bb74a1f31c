-- Looked-after children whose last review is long enough ago, and whether the reviewing officer has been in contact
-- since. Extracts keep the latest contact alone, so that only the day of the extract can be told.
with
contacts as (
    select
        care_now.as_at,
        care_now.person_id,
        max(ssd_cla_episodes.clae_cla_last_iro_contact_date) as contact_on
    from care_now
    inner join ssd_cla_episodes
        on ssd_cla_episodes.clae_person_id = care_now.person_id
        and ssd_cla_episodes.clae_cla_last_iro_contact_date <= care_now.as_at
    group by care_now.as_at, care_now.person_id
),

reviewed as (
    select
        care_now.as_at,
        care_now.person_id,
        any_value(care_now.care_id) as care_id,
        any_value(care_now.anchor) as anchor,
        max(care_reviews.held_on) as held_on
    from care_now
    inner join snapshot on snapshot.as_at = care_now.as_at
    inner join care_reviews
        on care_reviews.person_id = care_now.person_id
        and care_reviews.held_on <= care_now.as_at
        and care_reviews.held_on > care_now.started_on
    group by care_now.as_at, care_now.person_id
)

select
    reviewed.as_at,
    reviewed.person_id,
    reviewed.care_id as event_id,
    reviewed.anchor,
    null::text as team_id,
    null::text as worker_id,
    due_dates.due_on,
    contacts.contact_on as done_on,
    coalesce(contacts.contact_on > reviewed.held_on, false) as met,
    (reviewed.as_at - reviewed.held_on)::double as value,
    'last reviewed ' || strftime(reviewed.held_on, '%-d %B %Y')
    || coalesce(', last contact ' || strftime(contacts.contact_on, '%-d %B %Y'), ', no contact is recorded') as reason
from reviewed
inner join due_dates
    on due_dates.key = 'la.reviewing_officer_contact'
    and due_dates.started_on = reviewed.held_on
    and due_dates.due_on <= reviewed.as_at
left join contacts
    on contacts.person_id = reviewed.person_id
    and contacts.as_at = reviewed.as_at
