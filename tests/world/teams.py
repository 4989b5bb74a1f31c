"""Teams that change: one is called otherwise, one comes back under another id, two become one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tests.world.tables import Month, team_columns

RENAMED_FROM, RENUMBERED_FROM, MERGED_FROM = 5, 7, 9

# What says that a row is over; a row without one of these is of its day.
_ENDS = {
    "ssd_involvements": "invo_involvement_end_date",
    "ssd_cin_episodes": "cine_close_date",
    "ssd_cin_plans": "cinp_cin_plan_end_date",
    "side_post": "post_end_date",
}


@dataclass(frozen=True)
class Teams:
    """The teams by their first ids, with the days from which they are otherwise."""

    renamed: str
    new_name: str
    renamed_on: date
    renumbered: str
    new_id: str
    renumbered_name: str
    renumbered_on: date
    merged: str
    into: str
    merged_on: date

    def registry(self, month: int) -> str:
        """What an analyst has written into the registry of teams after a month's extract."""
        text = f'[[team]]\nid = "{self.renumbered}"\nalso = ["{self.new_id}"]\n'
        if month >= MERGED_FROM:
            text += f'[[team]]\nid = "{self.merged}"\nmerged_into = "{self.into}"\nmerged_on = {self.merged_on}\n'
        return text


def choose(month: Month, ends: tuple[date, ...]) -> Teams:
    """The four teams that hold most, in turn: those whose changes would touch most children."""
    found = month.run(
        "select invo_professional_team, any_value(dept_team_name) from ssd_involvements "
        "inner join ssd_department on dept_team_id = invo_professional_team "
        "where dept_team_parent_id is not null and invo_professional_role_id <> 'IRO' "
        "group by 1 order by count(*) filter (where invo_involvement_end_date is null) desc, 1 limit 4"
    )
    renumbered, renamed, into, merged = (str(team) for team, _ in found)
    return Teams(
        renamed=renamed,
        new_name=f"{found[1][1]} and Partners",
        renamed_on=ends[RENAMED_FROM - 1],
        renumbered=renumbered,
        new_id=f"9{renumbered}",
        renumbered_name="Family Safeguarding Hub",
        renumbered_on=ends[RENUMBERED_FROM - 1],
        merged=merged,
        into=into,
        merged_on=ends[MERGED_FROM - 1],
    )


def change(month: Month, number: int, chosen: Teams) -> None:
    """What the case system says of the teams in one month."""
    if number >= RENAMED_FROM:
        _rename(month, chosen.renamed, chosen.new_name)
    if number >= MERGED_FROM:
        _merge(month, chosen)
    if number >= RENUMBERED_FROM:
        _rename(month, chosen.renumbered, chosen.renumbered_name)
        for table in month.names:
            for column in team_columns(table):
                month.run(
                    f"update {table} set {column} = $new where {column} = $old",
                    old=chosen.renumbered,
                    new=chosen.new_id,
                )


def _rename(month: Month, team: str, name: str) -> None:
    month.run("update ssd_department set dept_team_parent_name = $name where dept_team_parent_id = $team",
              name=name, team=team)  # fmt: skip
    month.run("update ssd_department set dept_team_name = $name where dept_team_id = $team", name=name, team=team)


def _merge(month: Month, chosen: Teams) -> None:
    """What is open goes over; what was over stays under the id of a team that is listed no more."""
    month.run("delete from ssd_department where dept_team_id = $team", team=chosen.merged)
    for table, ended in _ENDS.items():
        if table in month:
            (column,) = team_columns(table)
            month.run(
                f"update {table} set {column} = $into where {column} = $team and {ended} is null",
                team=chosen.merged,
                into=chosen.into,
            )
