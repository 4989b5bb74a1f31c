"""A redaction leaves no byte of the child: loads at every stage, what was asked of the worker, pages, packs."""
# ruff: noqa: F811  fixtures of the other file are asked for by name

from __future__ import annotations

import csv
import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from django.http import HttpResponse
from django.urls import ResolverMatch
from tests.lake.extracts import extract_of
from tests.lake.test_redacting_merged import told as with_visits
from tests.lake.unmistakable import CHILD, MARK, OTHER, SISTER, unmistakable
from tests.web.site.test_redaction import (  # noqa: F401  fixtures
    NOW,
    WORDS,
    everything_said,
    home,
    key,
    made,
    redact,
    run,
    typed,
)

from lineofsight import clock, loading
from lineofsight.cases import refs
from lineofsight.home import Home, create_home, open_home
from lineofsight.keys import create_keys, open_keys
from lineofsight.lake import issues, redacting, staging
from lineofsight.lake.sealed import Altered, SealedFile
from lineofsight.lake.store import Lake
from lineofsight.policy import changing
from lineofsight.schema import Issue
from lineofsight.web.access.house import keys_in_use, lake_in_use
from lineofsight.web.access.retention import redacting as database
from lineofsight.web.access.viewer import Scope
from lineofsight.web.data import jobs
from lineofsight.web.data.models import Change, Job
from lineofsight.web.improvement.models import Finding
from lineofsight.web.practice.queries import figures, gone, standing
from lineofsight.web.reports import comparing, counting, standings
from lineofsight.web.reports.models import Pack
from lineofsight.web.site import errors, redaction
from lineofsight.web.site.middleware import PlainAnswers

pytestmark = pytest.mark.django_db(transaction=True)

SEPTEMBER, NOVEMBER = date(2026, 9, 30), date(2026, 11, 10)


def with_issues(extract: Any) -> Any:
    """The extract with a cell of the child's, one of another's and one of nobody's that nothing could read."""
    said = [(2, f"{MARK} cell"), (4, "Oth cell"), (99, f"{MARK} of no row")]
    told = [
        Issue("ssd_person.csv", None, "ssd_person", row, "pers_dob", value, f"Not a date; see {CHILD}.")
        for row, value in said
    ]
    people = extract.tables["ssd_person"]
    known = replace(people, rows=pa.array([2, 3, 4]))
    return replace(extract, issues=tuple(told), tables={**extract.tables, "ssd_person": known})


def as_csv(table: Any) -> bytes:
    written = io.StringIO()
    writer = csv.DictWriter(written, table.column_names)
    writer.writeheader()
    writer.writerows(table.to_pylist())
    return written.getvalue().encode()


@pytest.fixture
def everywhere(home: Home, typed: str) -> str:
    """The child in a withdrawn load, one that waits for a yes, a sending that waits to be read, and what was asked."""
    loading.withdraw(
        home, loading.load(home, with_issues(unmistakable(as_at=SEPTEMBER, born="before"))).snapshot.id,
        by="a", why=f"Of {CHILD}, and others, too much was missing.",
    )  # fmt: skip
    waits = Lake(home, open_keys(home)).publish(with_issues(unmistakable(as_at=NOVEMBER, born="waits")), waiting=True)
    sending = staging.begin(home, open_keys(home))
    content = as_csv(unmistakable().tables["ssd_person"].table)
    writer = sending.writer(0)
    writer.write(content)
    writer.close()
    asked = {"asked_at": NOW, "by_key": "p-a", "by_name": "A"}
    Job.objects.create(
        kind=Job.READ, sending=sending.id, files=[[f"person {CHILD}.csv", len(content)]], as_at=NOVEMBER, **asked
    )
    Job.objects.create(kind=Job.READ, state=Job.WAITS, snapshot=waits.id, **asked)
    Job.objects.create(
        kind=Job.WITHDRAW, state=Job.FAILED, why=f"Rows of {CHILD} are wrong", step=f"At {CHILD}.",
        failure=f"Not for {CHILD}", ended_at=NOW, **asked,
    )  # fmt: skip
    preview = Job.objects.create(kind=Job.PREVIEW, state=Job.DONE, ended_at=NOW, **asked)
    Change.objects.create(
        what="word", told={"word": f"worker of {CHILD}", "kind": "duty"}, base="b", asked_at=NOW, by_key="a",
        by_name="A", preview=preview, effect={"teams": [["t1", f"Around {typed}", 1, 2]]},
    )  # fmt: skip
    for name in ("North", "North and West"):
        text = f'[[team]]\nid = "t1"\nnames = [{{ name = "{name}", from = 2026-07-01 }}]\n'
        changing.keep(home, changing.REGISTRY, text, base=changing.digest(changing.text_of(home, changing.REGISTRY)))
    return typed


