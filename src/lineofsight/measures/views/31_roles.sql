-- Involvements with what their role word means (role map); a word that is not in the map stays 'unmapped'.
-- `holder` is what the entry proves: a person, a manager, duty, nobody, or a worker we have no name for.
-- `open_until` is the first day the involvement is not open.
select
    ssd_involvements.invo_person_id as person_id,
    ssd_involvements.invo_involvements_id as involvement_id,
    ssd_involvements.invo_professional_id as worker_id,
    ssd_involvements.invo_professional_team as team_id,
    greatest(ssd_involvements.invo_involvement_start_date, first_day.day) as started_on,
    least(
        coalesce(ssd_involvements.invo_involvement_end_date, date '9999-12-31'),
        coalesce(children.alive_until, date '9999-12-31')
    ) as open_until,
    trim(ssd_involvements.invo_professional_role_id) as role_word,
    coalesce(role_map.role_kind, 'unmapped') as role_kind,
    case
        when ssd_involvements.invo_professional_id is null then 'nobody'
        else coalesce(professionals.kind, 'unlisted')
    end as holder,
    coalesce(professionals.not_registered, false) as not_registered
from ssd_involvements
cross join first_day
left join children on children.person_id = ssd_involvements.invo_person_id
left join role_map
    on lower(trim(role_map.role_word)) = lower(trim(ssd_involvements.invo_professional_role_id))
left join professionals on professionals.worker_id = ssd_involvements.invo_professional_id
where
    ssd_involvements.invo_person_id is not null
    and ssd_involvements.invo_involvement_start_date is not null
