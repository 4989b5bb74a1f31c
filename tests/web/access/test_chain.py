"""The audit chain in the database: appended by many at once, told to nobody else, and checked whole."""

import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from lineofsight import chain as format
from lineofsight import clock
from lineofsight.home import create_home
from lineofsight.web.access import chain, chain_index
from lineofsight.web.access.models import ChainChild, ChainEvent, ChainHead, ChainShown

WRITERS = 8
EACH = 12


def test_an_event_carries_who_what_and_the_children_and_only_the_subject_is_in_the_clear(viewer_as):
    event = chain.record(
        viewer=viewer_as("dcs").for_purpose("monthly look"),
        action="saw the children",
        subject="measure CP10",
        child_keys=["aa11", "bb22"],
        detail={"rows": 2},
    )
    assert (event.sequence, event.actor, event.subject) == (1, "p-dcs", "measure CP10")
    assert chain.told(event) == chain.Told("dcs", "monthly look", ("aa11", "bb22"), {"rows": 2})
    assert b"aa11" not in bytes(event.payload) and b"monthly" not in bytes(event.payload)


def test_a_whole_chain_verifies_with_its_payloads(viewer_as):
    for number in range(20):
        chain.record(viewer=viewer_as("dcs"), action="looked", subject=str(number))
    verdict = chain.verify_chain(payloads=True)
    assert verdict.ok and verdict.count == 20


@pytest.mark.parametrize("column", ["actor", "action", "subject", "at", "digest"])
def test_a_changed_event_is_found_where_it_was_changed(viewer_as, column):
    for _ in range(5):
        chain.record(viewer=viewer_as("dcs"), action="looked")
    ChainEvent.objects.filter(sequence=3).update(**{column: "f" * 20})
    verdict = chain.verify_chain()
    assert not verdict.ok and verdict.problems[0].sequence == 3


def test_an_event_taken_out_is_found(viewer_as):
    for _ in range(5):
        chain.record(viewer=viewer_as("dcs"), action="looked")
    ChainEvent.objects.filter(sequence=2).delete()
    assert [problem.sequence for problem in chain.verify_chain().problems] == [2]


def test_a_chain_cut_at_its_end_is_found_even_when_the_head_was_moved_back(viewer_as, home):
    for _ in range(5):
        event = chain.record(viewer=viewer_as("dcs"), action="looked")
    chain.anchor_head(home)
    ChainEvent.objects.filter(sequence__gt=3).delete()
    third = ChainEvent.objects.get(sequence=3)
    ChainHead.objects.update(sequence=3, hash=third.hash)
    problems = chain.verify_chain().problems
    assert [problem.sequence for problem in problems] == [event.sequence]


def test_a_payload_exchanged_for_another_is_found(viewer_as):
    first = chain.record(viewer=viewer_as("dcs"), action="looked", child_keys=["aa"])
    second = chain.record(viewer=viewer_as("dcs"), action="looked", child_keys=["bb"])
    ChainEvent.objects.filter(pk=second.pk).update(payload=first.payload)
    assert chain.verify_chain().ok
    assert [problem.sequence for problem in chain.verify_chain(payloads=True).problems] == [second.pk]


def test_an_erased_payload_leaves_the_chain_whole(viewer_as):
    event = chain.record(viewer=viewer_as("dcs"), action="looked", child_keys=["aa"])
    ChainEvent.objects.filter(pk=event.pk).update(payload=None)
    event.refresh_from_db()
    assert chain.told(event) is None
    assert [problem.sequence for problem in chain.verify_chain(payloads=True).problems] == [event.pk]
    ChainChild.objects.filter(sequence=event.pk).delete()
    ChainShown.objects.filter(sequence=event.pk).delete()
    assert chain.verify_chain(payloads=True).ok