DECRYPTED = ("database", "staging/", "snapshots/", "waiting/", "marks/")  # what `places` tells as it was typed


def places(home: Home) -> dict[str, str]:
    """All that can be read of a home with its keys, by where it stands."""
    lake = Lake(home, open_keys(home))
    told = {"database": everything_said()}
    for snapshot in redacting.every_snapshot(lake):
        for mark in (lake.withdrawn(snapshot), lake.accepted(snapshot)):
            told[f"marks/{snapshot.id}"] = mark.why if mark else told.get(f"marks/{snapshot.id}", "")
        for holder, name in redacting._files(lake, snapshot):
            place = f"{snapshot.directory.parent.name}/{snapshot.id}/{holder.id}/{name}"
            rows = lake.sealed_file(holder, name).read().to_pylist()
            told[place] = json.dumps(rows, default=str, ensure_ascii=False)
    for name in staging.names(home):
        sending = staging.opened(home, lake.keys, name)
        for number, _ in enumerate(sending.folder.glob("*.sealed")):
            with sending.content(number, "x").start() as stream:
                told[f"staging/{name}/{number}"] = stream.read().decode()
    for path in home.path.rglob("*"):
        if path.is_file() and not path.name.startswith(home.database.name):
            told[str(path.relative_to(home.path))] = readable(path.read_bytes())
    return told


def readable(content: bytes) -> str:
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            content = b"".join(opened.read(one) for one in opened.namelist())
    return content.decode("latin-1")


@pytest.mark.full
def test_no_byte_of_the_child_can_be_read_whatever_stage_its_loads_are_at(home, everywhere, counted):
    sure = [CHILD, WORDS, everywhere, refs.ref(keys_in_use(), "identified", everywhere)]
    short = [f"{MARK} ", f"{MARK}-"]  # three letters come about by chance where bytes are encrypted or compressed

    def naming() -> list[str]:
        return [
            place
            for place, text in places(home).items()
            if any(word in text for word in (sure + short if place.startswith(DECRYPTED) else sure))
        ]

    before = naming()
    assert all(any(place.startswith(kind) for place in before) for kind in (*DECRYPTED, "exports/")), before
    assert sum(place.endswith(issues.FILE) for place in before) == 2
    assert sum(place.startswith("marks/") for place in before) == 1
    looked_into = places(home)
    assert {"registry.toml"} < set(looked_into) and any(place.startswith("history/") for place in looked_into)
    code, said = redact(home)
    assert code == 0, said
    assert naming() == []
    jobs.do_all()  # the job whose files are gone says so
    ended = Job.objects.get(kind=Job.READ, sending__gt="")
    assert ended.state == Job.FAILED and "no longer here: send them again" in ended.failure
    assert ended.files[0][0] == "person ….csv"
    (waits,) = lake_in_use().waiting()
    with clock.frozen_at(datetime(2026, 11, 13, tzinfo=UTC)):
        loading.accept(home, waits.id, by="a", why="It is right.")
    assert naming() == []
    assert run("verify", home=home)[0] == 0
    counted("places read for a child who was redacted", len(places(home)), f"{len(before)} held the child before")


@pytest.mark.full
def test_the_issues_of_a_load_keep_where_and_why_and_lose_the_child_s_cell(home, everywhere):
    redact(home)
    lake = lake_in_use()
    (first,) = [one for one in lake.snapshots(withdrawn=True) if one.as_at == SEPTEMBER]
    found = [(row["row"], row["value"], row["why"]) for row in lake.issues(first).to_pylist() if row["row"]]
    assert sorted(found) == [
        (row, value, "Not a date; see ….") for row, value in ((2, None), (4, "Oth cell"), (99, None))
    ]


@pytest.mark.full
def test_what_was_asked_of_the_worker_is_told_before_and_loses_only_the_child(home, everywhere):
    planned = redaction.plan(redaction.child_of(CHILD))
    assert (planned.database["data.Job"], planned.database["data.Change"]) == (2, 1)
    assert planned.texts == {}
    redact(home)
    job, change = Job.objects.get(kind=Job.WITHDRAW), Change.objects.get()
    assert (job.why, job.step, job.failure) == ("Rows of … are wrong", "At ….", "Not for …")
    assert change.told == {"word": "worker of …", "kind": "duty"}
    assert change.effect == {"teams": [["t1", "Around …", 1, 2]]}


