-- Children under 18 with an open early help episode at each month end, one row a child: the one open longest.
-- `worker_id` is the worker whom that episode names, `worker_ids` all whom any of the child's open episodes names.
select
    month_spans.as_at,
    early_help.person_id,
    arg_min(early_help.episode_id, (early_help.started_on, early_help.episode_id)) as episode_id,
    arg_min_null(early_help.worker_id, (early_help.started_on, early_help.episode_id)) as worker_id,
    list(early_help.worker_id order by early_help.worker_id) as worker_ids,
    min(early_help.started_on) as started_on,
    arg_min(early_help.anchor, (early_help.started_on, early_help.episode_id)) as anchor
from early_help
inner join month_spans
    on early_help.started_on <= month_spans.as_at
    and early_help.open_until > month_spans.as_at
group by month_spans.as_at, early_help.person_id
