"""Rows of workers are for their line of management and themselves; workers are named beside children to it alone."""

from dataclasses import replace

import pytest

from lineofsight.web.access.permissions import Capability, Refused
from lineofsight.web.access.viewer import Scope
from lineofsight.web.practice import queries
from lineofsight.web.practice.queries import rows
from lineofsight.web.practice.queries.standing import catalogue, sees_authority


def reaching(viewer, kind, *lacking):
    return replace(viewer, scope=Scope(kind), capabilities=frozenset(Capability) - set(lacking))


@pytest.mark.parametrize("kind", ["authority", "service", "team", "own", "assigned", "agency", "none"])
def test_rows_of_workers_are_for_their_managers_and_for_themselves(director, kind):
    workers = next(one for one in catalogue().values() if rows.is_of_workers(one))
    assert rows.may_rows(reaching(director, kind), workers) is (kind in ("service", "team", "own"))
    assert rows.may_rows(reaching(director, kind, Capability.SEE_WORKERS), workers) is (kind == "own")


@pytest.mark.parametrize("kind", ["authority", "service", "team", "own"])
def test_a_worker_is_named_beside_a_child_only_in_the_line_of_management(director, kind):
    assert rows.may_see_workers(reaching(director, kind)) is (kind in ("service", "team"))
    assert not rows.may_see_workers(reaching(director, kind, Capability.SEE_WORKERS))


def test_the_director_reads_no_workers_name_in_the_rows_that_a_manager_reads_with_them(director, viewer_as):
    manager = viewer_as("team-manager")
    asked = rows.Asked(which="all", whole=True)
    names = {one.worker for one in queries.rows_behind(manager, "CP01", asked).rows if one.worker}
    assert names
    assert not {one.worker for one in queries.rows_behind(director, "CP01", asked).rows} & names
    assert queries.rows_behind(manager, "CP01", asked).shows_workers
    assert not queries.rows_behind(director, "CP01", asked).shows_workers


def test_the_authoritys_figures_are_ones_own_only_with_the_permission(director):
    assert sees_authority(director)
    assert not sees_authority(replace(director, capabilities=frozenset()))
    assert not sees_authority(replace(director, scope=Scope("team")))
    assert sees_authority(replace(director, scope=Scope("none"), level="published"))


def test_without_the_permission_to_see_measures_there_are_no_rows(director):
    with pytest.raises(Refused):
        rows.check_rows(reaching(director, "authority", Capability.SEE_MEASURES), catalogue()["CP01"])
