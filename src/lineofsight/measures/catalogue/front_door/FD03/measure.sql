-- Contacts of the month whose window is over, and whether a referral of the same child came within it. A contact that
-- is recorded as leading to a referral counts as well. Until the window is over nothing is said of a contact: those
-- that led to a referral at once would be all there is of the last days.
with
contacts as (
    select
        month_spans.as_at,
        ssd_contacts.cont_person_id as person_id,
        ssd_contacts.cont_contact_id as contact_id,
        ssd_contacts.cont_contact_date as contacted_on,
        due_dates.due_on as window_until,
        regexp_matches(
            upper(ssd_contacts.cont_contact_outcome_json), '"NEW_REFERRAL_FLAG"\s*:\s*"?(Y|YES|TRUE|1)\b'
        ) as said_so
    from ssd_contacts
    cross join snapshot
    inner join month_spans
        on month_spans.month_start = date_trunc('month', ssd_contacts.cont_contact_date)::date
    inner join due_dates
        on due_dates.key = 'contact.to_referral'
        and due_dates.started_on = ssd_contacts.cont_contact_date
        and due_dates.due_on < snapshot.as_at
    where ssd_contacts.cont_person_id is not null
),

referrals as (
    select
        contacts.contact_id,
        min(ssd_cin_episodes.cine_referral_date) as referred_on
    from contacts
    inner join ssd_cin_episodes
        on ssd_cin_episodes.cine_person_id = contacts.person_id
        and ssd_cin_episodes.cine_referral_date >= contacts.contacted_on
        and ssd_cin_episodes.cine_referral_date <= contacts.window_until
    group by contacts.contact_id
),

followed as (
    select
        contacts.as_at,
        contacts.person_id,
        contacts.contact_id,
        contacts.contacted_on,
        contacts.window_until,
        coalesce(contacts.said_so, false) as said_so,
        referrals.referred_on
    from contacts
    left join referrals on referrals.contact_id = contacts.contact_id
)

select
    followed.as_at,
    followed.person_id,
    followed.contact_id as event_id,
    'contact ' || followed.contacted_on::text as anchor,
    null::text as team_id,
    null::text as worker_id,
    null::date as due_on,
    followed.referred_on as done_on,
    followed.referred_on is not null or followed.said_so as met,
    (finish.working_number - beginning.working_number)::double as value,
    case
        when followed.referred_on is not null then 'referred ' || strftime(followed.referred_on, '%-d %B %Y')
        when followed.said_so then 'recorded as leading to a referral, but none is dated in the window'
        else 'no referral by ' || strftime(followed.window_until, '%-d %B %Y')
    end as reason
from followed
left join calendar as beginning on beginning.day = followed.contacted_on
left join calendar as finish on finish.day = followed.referred_on
