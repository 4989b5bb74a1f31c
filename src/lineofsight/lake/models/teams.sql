-- Each team with its service: the department above it, or itself where there is none. What the registry calls it goes
-- before what the extract does.
with departments as (
    select distinct on (dept_team_id)
        dept_team_id,
        coalesce(team_names.name, dept_team_name) as dept_team_name,
        dept_team_parent_id,
        dept_team_parent_name
    from ssd_department
    left join team_names on team_names.id = dept_team_id
    where dept_team_id is not null
    order by dept_team_id, dept_team_name
)

select
    team.dept_team_id as team_id,
    coalesce(team.dept_team_name, team.dept_team_id) as team_name,
    coalesce(team.dept_team_parent_id, team.dept_team_id) as service_id,
    case
        when team.dept_team_parent_id is null then coalesce(team.dept_team_name, team.dept_team_id)
        else coalesce(service.dept_team_name, team.dept_team_parent_name, team.dept_team_parent_id)
    end as service_name
from departments as team
left join departments as service on service.dept_team_id = team.dept_team_parent_id
order by team_id
