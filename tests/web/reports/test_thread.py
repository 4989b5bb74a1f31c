"""The thread: from a record down to the children for those who may, and from a child up to who saw the number."""

import re
from dataclasses import replace
from datetime import date

import pytest
from tests.web.reports.northmere import NAMES

from lineofsight.cases import refs
from lineofsight.web.access.house import keys_in_use, lake_in_use
from lineofsight.web.access.models import ChainEvent
from lineofsight.web.access.permissions import Capability
from lineofsight.web.commitments.actions import Frozen, Subject, Told, sign_now
from lineofsight.web.evidence import thread
from lineofsight.web.reports import packs
from lineofsight.web.reports.standings import FigureKey

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("diary")]


@pytest.fixture
def pack():
    return packs.make("dcs", date(2026, 10, 1))


@pytest.fixture
def signed(pack, viewer_as):
    told = Told(date(2026, 11, 12), "satisfied", "Because cover is arranged.", difference="Seen sooner.")
    bound = [Frozen("pack", str(pack.pk), pack.digest)]
    return sign_now(Subject("October pack", "pack", str(pack.pk)), told, by=viewer_as("dcs"), rests_on=bound)


def key_of(surname):
    lake = lake_in_use()
    people = lake.persons(lake.latest(), columns=["child_key", "surname"]).to_pylist()
    return next(one["child_key"] for one in people if one["surname"] == surname)


def flat(nodes):
    for node in nodes:
        yield node
        yield from flat(node.branches)


def test_down_from_a_record_leads_to_the_pack_its_figures_and_the_children_behind_them(signed, pack, viewer_as):
    down = thread.down(viewer_as("dcs"), "record", str(signed.pk))
    kinds = {node.kind for node in flat(down)}
    assert {"pack", "figure", "rows", "commitment"} <= kinds
    labels = [node.label for node in flat(down) if node.kind == "rows"]
    assert "The 3 children" in labels


def test_down_from_a_record_says_how_many_to_those_alone_who_may_list_them(signed, viewer_as):
    director = viewer_as("dcs")
    without = replace(director, capabilities=director.capabilities - {Capability.SEE_CHILDREN})
    told = {
        viewer: [node for node in flat(thread.down(viewer, "record", str(signed.pk))) if "children" in node.label]
        for viewer in (director, without)
    }
    assert told[director] and not [node for node in told[without] if node.kind == "rows"]


def test_down_from_a_figure_are_its_children_by_name_and_the_reading_is_logged(pack, viewer_as):
    key = str(FigureKey("CP10", pack.snapshot_id, pack.computation_id))
    before = ChainEvent.objects.filter(action="children.listed").count()
    down = thread.down(viewer_as("dcs"), "figure", key)
    assert sorted(node.label for node in down) == ["Dot Heron", "Hal Siskin", "Lou Whimbrel"]
    assert all(re.fullmatch(r"/children/[\w-]{43}/", node.url) for node in down)
    assert ChainEvent.objects.filter(action="children.listed").count() == before + 1


def test_a_narrower_office_sees_only_its_own_children_behind_a_figure(pack, viewer_as, people):
    from lineofsight.web.access.models import Holding

    Holding.objects.filter(office="team-manager").update(scope_ids=["t2"])
    key = str(FigureKey("CP10", pack.snapshot_id, pack.computation_id))
    down = thread.down(viewer_as("team-manager"), "figure", key)
    assert sorted(node.label for node in down) == ["Hal Siskin", "Lou Whimbrel"]


@pytest.mark.parametrize("office", ["lead-member", "chief-executive"])
def test_who_sees_no_child_finds_something_they_may_not_see(signed, pack, viewer_as, office):
    viewer = viewer_as(office)
    key = str(FigureKey("CP10", pack.snapshot_id, pack.computation_id))
    (only,) = thread.down(viewer, "figure", key)
    assert (only.visible, only.label) == (False, thread.HIDDEN)
    whole = [*flat(thread.down(viewer, "record", str(signed.pk))), *flat(thread.up(viewer, "measure", "CP10"))]
    assert not any(surname in f"{node.label} {node.note}" for node in whole for _, surname in NAMES)
    assert thread.here(viewer, "child", key_of("Heron")).visible is False


def test_up_from_a_child_are_the_numbers_that_counted_them_the_pack_and_who_signed_it(signed, viewer_as):
    up = thread.up(viewer_as("dcs"), "child", key_of("Heron"))
    told = {node.kind: node for node in flat(up)}
    assert {"figure", "pack", "record"} <= set(told)
    assert "is satisfied" in told["record"].note
    counted = {node.key.split("@")[0] for node in up if node.kind == "figure"}
    assert "CP10" in counted