def test_the_index_tells_which_children_an_event_showed_in_their_order_and_each_once(viewer_as):
    viewer = viewer_as("dcs").for_purpose("a complaint")
    keys = ["bb" * 16, "aa" * 16, "bb" * 16]
    event = chain.record_read(viewer=viewer, action="child.opened", child_keys=keys, detail={"format": "csv"})
    children = ChainChild.objects.filter(sequence=event.pk).order_by("place")
    assert list(children.values_list("child_key", "place")) == [("bb" * 16, 0), ("aa" * 16, 1)]
    shown = ChainShown.objects.get()
    assert (shown.sequence, shown.hour, shown.actor) == (event.pk, event.at[:13], "p-dcs")
    assert (shown.children, shown.opened, shown.form) == (2, "bb" * 16, "csv")
    assert shown.reason == chain_index.reason_digest("a complaint") != chain_index.reason_digest("a complaint ")
    assert chain.told(event).children == tuple(keys)
    assert chain.verify_chain(payloads=True).ok


def test_an_event_that_shows_nobody_has_no_row_in_the_index(viewer_as):
    chain.record(viewer=viewer_as("dcs"), action="looked", detail={"format": "page"})
    assert not ChainShown.objects.exists() and not ChainChild.objects.exists()


def test_a_child_somebody_was_refused_and_the_desks_own_look_count_as_shown_to_nobody(viewer_as):
    chain.record(viewer=viewer_as("dcs"), action="child.refused", child_keys=["aa" * 16])
    chain.record(viewer=viewer_as("information-governance"), action="log.child", child_keys=["aa" * 16])
    assert list(ChainShown.objects.values_list("children", "opened")) == [(0, "")]
    assert ChainChild.objects.count() == 2


def test_the_index_goes_back_with_a_transaction_that_fails(viewer_as):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        chain.record(viewer=viewer_as("dcs"), action="child.opened", child_keys=["aa" * 16])
        raise ZeroDivisionError
    assert not ChainChild.objects.exists() and not ChainShown.objects.exists()


@pytest.mark.parametrize(
    "tamper",
    [
        lambda: ChainChild.objects.filter(sequence=2).delete(),
        lambda: ChainChild.objects.filter(sequence=2, place=1).delete(),
        lambda: ChainChild.objects.create(sequence=2, child_key="ff" * 16, place=2),
        lambda: ChainChild.objects.filter(sequence=2, place=1).update(place=5),
        lambda: ChainShown.objects.filter(sequence=2).delete(),
        lambda: ChainShown.objects.filter(sequence=2).update(actor="p-somebody"),
        lambda: ChainShown.objects.filter(sequence=2).update(hour="2026-01-01T09"),
        lambda: ChainShown.objects.filter(sequence=2).update(children=1),
        lambda: ChainShown.objects.filter(sequence=2).update(opened=""),
        lambda: ChainShown.objects.filter(sequence=2).update(reason="0" * 32),
        lambda: ChainShown.objects.filter(sequence=2).update(form="xlsx"),
    ],
)
def test_an_index_that_says_other_than_the_payload_is_told_at_its_event(viewer_as, tamper):
    viewer = viewer_as("dcs").for_purpose("a complaint")
    for _ in range(3):
        chain.record(viewer=viewer, action="child.opened", child_keys=["aa" * 16, "bb" * 16])
    tamper()
    assert chain.verify_chain().ok
    assert [problem.sequence for problem in chain.verify_chain(payloads=True).problems] == [2]


@pytest.mark.parametrize("rows", [ChainChild, ChainShown])
def test_an_index_that_tells_of_an_event_there_is_not_is_told(viewer_as, rows):
    chain.record(viewer=viewer_as("dcs"), action="looked")
    told = {"place": 0, "child_key": "aa" * 16} if rows is ChainChild else {"hour": "2026-01-01T09", "actor": "p-dcs"}
    rows.objects.create(sequence=9, **told)
    assert [problem.sequence for problem in chain.verify_chain(payloads=True).problems] == [9]


