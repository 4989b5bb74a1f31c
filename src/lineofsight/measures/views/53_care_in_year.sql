-- Children looked after on any day of the year that ends with each month end, one row a child: the latest spell.
select
    care_years.as_at,
    care_spells.person_id,
    max_by(care_spells.care_id, care_spells.started_on) as care_id,
    max_by(care_spells.anchor, care_spells.started_on) as anchor,
    any_value(care_years.year_start) as year_start
from care_spells
inner join care_years
    on care_spells.started_on <= care_years.as_at
    and care_spells.open_until > care_years.year_start
group by care_years.as_at, care_spells.person_id
