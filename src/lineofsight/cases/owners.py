"""Who must act on an exception: an office, and the worker who holds it where that is on file."""

from datetime import date
from importlib.resources import files

import pyarrow as pa

from lineofsight import schema
from lineofsight.lake.engine import connect, run


def offices(teams: pa.Table, workers: pa.Table, posts: pa.Table | None, as_at: date) -> pa.Table:
    """Who answers for each team on the day `as_at`.

    Takes the lake's `teams` and `workers` models and the posts file (`side_post`, None where the extract has
    none). Returns a row a team: `team_id, team_name, service_id, owner` (an office in words, no name of a
    person) and `owner_id` (the worker who holds that office, null where not on file). The rule is ours: the team's
    manager; where that post is on file and empty, the head of service.
    """
    con = connect(
        {
            "teams": teams,
            "workers": workers,
            "posts": posts if posts is not None else schema.arrow_schema("side_post").empty_table(),
            "moment": pa.table({"as_at": pa.array([as_at], pa.date32())}),
        }
    )
    try:
        return run(con, (files(__package__) / "owners.sql").read_text("utf-8"))
    finally:
        con.close()
