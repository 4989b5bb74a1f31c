-- Posts, for Line of Sight: save the result as side_post.csv, headings first.
-- Names of tables and columns are those of a case system that does not exist. Where a comment says "change", put
-- your own. Standard SQL: it runs as it stands on SQL Server, Oracle, PostgreSQL and DuckDB once the names are right.
select
    posts.post_id as post_post_id,               -- one row a post and holder: the same post needs an id for each
    posts.team_id as post_team_id,               -- the same ids as in ssd_department
    posts.worker_id as post_worker_id,           -- blank is vacant
    posts.held_from as post_start_date,
    posts.held_to as post_end_date,
    posts.post_name as post_title,
    posts.fte as post_fte,
    posts.asye_began as post_asye_start_date
from establishment as posts                      -- change: the personnel system's posts