def test_a_child_who_was_not_counted_leads_to_no_such_number(signed, viewer_as):
    up = thread.up(viewer_as("dcs"), "child", key_of("Tern"))
    assert "CP10" not in {node.key.split("@")[0] for node in up}


def test_up_from_a_child_is_for_those_who_may_open_the_child(signed, viewer_as):
    assert thread.up(viewer_as("lead-member"), "child", key_of("Heron")) == ()
    assert thread.up(viewer_as("administrator"), "child", key_of("Heron")) == ()


def test_up_from_a_measure_is_every_pack_that_froze_it_and_who_signed(signed, viewer_as):
    up = thread.up(viewer_as("lead-member"), "measure", "CP10")
    assert [node.kind for node in up] == ["pack"]
    assert [node.kind for node in up[0].branches] == ["record"]


def test_the_page_of_a_childs_thread_is_reached_by_a_ref_of_ones_own_audience(signed, client_as):
    key = key_of("Heron")
    own = refs.ref(keys_in_use(), "identified", key)
    members = refs.ref(keys_in_use(), "lead-member:2026-11", key)
    page = client_as("dcs").get(f"/thread/child/{own}/")
    assert page.status_code == 200
    assert key not in page.content.decode()
    for office, ref in (("lead-member", members), ("lead-member", own), ("dcs", members), ("dcs", key)):
        assert client_as(office).get(f"/thread/child/{ref}/").status_code == 404


@pytest.mark.parametrize(
    "address",
    ["/thread/measure/XX99/", "/thread/nothing/1/", "/thread/record/not-an-id/", "/thread/figure/CP10/"],
)
def test_a_thread_of_nothing_is_no_page(pack, client_as, address):
    assert client_as("dcs").get(address).status_code == 404


def test_seeing_a_page_freezes_what_was_seen_and_stands_above_the_measure(client_as, viewer_as, pack):
    client = client_as("head-of-service")
    page = client.get("/records/seen/?kind=measure&key=CP10").content.decode()
    mark = re.search(r'name="seen" value="([0-9a-f]+)"', page)[1]
    answer = {"seen": mark, "judgement": "decided", "words": "A worker starts on Monday.", "difference": "None wait."}
    response = client.post("/records/seen/?kind=measure&key=CP10", answer, follow=True)
    assert "It is on the record" in response.content.decode()
    up = thread.up(viewer_as("dcs"), "measure", "CP10")
    evidence = next(node for node in up if node.kind == "evidence")
    assert evidence.branches[0].kind == "record"
    from lineofsight.web.evidence.models import Evidence

    frozen = Evidence.objects.get()
    assert frozen.content["seen_by"] == {
        "office": "head-of-service",
        "level": "identified",
        "scope": "service",
        "scope_ids": ["S1"],
    }
    assert frozen.computation_id == pack.computation_id
    assert frozen.is_as_frozen()


def test_a_page_that_changed_while_one_was_writing_is_not_frozen(client_as, load, pack):
    from tests.web.reports.northmere import october

    client = client_as("dcs")
    page = client.get("/records/seen/?kind=measure&key=CP10").content.decode()
    mark = re.search(r'name="seen" value="([0-9a-f]+)"', page)[1]
    load(october({"4", "8", "12", "2"}))
    answer = {"seen": mark, "judgement": "decided", "words": "A worker starts on Monday.", "difference": "None wait."}
    again = client.post("/records/seen/?kind=measure&key=CP10", answer).content.decode()
    assert "has changed while you were writing" in again
    assert "4 of 12" in again
    from lineofsight.web.commitments.models import Record
    from lineofsight.web.evidence.models import Evidence

    assert not Record.objects.exists()
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("query", ["kind=measure&key=XX", "kind=nothing&key=1", "", "kind=child&key=abc"])
def test_what_cannot_be_seen_cannot_be_recorded(client_as, pack, query):
    assert client_as("dcs").get(f"/records/seen/?{query}").status_code == 404


def test_narrow_numbers_are_not_widened_to_an_office_that_sees_no_child(client_as, viewer_as, pack):
    client = client_as("head-of-service")
    page = client.get("/records/seen/?kind=measure&key=CP10").content.decode()
    mark = re.search(r'name="seen" value="([0-9a-f]+)"', page)[1]
    answer = {"seen": mark, "judgement": "decided", "words": "Done.", "difference": "Seen."}
    client.post("/records/seen/?kind=measure&key=CP10", answer)
    for_director = next(n for n in thread.up(viewer_as("dcs"), "measure", "CP10") if n.kind == "evidence")
    for_member = next(n for n in thread.up(viewer_as("lead-member"), "measure", "CP10") if n.kind == "evidence")
    assert for_member.note == "Seen by the Head of service."
    assert for_director.note.startswith("Seen by the Head of service.")
