-- Every person with an id: the day they died closes whatever is still open; a child who has only an expected
-- date of birth is not born yet. Whoever was born on 29 February grows up on 1 March: no year of an eighteenth birthday
-- after a leap day is a leap year.
select
    pers_person_id as person_id,
    pers_dob as born_on,
    (pers_dob + interval 18 year)::date + (month(pers_dob) = 2 and day(pers_dob) = 29)::integer as adult_on,
    coalesce(pers_dob, case when pers_expected_dob is not null then date '9999-12-31' end) as unborn_until,
    coalesce(pers_death_date, date '9999-12-31') as alive_until
from ssd_person
where pers_person_id is not null