def test_nothing_is_scrubbed_of_an_id_that_is_part_of_a_longer_one(home, typed):
    asked = {"asked_at": NOW, "by_key": "p-a", "by_name": "A"}
    longer = Job.objects.create(kind=Job.WITHDRAW, why=f"Of {CHILD}8a and x{CHILD}", **asked)
    assert "data.Job" not in database.found([typed], [CHILD])
    redact(home)
    longer.refresh_from_db()
    assert longer.why == f"Of {CHILD}8a and x{CHILD}"


def test_a_finding_made_on_the_child_s_page_keeps_that_it_was_made_and_another_loses_only_the_id(home, typed):
    redact(home)
    of_the_child, other = Finding.objects.order_by("source").reverse()
    assert (of_the_child.source, of_the_child.title, of_the_child.words) == ("exception", "", "")
    assert of_the_child.from_kind == "child" and typed not in of_the_child.from_key
    assert (other.title, other.words) == ("As of …", "Of twenty.")


# --- pages ---------------------------------------------------------------------------------------------------


SAID = "some of its rows are no longer held, since 12 November 2026, under “Loaded extracts”."
MEASURE = "CP08"  # of which each child of the home below has a row, and an exception that is open


@pytest.fixture(scope="module")
def owing(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with three children on a plan, each with a team and something owed. Never written to."""
    home = create_home(tmp_path_factory.mktemp("owing") / "home", authority="306", authority_name="Northmere Council")
    create_keys(home)
    with clock.frozen_at(datetime(2026, 11, 2, 9, tzinfo=UTC)):
        loading.load(home, extract_of(with_visits(CHILD, SISTER, OTHER), as_at=date(2026, 10, 31)))
    return home


@pytest.fixture
def owed(owing: Home, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """A copy of one's own, in use in place of the other."""
    shutil.copytree(owing.path, tmp_path / "owed")
    monkeypatch.setenv("LINEOFSIGHT_HOME", str(tmp_path / "owed"))
    with clock.frozen_at(NOW):
        yield open_home(tmp_path / "owed")
    for one in (standing, figures, comparing):
        one.forget()


def test_a_list_that_is_shorter_than_its_number_says_so_once_and_since_when(owed, client_as):
    client = client_as("dcs")
    pages = [f"/measures/{MEASURE}/children/?which=all", "/exceptions/"]
    before = [client.get(page).content.decode() for page in pages]
    assert not [text for text in before if "no longer held" in text]
    redact(owed)
    told = [client.get(page).content.decode() for page in pages]
    assert f"The number has more in it than this list: {SAID}" in told[0]
    assert f"What was counted on that day has more in it than this list: {SAID}" in told[1]
    assert [text.count("no longer held") for text in told] == [1, 1]
    assert "All 3." in before[0] and "All 2." in told[0]


def test_only_the_lists_that_lost_somebody_say_so_and_only_to_whoever_has_the_authority_s_numbers(
    home, typed, viewer_as
):
    stand = standing.standing()
    everybody = [one for one in standing.catalogue().values() if not one.of_workers]
    lost = {one.id for one in everybody if typed in counting.behind(stand, one).rows["child_key"].to_pylist()}
    redact(home)
    stand = standing.standing()

    def told(by: Any) -> set[str]:
        rows = {one.id: counting.behind(stand, one).rows for one in everybody}
        return {one.id for one in everybody if gone.behind_number(stand, by, one, stand.as_at, rows[one.id])}

    assert lost and told(viewer_as("dcs")) == lost
    assert told(replace(viewer_as("dcs"), scope=Scope("team", ("t1",)))) == set()


def test_the_ledger_of_a_team_says_so_only_to_those_whose_team_it_is(owed, viewer_as, people):
    def told(kind: Any, *ids: str, state: str = "open") -> str:
        stand, by = standing.standing(), replace(viewer_as("dcs"), scope=Scope(kind, ids))
        mine = standing.theirs(stand, by)
        return gone.from_ledger(stand, by, state, stand.lake.read(stand.computation, "exceptions", where=mine))

    assert told("authority") == told("team", "t1") == ""
    redact(owed)
    assert (
        told("authority") == told("team", "t1") == f"What was counted on that day has more in it than this list: {SAID}"
    )
    assert told("team", "elsewhere") == told("own", "w1") == told("authority", state="cleared") == ""


def test_a_manager_s_number_is_counted_from_the_rows_that_are_held(owed, viewer_as):
    by = replace(viewer_as("dcs"), scope=Scope("team", ("t1",)))
    assert figures.own(standing.standing(), by)[MEASURE].headline.denominator == 3
    redact(owed)
    assert figures.own(standing.standing(), by)[MEASURE].headline.denominator == 2


# --- packs ---------------------------------------------------------------------------------------------------


@pytest.fixture
def later(home: Home, typed: str) -> Pack:
    """A pack of October that counted the child."""
    pack = Pack.objects.get()
    assert any(counting.was_counted(rows, typed) for rows in pack.rows.values())
    return pack


def sentences(pack: Pack) -> list[str]:
    stand = standings.of_month(pack.month)
    assert stand.snapshot.id != pack.snapshot_id
    return [one.sentence for one in comparing.figures_now(pack, stand).differences]


@pytest.mark.full
def test_a_pack_beside_newer_data_says_no_longer_held_where_it_was_a_redaction(home, later):
    redact(home)
    with clock.frozen_at(datetime(2026, 11, 20, tzinfo=UTC)):
        loading.load(home, unmistakable(born="corrected"), accepted_by="a")
    said = sentences(later)
    assert said and all("one no longer held" in one for one in said if ": " in one)
    assert not [one for one in said if "no longer counted" in one]


@pytest.mark.full
def test_a_pack_whose_newer_numbers_are_the_same_says_nothing_of_other_children(home, later):
    """Loaded before the redaction: no figure changed, only the list behind it is shorter."""
    with clock.frozen_at(datetime(2026, 11, 11, tzinfo=UTC)):
        loading.load(home, unmistakable(born="corrected"), accepted_by="a")
    before = sentences(later)
    redact(home)
    assert sentences(later) == before
    assert not [one for one in before if "of other children" in one]


def test_who_left_the_figure_without_a_redaction_is_counted_no_longer(home, later):
    rows = {"whole": True, "salt": "s", "in": [counting.row_digest("s", one) for one in ("a", "b", "c")]}
    told = comparing._why(rows, frozenset({"c", "d"}), frozenset({"b", "c"}))
    assert told.words == "one recorded late, one no longer counted and one no longer held" and told.of_others
    assert comparing._why(rows, frozenset({"b", "c"}), None).words == "one no longer counted"
    only = comparing._why(rows, frozenset({"b", "c"}), frozenset({"b", "c"}))
    assert only.words == "one no longer held" and not only.of_others


# --- the very moment -----------------------------------------------------------------------------------------

PAGES = ["/", "/measures/", "/measures/{measure}/", "/measures/{measure}/children/?which=all", "/exceptions/",
         "/children/{other}/", "/children/{child}/"]  # fmt: skip


@pytest.mark.parametrize("nth", [1, 2, 3])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_read_at_the_very_moment_of_the_exchange_is_made_once_more(owed, client_as, monkeypatch, page, nth):
    ring = keys_in_use()
    named = {one: refs.ref(ring, "identified", ring.child_key("306", person)) for one, person in
             (("other", OTHER), ("child", CHILD))}  # fmt: skip
    address, client = page.format(measure=MEASURE, **named), client_as("dcs")
    client.raise_request_exception = False
    assert client.get(address).status_code == 200
    for one in (standing, figures, comparing):
        one.forget()
    child, opened = redacting.child_called(lake_in_use(), CHILD), []
    real = Lake._opened

    def exchanged_before(self: Lake, *given: Any, **named: Any) -> SealedFile:
        opened.append(1)
        if len(opened) == nth:
            mine = Lake(owed, open_keys(owed))
            redacting.take_out(owed, mine.keys, child, under="snapshots", at=NOW)
        return real(self, *given, **named)

    monkeypatch.setattr(Lake, "_opened", exchanged_before)
    answer = client.get(address)
    if len(opened) < nth:
        pytest.skip("the page opens fewer files")
    assert answer.status_code == (404 if "{child}" in page else 200), answer.content.decode()
    assert "altered" not in answer.content.decode()


def test_what_is_altered_both_times_is_said_in_a_plain_sentence(owed, client_as):
    (path,) = (owed.lake / "snapshots").glob("*/computations/*/exceptions.parquet")
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    answer = client_as("dcs").get("/exceptions/")
    assert answer.status_code == 409 and "was altered or is damaged" in answer.content.decode()


def test_something_sent_at_that_moment_is_not_done_twice(home, rf, monkeypatch):
    done = []

    def view(request: Any) -> Any:
        done.append(1)
        raise Altered("The file x was altered or is damaged: nothing was read from it.")

    for method, times in (("post", 1), ("get", 2)):
        done.clear()
        request = getattr(rf, method)("/x")
        request.resolver_match = ResolverMatch(view, (), {})
        monkeypatch.setattr(errors, "could_not", lambda request, wrong: HttpResponse(str(wrong), status=409))
        try:
            view(request)
        except Altered as wrong:
            assert PlainAnswers(lambda request: HttpResponse()).process_exception(request, wrong).status_code == 409
        assert len(done) == times