def test_events_older_than_the_index_are_put_into_it_once(viewer_as, monkeypatch):
    viewer = viewer_as("dcs").for_purpose("a complaint")
    with monkeypatch.context() as before:
        before.setattr(chain_index, "write", lambda sequence, entry: None)
        for number in range(5):
            chain.record(viewer=viewer, action="child.opened", child_keys=[f"{number:032x}", "ff" * 16])
    ChainHead.objects.update(indexed=False)
    monkeypatch.setattr(chain_index, "_CHUNK", 2)
    newest = chain.record(viewer=viewer, action="child.opened", child_keys=["ee" * 16])
    assert chain.verify_chain(payloads=True).ok, "an index that is not complete yet is not an index that is wrong"
    assert chain.index_children() == 6
    assert ChainChild.objects.count() == 11 and ChainShown.objects.count() == 6
    assert chain.verify_chain(payloads=True).ok
    assert chain.index_children() == 0
    chain.record(viewer=viewer, action="child.opened", child_keys=["ee" * 16])
    assert chain.index_children() == 0
    assert ChainChild.objects.filter(child_key="ee" * 16).count() == 2 == newest.pk - 4


def test_an_event_with_thousands_of_children_costs_a_fraction_of_a_second(viewer_as):
    keys = [f"{number:032x}" for number in range(5_000)]
    with CaptureQueriesContext(connection) as asked:
        chain.record(viewer=viewer_as("dcs"), action="children.listed", child_keys=keys)
    assert ChainChild.objects.count() == 5_000
    assert len(asked) <= 12


def test_the_head_gone_while_events_stand_stops_the_log_and_never_begins_it_anew(viewer_as):
    chain.record(viewer=viewer_as("dcs"), action="looked")
    ChainHead.objects.all().delete()
    with pytest.raises(chain.LogUnavailable):
        chain.record(viewer=viewer_as("dcs"), action="looked")
    assert ChainEvent.objects.count() == 1


def test_an_event_is_neither_written_again_nor_deleted(viewer_as):
    event = chain.record(viewer=viewer_as("dcs"), action="looked")
    event.action = "something else"
    with pytest.raises(Exception, match=r"(?i)unique"), transaction.atomic():
        event.save()
    with pytest.raises(TypeError):
        event.delete()


def test_a_write_that_fails_takes_its_event_back_with_it(viewer_as):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        chain.record(viewer=viewer_as("dcs"), action="signed")
        raise ZeroDivisionError
    assert ChainEvent.objects.count() == 0
    assert chain.record(viewer=viewer_as("dcs"), action="looked").sequence == 1


@pytest.mark.django_db(transaction=True)
def test_a_read_inside_another_transaction_is_refused_for_it_could_be_rolled_back(viewer_as):
    with pytest.raises(RuntimeError), transaction.atomic():
        chain.record_read(viewer=viewer_as("dcs"), action="looked")


def test_a_database_that_fails_is_the_log_being_unavailable(viewer_as, monkeypatch):
    def broken(self, **kwargs):
        raise OperationalError("disk full")

    viewer = viewer_as("dcs")
    monkeypatch.setattr(ChainEvent, "save", broken)
    with pytest.raises(chain.LogUnavailable):
        chain.record_read(viewer=viewer, action="looked")


@pytest.mark.django_db(transaction=True)
def test_the_first_event_of_a_day_anchors_the_day_before(viewer_as, home):
    monday = datetime(2026, 11, 2, 9, tzinfo=UTC)
    with clock.frozen_at(monday):
        last = chain.record(viewer=viewer_as("dcs"), action="looked")
        assert format.read_anchors(home) == {}
    with clock.frozen_at(monday + timedelta(days=1)):
        chain.record(viewer=viewer_as("dcs"), action="looked")
    assert format.read_anchors(home) == {last.sequence: last.hash}


WRITER = """
import json, os, pathlib, sys, time
import django
from django.conf import settings
database, begin, each = json.loads(sys.argv[1]), pathlib.Path(sys.argv[2]), int(sys.argv[3])
settings.DATABASES["default"].update(database)
django.setup()
from lineofsight.web.access import chain
begin.with_name(f"ready-{os.getpid()}").touch()
while not begin.exists():
    time.sleep(0.01)
for _ in range(each):
    chain.record(actor=f"writer-{os.getpid()}", action="looked")
"""


