"""What teams are called: on the date shown, under the ids that are one, and never formerly what they are called now."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.web.data.test_changes import asked, page, team_of

from lineofsight import policy
from lineofsight.policy import changing
from lineofsight.policy.registry import Entry, Name
from lineofsight.web.access.house import lake_in_use
from lineofsight.web.access.permissions import Capability
from lineofsight.web.data import jobs
from lineofsight.web.data.queries import changes, teams
from lineofsight.web.practice.queries.standing import Standing
from lineofsight.web.practice.queries.standing import teams as teams_of
from lineofsight.web.site import work


def test_no_team_was_formerly_called_what_it_is_called_on_that_day() -> None:
    names = (Name("East", date(2020, 1, 1)), Name("North", date(2025, 1, 1)), Name("East", date(2026, 1, 1)))
    entry = Entry("T1", names)
    assert entry.name_on(date(2026, 2, 1)) == "East"
    assert entry.formerly(date(2026, 2, 1)) == ("North",)


def test_looking_back_shows_the_name_in_force_on_the_date_shown(home) -> None:
    lake, team = lake_in_use(), team_of(home)
    snapshot, first = lake.newest()
    before = {row["team_id"]: row["team_name"] for row in lake.teams(snapshot).to_pylist()}[team]
    text = changing.rename("team", team, "Family Help, North", date(2026, 10, 1), before)("")
    changing.keep(home, changing.REGISTRY, text, base=changing.digest(""))
    work.finish_loads()
    assert lake.computation(snapshot, first.id) == first
    past = teams_of(Standing(lake, snapshot, first))[team]
    assert (past.name, past.formerly) == ("Family Help, North", before)
    earlier = lake.snapshots()[0]
    then = teams_of(Standing(lake, earlier, lake.computation(earlier)))[team]
    assert (then.name, then.formerly) == (before, "")


@pytest.mark.full
def test_saying_that_two_ids_are_one_team_invents_no_rename_and_the_preview_has_one_row_a_team(
    analyst, viewer_as, home
) -> None:
    lake, team = lake_in_use(), team_of(home)
    newest = lake.newest()[0]
    other = next(one for one in lake.teams(newest)["team_id"].to_pylist() if one != team)
    held = lake.persons(newest, columns=["team_id"])["team_id"].to_pylist()
    before = teams.page(viewer_as("analyst"))
    change = asked(analyst, "data:entry", {"what": "same", "other": team}, kind="team", id=other)
    jobs.do_all()
    change.refresh_from_db()
    both = held.count(team) + held.count(other)
    assert [(row[0], row[2], row[3]) for row in change.effect["teams"]] == [(other, both, both)]
    assert "People on record, by team" in page(analyst, change)
    changing.keep(home, changing.REGISTRY, changing.same_as("team", other, team)(""), base=changing.digest(""))
    work.finish_loads()
    assert policy.registry(home).stands_for("team", team) == other
    after = teams.page(viewer_as("analyst"))
    assert (after.renamed, after.same) == (before.renamed, before.same)


def test_teams_of_one_name_are_told_apart_by_their_ids(analyst, viewer_as, home) -> None:
    change = asked(
        analyst, "data:entry", {"what": "name", "name": "X", "since": "1 October 2026"}, kind="team", id="T1"
    )
    change.effect = {"measures": [], "teams": [["T1", "X", 1, 2], ["T2", "X", 2, 1], ["T3", "Y", 0, 1]]}
    change.save()
    shown = changes.shown(viewer_as("analyst"), change.key)
    assert [one.name for one in shown.teams] == ["X (T1)", "X (T2)", "Y"]


def test_who_may_not_see_workers_is_told_their_ids_and_no_name(home, viewer_as) -> None:
    viewer = viewer_as("analyst")
    sees = replace(viewer, capabilities=viewer.capabilities | {Capability.SEE_WORKERS})
    without = replace(viewer, capabilities=viewer.capabilities - {Capability.SEE_WORKERS})
    named, unnamed = teams.known(sees, "worker"), teams.known(without, "worker")
    assert any(named.values()) and set(unnamed) == set(named)
    one = next(key for key, name in named.items() if name)
    assert (teams.called(sees, "worker", one), teams.called(without, "worker", one)) == (named[one], "")
    assert (teams.page(sees).names_workers, teams.page(without).names_workers) == (True, False)
    assert not any(unnamed.values())
    assert teams.known(without, "team") == teams.known(sees, "team") and any(teams.known(without, "team").values())
