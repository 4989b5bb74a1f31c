-- Children about whom somebody made contact again and again in the year, and whether they were never referred. Days of
-- contact are counted, so that one worry told or typed twice in a day is one. A child who was referred, or was already
-- being helped, in the year is not one of them. Who has died or grown up counts no longer.
with
contact_days as (
    select
        ssd_contacts.cont_person_id as person_id,
        ssd_contacts.cont_contact_date as contacted_on,
        least(
            due_dates.due_on,
            any_value(children.alive_until),
            any_value(children.adult_on)
        ) as counts_until
    from ssd_contacts
    inner join due_dates
        on due_dates.key = 'contact.look_back'
        and due_dates.started_on = ssd_contacts.cont_contact_date
    left join children on children.person_id = ssd_contacts.cont_person_id
    where ssd_contacts.cont_person_id is not null
    group by ssd_contacts.cont_person_id, ssd_contacts.cont_contact_date, due_dates.due_on
),

-- most children have too few days of contact in all to have them in one year
often as (
    select person_id
    from contact_days
    group by person_id
    having count(*) >= (select min(number) from timescales where key = 'contact.repeated')
),

contacted as (
    select
        month_spans.as_at,
        contact_days.person_id,
        count(*) as contacts,
        min(contact_days.contacted_on) as first_on,
        max(contact_days.contacted_on) as last_on
    from contact_days
    inner join often on often.person_id = contact_days.person_id
    inner join month_spans
        on contact_days.contacted_on <= month_spans.as_at
        and contact_days.counts_until > month_spans.as_at
    group by month_spans.as_at, contact_days.person_id
),

repeated as (
    select
        contacted.as_at,
        contacted.person_id,
        contacted.first_on
    from contacted
    inner join timescales
        on timescales.key = 'contact.repeated'
        and contacted.as_at between timescales.valid_from and timescales.valid_until
        and contacted.contacts >= timescales.number
),

referrals as (
    select
        ssd_cin_episodes.cine_person_id as person_id,
        ssd_cin_episodes.cine_referral_date as referred_on,
        due_dates.due_on as counts_until
    from ssd_cin_episodes
    inner join due_dates
        on due_dates.key = 'contact.look_back'
        and due_dates.started_on = ssd_cin_episodes.cine_referral_date
),

referred as (
    select
        repeated.as_at,
        repeated.person_id
    from repeated
    inner join referrals
        on referrals.person_id = repeated.person_id
        and referrals.referred_on <= repeated.as_at
        and referrals.counts_until > repeated.as_at

    union

    select
        repeated.as_at,
        repeated.person_id
    from repeated
    inner join needs
        on needs.person_id = repeated.person_id
        and needs.started_on <= repeated.as_at  -- either way: one that begins that day is a referral of the year
        and needs.open_until > repeated.first_on
),

unanswered as (
    select
        repeated.as_at,
        repeated.person_id
    from repeated
    left join referred
        on referred.person_id = repeated.person_id
        and referred.as_at = repeated.as_at
    where referred.person_id is null
)

select
    contacted.as_at,
    contacted.person_id,
    null::text as event_id,
    'contact ' || contacted.last_on::text as anchor,
    null::text as team_id,
    null::text as worker_id,
    null::date as due_on,
    contacted.last_on as done_on,
    unanswered.person_id is null as met,
    contacted.contacts::double as value,
    contacted.contacts::text || ' days of contact in the year, the last on '
    || strftime(contacted.last_on, '%-d %B %Y')
    || case
        when unanswered.person_id is null then '; referred, or helped already'
        else '; no referral, and no episode of need'
    end as reason
from repeated
inner join contacted
    on contacted.person_id = repeated.person_id
    and contacted.as_at = repeated.as_at
left join unanswered
    on unanswered.person_id = repeated.person_id
    and unanswered.as_at = repeated.as_at
