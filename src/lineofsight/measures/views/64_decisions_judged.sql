-- Contacts and referrals of each month, and whether a manager decided on them in time: 'decided' (in time or late, by
-- its days), 'waiting' past its day, 'not due', 'not listed' in the file of decisions, or 'out of order'. One from
-- before that file begins, or whose day has not come yet, is not here.
with
asked as (
    select
        'contact' as kind,
        'contact.decision' as key,
        cont_person_id as person_id,
        cont_contact_id as subject_id,
        cont_contact_date as asked_on,
        null::text as team_id,
        null::text as worker_id
    from ssd_contacts

    union all

    select
        'referral' as kind,
        'referral.decision' as key,
        cine_person_id as person_id,
        cine_referral_id as subject_id,
        cine_referral_date as asked_on,
        cine_referral_team as team_id,
        cine_referral_worker_id as worker_id
    from ssd_cin_episodes
),

reach as (
    select
        lower(trim(deci_kind)) as kind,
        min(coalesce(deci_received_date, deci_decided_date)) as day
    from side_decision
    group by lower(trim(deci_kind))
),

listed as (
    select
        asked.kind,
        asked.key,
        month_spans.as_at,
        asked.person_id,
        asked.subject_id,
        asked.asked_on,
        asked.team_id,
        asked.worker_id,
        decisions.subject_id is not null as listed,
        coalesce(decisions.received_on, asked.asked_on) as received_on,
        case when decisions.decided_on <= snapshot.as_at then decisions.decided_on end as decided_on,
        snapshot.as_at as today_on
    from asked
    cross join snapshot
    inner join reach
        on reach.kind = asked.kind
        and reach.day <= asked.asked_on
    inner join month_spans
        on month_spans.month_start = date_trunc('month', asked.asked_on)::date
        and month_spans.as_at >= asked.asked_on
    left join decisions
        on decisions.kind = asked.kind
        and decisions.subject_id = asked.subject_id
        and decisions.person_id = asked.person_id
    where asked.person_id is not null
),

judged as (
    select
        listed.kind,
        listed.key,
        listed.as_at,
        listed.person_id,
        listed.subject_id,
        listed.asked_on,
        listed.team_id,
        listed.worker_id,
        listed.received_on,
        listed.decided_on,
        due_dates.due_on,
        finish.working_number - beginning.working_number as days,
        case
            when not listed.listed then 'not listed'
            when listed.received_on > coalesce(listed.decided_on, listed.today_on) then 'out of order'
            when listed.decided_on is not null then 'decided'
            when due_dates.due_on < listed.today_on then 'waiting'
            else 'not due'
        end as standing
    from listed
    left join due_dates
        on due_dates.key = listed.key
        -- named, so that the days of no other clock are read
        and due_dates.key in ('contact.decision', 'referral.decision')
        and due_dates.started_on = listed.received_on
    left join calendar as beginning on beginning.day = listed.received_on
    left join calendar as finish on finish.day = listed.decided_on
)

select
    key,
    as_at,
    person_id,
    subject_id,
    kind || ' ' || asked_on::text as anchor,
    team_id,
    worker_id,
    due_on,
    decided_on,
    case standing
        when 'decided' then decided_on <= due_on
        when 'waiting' then false
    end as met,
    case when standing = 'decided' then days::double end as days,
    case standing
        when 'not listed' then 'the ' || kind || ' is not in the file of decisions'
        when 'out of order' then 'recorded as decided before it came in'
        when 'waiting' then
            'came in ' || strftime(received_on, '%-d %B %Y') || ', no decision is recorded; due '
            || strftime(due_on, '%-d %B %Y')
        else
            'came in ' || strftime(received_on, '%-d %B %Y') || ', decided '
            || case days when 0 then 'the same working day' when 1 then 'one working day later'
                else days::text || ' working days later' end
            || '; due ' || strftime(due_on, '%-d %B %Y')
    end as reason
from judged
where standing <> 'not due'
