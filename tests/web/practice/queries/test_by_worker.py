"""By worker: to the line of management alone, by name, logged, and on the page only (DESIGN 7.7)."""

from dataclasses import replace

import pytest
from django.http import Http404

from lineofsight.web.access.chain import told
from lineofsight.web.access.models import ChainEvent
from lineofsight.web.access.permissions import Capability, Refused
from lineofsight.web.access.viewer import Scope
from lineofsight.web.practice import seen
from lineofsight.web.practice.queries import by_worker, figures, page
from lineofsight.web.practice.queries.rows import is_of_workers
from lineofsight.web.practice.queries.standing import catalogue, standing


def asked(viewer, measure="CP01"):
    stand = standing()
    return by_worker.by_worker(stand, viewer, catalogue()[measure], figures.own(stand, viewer)[measure].headline)


@pytest.mark.parametrize("kind", ["authority", "service", "team", "own", "assigned", "none"])
def test_only_a_line_of_management_may_divide_by_worker(director, kind):
    everything = replace(director, scope=Scope(kind), capabilities=frozenset(Capability))
    one = catalogue()["CP08"]
    assert by_worker.may_by_worker(everything, one) is (kind in ("service", "team"))
    for capability in (Capability.SEE_WORKERS, Capability.SEE_CHILDREN):
        lacking = replace(everything, capabilities=everything.capabilities - {capability})
        assert not by_worker.may_by_worker(lacking, one)
    assert not by_worker.may_by_worker(everything, next(m for m in catalogue().values() if is_of_workers(m)))


def test_whoever_may_not_is_refused_and_the_page_has_no_such_way(director, viewer_as):
    with pytest.raises(Refused):
        asked(director)
    with pytest.raises(Http404):
        page.measure_page(director, "CP08", "worker")
    assert "worker" not in dict(page.measure_page(director, "CP08").ways)
    assert dict(page.measure_page(viewer_as("team-manager"), "CP08").ways)["worker"] == "Worker"


def test_workers_stand_by_name_with_their_caseload_and_the_read_is_in_the_log(viewer_as):
    manager = viewer_as("team-manager")
    before = ChainEvent.objects.count()
    found = page.measure_page(manager, "CP01", "worker").workers
    assert found is not None and found.lines
    names = [one.name for one in found.lines]
    assert names == sorted(names)
    assert all(one.caseload and (one.away in ("", "not measured") or "Away" in one.away) for one in found.lines)
    assert ChainEvent.objects.count() == before + 1
    event = told(ChainEvent.objects.latest("sequence"))
    assert event is not None and event.detail["by"] == "worker" and event.detail["rows"] == len(names)


def test_the_workers_figures_add_up_to_the_managers_own(viewer_as):
    manager = viewer_as("team-manager")
    found, whole = asked(manager), figures.own(standing(), manager)["CP01"].headline
    assert found is not None
    counted = sum(int(one.value.replace(",", "")) for one in found.lines)
    assert counted + found.unnamed == whole.numerator


def test_nothing_measured_is_nobody_listed_and_nothing_logged(viewer_as):
    manager, before = viewer_as("team-manager"), ChainEvent.objects.count()
    nothing = figures.Figure(standing().as_at, None, None, 0, None, measured=False)
    assert by_worker.by_worker(standing(), manager, catalogue()["CP01"], nothing) is None
    assert ChainEvent.objects.count() == before


def test_no_worker_is_frozen_as_evidence(viewer_as):
    manager = viewer_as("team-manager")
    found = asked(manager)
    assert found is not None
    said = str(seen.frozen(page.measure_page(manager, "CP01", "worker")))
    assert not [one.name for one in found.lines if one.name in said]
