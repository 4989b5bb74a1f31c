-- Times a child went missing or was away while looked after: `kind` M or A, `back_on` the day the child came back.
select
    ssd_missing.miss_table_id as missing_id,
    care_spells.person_id,
    min(care_spells.care_id) as care_id,
    upper(trim(any_value(ssd_missing.miss_missing_episode_type))) as kind,
    any_value(ssd_missing.miss_missing_episode_start_date) as gone_on,
    any_value(ssd_missing.miss_missing_episode_end_date) as back_on,
    upper(trim(any_value(ssd_missing.miss_missing_rhi_offered))) as offered,
    upper(trim(any_value(ssd_missing.miss_missing_rhi_accepted))) as accepted
from ssd_missing
inner join care_spells
    on care_spells.person_id = ssd_missing.miss_person_id
    and care_spells.started_on <= ssd_missing.miss_missing_episode_start_date
    and care_spells.open_until > ssd_missing.miss_missing_episode_start_date
group by ssd_missing.miss_table_id, care_spells.person_id
