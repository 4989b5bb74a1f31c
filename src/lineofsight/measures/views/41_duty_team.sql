-- The one team that answers for a child nobody else answers for: the front door, else a service.
select
    team_id,
    service_id
from teams
order by
    case
        when regexp_matches(team_name, '\b(duty|front door|mash|multi-agency safeguarding hub)\b') then 1
        when regexp_matches(team_name, '\b(referral|contact|assessment)\b') then 2
        when is_service then 3
        else 4
    end,
    team_id
limit 1