@pytest.mark.django_db(transaction=True)
def test_eight_processes_append_at_once_without_a_lost_or_doubled_number(home, tmp_path):
    names = ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")
    database = json.dumps({name: connection.settings_dict[name] for name in names})
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "lineofsight.web.site.settings"}
    command = [sys.executable, "-c", WRITER, database, str(tmp_path / "begin"), str(EACH)]
    writers = [subprocess.Popen(command, env=environment) for _ in range(WRITERS)]
    until = time.monotonic() + 60
    while len(list(tmp_path.glob("ready-*"))) < WRITERS and time.monotonic() < until:
        time.sleep(0.05)
    (tmp_path / "begin").touch()
    assert [writer.wait(60) for writer in writers] == [0] * WRITERS
    assert ChainEvent.objects.values("actor").distinct().count() == WRITERS
    _assert_whole()


@pytest.mark.django_db(transaction=True)
def test_eight_threads_append_at_once_without_a_lost_or_doubled_number(home):
    failures: list[BaseException] = []
    together = threading.Barrier(WRITERS)

    def write(name: str) -> None:
        try:
            together.wait(30)
            for _ in range(EACH):
                chain.record(actor=name, action="looked")
        except BaseException as wrong:
            failures.append(wrong)
        finally:
            connections.close_all()

    writers = [threading.Thread(target=write, args=(f"writer-{number}",)) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert failures == []
    _assert_whole()


def _assert_whole() -> None:
    sequences = list(ChainEvent.objects.order_by("sequence").values_list("sequence", flat=True))
    assert sequences == list(range(1, WRITERS * EACH + 1))
    assert chain.verify_chain(payloads=True).ok


@pytest.mark.django_db(transaction=True)
def test_on_sqlite_every_commit_reaches_the_disk_and_readers_do_not_wait(home):
    if connection.vendor != "sqlite":
        pytest.skip("SQLite's own settings.")
    with connection.cursor() as cursor:
        assert cursor.execute("pragma journal_mode").fetchone()[0] == "wal"
        assert cursor.execute("pragma synchronous").fetchone()[0] == 2
    with transaction.atomic():
        chain.record(actor="a", action="looked")
        other = sqlite3.connect(connection.settings_dict["NAME"], timeout=0)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("begin immediate")
        assert other.execute("select count(*) from access_chainevent").fetchone() == (0,)
        other.close()


def test_an_empty_chain_has_no_anchor(db, home):
    chain.anchor_head()
    ChainHead.objects.create(pk=1, sequence=0, hash=format.GENESIS)
    chain.anchor_head()
    chain.anchor_a_missed_day()
    assert format.anchor_days(home) == []


def test_an_anchor_is_written_into_the_home_in_use_or_into_the_one_that_is_named(db, home, tmp_path):
    elsewhere = create_home(tmp_path / "elsewhere", authority="306", authority_name="Northmere Council")
    with clock.frozen_at(datetime(2026, 10, 3, 9, tzinfo=UTC)):
        chain.record(actor="worker", action="extract.loaded")
    with clock.frozen_at(datetime(2026, 10, 5, 9, tzinfo=UTC)):
        chain.anchor_a_missed_day(elsewhere)
        chain.anchor_head(elsewhere)
        assert (format.anchor_days(elsewhere), format.anchor_days(home)) == ([date(2026, 10, 3), date(2026, 10, 5)], [])
        chain.anchor_a_missed_day()
        chain.anchor_head()
    assert format.anchor_days(home) == [date(2026, 10, 3), date(2026, 10, 5)]


def test_a_day_is_pinned_by_the_first_event_of_the_next_and_by_none_of_its_own(
    db, home, django_capture_on_commit_callbacks
):
    for day, hour, pinned in ((3, 9, []), (3, 17, []), (4, 9, [date(2026, 10, 3)]), (4, 10, [date(2026, 10, 3)])):
        with (
            clock.frozen_at(datetime(2026, 10, day, hour, tzinfo=UTC)),
            django_capture_on_commit_callbacks(execute=True) as called,
        ):
            chain.record(actor="worker", action="extract.loaded")
        assert len(called) == (day == 4 and hour == 9)
        assert format.anchor_days(home) == pinned
