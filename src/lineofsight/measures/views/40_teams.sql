-- Teams with the service they stand under; a department without a parent is a service of its own.
select
    department.dept_team_id as team_id,
    coalesce(department.dept_team_parent_id, department.dept_team_id) as service_id,
    lower(coalesce(department.dept_team_name, '')) as team_name,
    department.dept_team_parent_id is null as is_service
from ssd_department as department
where department.dept_team_id is not null
