-- The children who could be listed, each way of dividing them: how many, how many meet a rule, how many are listed.
-- Relations: persons (columns of the model), chosen (child_key, listed), ethnic_groups (code, label), moment (as_at).
with
aged as (
    select
        persons.child_key,
        date_diff('year', persons.dob, moment.as_at)
        - ((month(moment.as_at), day(moment.as_at)) < (month(persons.dob), day(persons.dob)))::integer as years,
        coalesce(persons.dob, persons.expected_dob) > moment.as_at as unborn,
        case upper(trim(persons.sex))
            when 'F' then 'Female' when 'FEMALE' then 'Female'
            when 'M' then 'Male' when 'MALE' then 'Male'
            else 'Not known'
        end as sex,
        coalesce(ethnic_groups.label, 'Not known') as ethnicity,
        case
            when persons.disabled then 'Disabled' when not persons.disabled then 'Not disabled' else 'Not known'
        end as disability,
        chosen.child_key is not null as meets,
        coalesce(chosen.listed, false) as listed
    from persons
    cross join moment
    left join ethnic_groups on ethnic_groups.code = upper(trim(persons.ethnicity))
    left join chosen on chosen.child_key = persons.child_key
    where persons.on_plan or persons.looked_after or persons.in_need or chosen.child_key is not null
),

grouped as (
    select
        case
            when unborn then 'Unborn'
            when years is null then 'Not known'
            when years < 1 then 'Under 1'
            when years < 5 then '1 to 4'
            when years < 10 then '5 to 9'
            when years < 16 then '10 to 15'
            else '16 and over'
        end as age,
        sex,
        ethnicity,
        disability,
        meets,
        listed
    from aged
),

ways as (
    unpivot grouped
    on age, sex, ethnicity, disability
    into name way value label
)

select
    way,
    label,
    count(*) as children,
    count(*) filter (where meets) as meets,
    count(*) filter (where listed) as listed
from ways
group by way, label
order by way, label
