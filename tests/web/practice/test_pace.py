"""Nobody searches for children, or opens their pages, faster than work needs: the looks in the log are the count."""

from datetime import timedelta

import pytest

from lineofsight import clock, policy
from lineofsight.cases import refs
from lineofsight.web import keys_in_use
from lineofsight.web.access import chain, pace
from lineofsight.web.access.chain import told
from lineofsight.web.access.models import ChainEvent
from lineofsight.web.practice.queries import children, finding

FIND = "/children/find/"


def _looked(viewer, kind, times, *, at=None):
    with clock.frozen_at(at or clock.now()):
        for number in range(times):
            keys = [] if kind.action else [f"{number:032x}"]
            chain.record(viewer=viewer, action=kind.action or "exceptions.listed", child_keys=keys)


def _most(kind):
    return int(policy.load().number(kind.threshold, clock.today()))


def _page(viewer, persons):
    one = next(row for row in persons if not row["restricted"])
    return refs.ref(keys_in_use(), viewer.audience, one["child_key"])


@pytest.fixture
def asks(viewer_as, client_as, persons):
    """`asks(kind)`: the Director's viewer, the query that looks once, and the page that does."""

    def made(kind):
        viewer, client = viewer_as("dcs"), client_as("dcs")
        if kind is pace.SEARCHING:
            asked = finding.Asked(surname="Zzz")
            return viewer, lambda: finding.find(viewer, asked), lambda: client.post(FIND, {"surname": "Zzz"})
        ref = _page(viewer, persons)
        return viewer, lambda: children.get_child(viewer, ref), lambda: client.get(f"/children/{ref}/")

    return made


@pytest.mark.parametrize("kind", [pace.SEARCHING, pace.OPENING])
def test_the_last_look_that_policy_allows_opens_and_the_next_is_refused_in_one_sentence(asks, kind):
    viewer, query, page = asks(kind)
    _looked(viewer, kind, _most(kind) - 1)
    assert page().status_code == 200
    looked = ChainEvent.objects.filter(action=kind.action).count()
    answer = page()
    assert answer.status_code == 429
    text = answer.content.decode()
    assert f"{kind.did} {_most(kind)} times in the last hour" in text and "Information governance is told" in text
    with pytest.raises(pace.TooFast):
        query()
    assert ChainEvent.objects.filter(action=kind.action).count() == looked, "nothing was looked at"


@pytest.mark.parametrize("kind", [pace.SEARCHING, pace.OPENING])
def test_being_stopped_is_in_the_log_once_an_hour_with_the_number(asks, kind):
    viewer, query, _ = asks(kind)
    _looked(viewer, kind, _most(kind))
    for _ in range(3):
        with pytest.raises(pace.TooFast):
            query()
    (stopped,) = ChainEvent.objects.filter(action=pace.STOPPED)
    assert (stopped.actor, stopped.subject) == ("p-dcs", kind.threshold)
    assert told(stopped).detail == {"most": _most(kind)}


@pytest.mark.parametrize("kind", [pace.SEARCHING, pace.OPENING])
def test_the_hour_moves_on_and_others_and_the_other_kind_are_not_counted(asks, viewer_as, kind):
    viewer, query, _ = asks(kind)
    now = clock.now()
    other = pace.OPENING if kind is pace.SEARCHING else pace.SEARCHING
    _looked(viewer, kind, _most(kind), at=now - timedelta(hours=1))
    _looked(viewer_as("chief-executive"), kind, _most(kind))
    _looked(viewer, other, _most(other))
    query()
    _looked(viewer, kind, _most(kind) - 1)
    with pytest.raises(pace.TooFast):
        query()
    with clock.frozen_at(now + timedelta(hours=1, seconds=1)):
        query()


def test_a_form_that_searches_for_nothing_counts_as_no_search(client_as):
    client = client_as("dcs")
    assert client.post(FIND, {}).status_code == 200 and client.get(FIND).status_code == 200
    assert not ChainEvent.objects.filter(action=pace.SEARCHING.action).exists()


def test_the_numbers_are_the_policys(db, home):
    assert [_most(kind) for kind in (pace.SEARCHING, pace.OPENING, pace.LISTING)] == [60, 120, 240]


LISTS = [
    "/exceptions/",
    "/exceptions/unallocated/",
    "/children/easily-lost/",
    "/measures/CP10/children/",
    "/measures/CP10/children/?format=csv",
]


@pytest.mark.parametrize("where", LISTS)
def test_lists_and_files_of_children_stop_at_a_number_too_whatever_kind_they_are(client_as, viewer_as, where):
    viewer, client = viewer_as("dcs"), client_as("dcs")
    assert client.get(where).status_code == 200
    _looked(viewer, pace.LISTING, _most(pace.LISTING))
    answer = client.get(where)
    assert answer.status_code == 429
    assert "opened lists and pages of children 240 times" in answer.content.decode()
    (stopped,) = ChainEvent.objects.filter(action=pace.STOPPED)
    assert stopped.subject == pace.LISTING.threshold
    with clock.frozen_at(clock.now() + timedelta(hours=1)):
        assert pace.LISTING.looks(viewer) == 0


@pytest.mark.parametrize("kind", [pace.SEARCHING, pace.OPENING, pace.LISTING])
def test_the_looks_of_others_are_not_counted_and_their_being_stopped_is_not_ones_own(viewer_as, kind):
    _looked(viewer_as("qa-manager"), kind, _most(kind))
    assert kind.looks(viewer_as("dcs")) == 0
    _looked(viewer_as("dcs"), kind, _most(kind))
    for office in ("qa-manager", "dcs", "dcs"):
        with pytest.raises(pace.TooFast):
            pace.check_pace(viewer_as(office), kind)
    stopped = ChainEvent.objects.filter(action=pace.STOPPED).order_by("sequence")
    assert list(stopped.values_list("actor", flat=True)) == ["p-qa-manager", "p-dcs"]
