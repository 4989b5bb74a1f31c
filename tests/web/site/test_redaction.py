"""One child is taken out of everything: lake, database, log, exports. The rest is as it was; verify says what went."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from tests.lake.unmistakable import CHILD, MARK, OTHER, SISTER, unmistakable
from typer.testing import CliRunner

from lineofsight import clock, loading
from lineofsight.cases import refs
from lineofsight.cli import app
from lineofsight.errors import PlainError
from lineofsight.home import Home, create_home, open_home
from lineofsight.keys import create_keys, open_keys
from lineofsight.lake import Lake, redacted, redacting, staging
from lineofsight.lake.taking import Child
from lineofsight.web.access import chain
from lineofsight.web.access.chain_index import opened
from lineofsight.web.access.fields import EncryptedTextField
from lineofsight.web.access.house import keys_in_use, lake_in_use
from lineofsight.web.access.models import (
    ChainChild,
    ChainEvent,
    LegalHold,
    Looked,
    NamedPerson,
    Need,
    ReadingFile,
    ReadingNight,
    Redaction,
    Restriction,
    SubjectAccess,
    Telling,
)
from lineofsight.web.access.retention import redacting as database
from lineofsight.web.commitments.models import Record
from lineofsight.web.evidence import actions as evidence
from lineofsight.web.evidence.models import Evidence, Link
from lineofsight.web.improvement.models import Finding
from lineofsight.web.practice.models import Mark, SafeguardDone
from lineofsight.web.practice.queries import figures, standing
from lineofsight.web.reports import comparing, packs, verification
from lineofsight.web.site import redaction, work

NOW = datetime(2026, 11, 12, 12, tzinfo=UTC)
WORDS = f"{MARK}typed"

OURS = [model for model in apps.get_models() if model.__module__.startswith("lineofsight.")]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with one extract of three children, one of whom stands in every text of every table."""
    home = create_home(tmp_path_factory.mktemp("made") / "home", authority="306", authority_name="Northmere Council")
    create_keys(home)
    with clock.frozen_at(datetime(2026, 11, 2, 9, tzinfo=UTC)):
        loading.load(home, unmistakable())
    return home


@pytest.fixture
def home(made: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    shutil.copytree(made.path, tmp_path / "home")
    monkeypatch.setenv("LINEOFSIGHT_HOME", str(tmp_path / "home"))
    with clock.frozen_at(NOW):
        yield open_home(tmp_path / "home")
    for one in (standing, figures, comparing):
        one.forget()


@pytest.fixture
def key(home: Home) -> str:
    return open_keys(home).child_key("306", CHILD)


@pytest.fixture
def typed(home: Home, key: str, people: dict[str, Any], viewer_as: Any) -> str:
    """Something of the child in every form that can be tied to it, and a pack, a list and a log beside."""
    other = open_keys(home).child_key("306", OTHER)
    dcs, by = people["dcs"], viewer_as("dcs")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA secure_delete = OFF")
    chain.record_read(viewer=by, action="child.opened", child_keys=[key], detail={"why": WORDS})
    chain.record_read(viewer=by, action="children.listed", subject="CP10", child_keys=[other, key], detail={"n": 2})
    need = Need.objects.create(
        person=dcs, office="dcs", holding=1, child_key=key, purpose="care", reason=WORDS, opened_at=NOW, until=NOW
    )
    Telling.objects.create(need=need, person=dcs, told_at=NOW, words=WORDS)
    night = ReadingNight.objects.create(
        person=dcs, office="dcs", holding=1, drawn_from="all", snapshot="s", begun_at=NOW, until=NOW
    )
    ReadingFile.objects.create(night=night, place=1, child_key=key, words=WORDS)
    ReadingFile.objects.create(night=night, place=2, child_key=other, words="Of somebody else.")
    day = date(2026, 11, 1)
    Restriction.objects.create(child_key=key, kind="other", reason=WORDS, from_date=day, placed_by_key="a")
    NamedPerson.objects.create(child_key=key, person=dcs, from_date=day, named_by_key="a")
    said = {"child_key": key, "exception_id": "e" * 24, "reference": WORDS, "words": WORDS, "said_at": NOW}
    Mark.objects.create(measure="CP08", kind="done", said_as_at=day, done_on=day, office="dcs", **said)
    SafeguardDone.objects.create(safeguard="family-told", done_on=day, done_by=WORDS, to_whom=WORDS, **said)
    SubjectAccess.objects.create(child_key=key, reference=WORDS, asked_by=WORDS, made_at=NOW, made_by_key="a")
    Looked.objects.create(
        pattern="again", about=f"p-dcs {key}", actor="p-dcs", up_to=1, reason=WORDS, words=WORDS, at=NOW, by_key="a"
    )
    LegalHold.objects.create(
        child_key=key, reference=WORDS, reason=WORDS, placed_at=NOW, placed_by_key="a", lifted_at=NOW, lifted_by_key="a"
    )
    page = evidence.freeze(by, "child", key, "A child’s page", {"sentence": WORDS, "owed": [[WORDS]]})
    listed = [{"ref": refs.ref(keys_in_use(), "identified", one), "team": "t1"} for one in (key, other)]
    evidence.freeze(by, "exceptions", "unallocated", "A list", {"sentence": "2 children", "children": listed})
    record = Record(
        title="A child’s page", about_kind="child", about_key=key, office="dcs", level="identified", held_on=day,
        judgement="satisfied", words=WORDS, difference=WORDS, prepared_by_key="a", prepared_by_name="A",
        prepared_at=NOW, signed_at=NOW, rests_on=[{"kind": "evidence", "key": str(page.pk), "digest": page.digest}],
    )  # fmt: skip
    record.digest = record.seal()
    record.save()
    evidence.link("record", str(record.pk), "child", key, "is about")
    by_words = {"words": WORDS, "office": "dcs", "level": "identified", "written_at": NOW, "written_by_key": "a"}
    made = Finding.objects.create(
        source="exception", title=WORDS, found_on=day, from_kind="child", from_key=key, **by_words
    )
    Finding.objects.create(source="audit", title=f"As of {CHILD}", found_on=day, **by_words | {"words": "Of twenty."})
    evidence.link("finding", str(made.pk), "child", key, "came out of")
    packs.make("dcs", date(2026, 10, 1))
    (home.exports / "list.csv").write_text(f"id,forename\n{CHILD},x\n")
    (home.exports / "others.csv").write_text(f"id,forename\n{OTHER},x\n")
    (home.exports / "scan.pdf").write_bytes(b"%PDF-1.7\n\x00")
    (home.exports / "pack.pdf").write_bytes(packs.write("dcs", "2026-10", "pdf"))
    sending = staging.begin(home, open_keys(home))
    assert sending.id in staging.names(home)
    return key


def run(*words: str, home: Home) -> tuple[int, str]:
    done = CliRunner().invoke(app, [*words, "--home", str(home.path)], standalone_mode=False)
    if done.exception and not isinstance(done.exception, PlainError | SystemExit):
        raise done.exception
    said = str(done.exception) if isinstance(done.exception, PlainError) else ""
    return (2 if said else done.return_value or 0), done.output + said


def redact(home: Home, *more: str) -> tuple[int, str]:
    why = ("--under", "snapshots", "--why", "A request that was upheld", "--as", "a.person", "--yes")
    return run("redact", "--child", CHILD, *why, *more, home=home)


def everything_said() -> str:
    """Every value of every model, decrypted, and every payload of the chain."""
    told: list[Any] = []
    for model in apps.get_models():
        if not model.__module__.startswith("lineofsight"):
            continue
        for row in database.every(model).values():
            told.append({**row, "payload": ""} if model is ChainEvent else row)
    for sequence, payload in ChainEvent.objects.filter(payload__isnull=False).values_list("sequence", "payload"):
        told.append(opened(sequence, payload))
    return json.dumps(told, default=str, ensure_ascii=False)


def stored() -> list[bytes]:
    """Every sealed value of a model as it stands in the database, those of the chain too."""
    found = []
    for model in apps.get_models():
        names = [one.column for one in model._meta.concrete_fields if isinstance(one, EncryptedTextField)]
        names += ["payload"] if model is ChainEvent else []
        for name in names:
            with connection.cursor() as cursor:
                cursor.execute(f'SELECT "{name}" FROM "{model._meta.db_table}"')  # noqa: S608
                values = [row[0] for row in cursor.fetchall() if row[0]]
            found += [value.encode() if isinstance(value, str) else bytes(value) for value in values]
    return found


def test_nothing_of_the_child_can_be_read_anywhere_with_any_key(home, typed):
    assert WORDS in everything_said() and typed in everything_said()
    sealed_before = stored()
    code, said = redact(home)
    assert code == 0, said
    told = everything_said()
    assert not [word for word in (MARK, CHILD, typed, refs.ref(keys_in_use(), "identified", typed)) if word in told]
    assert redacting.held(lake_in_use(), Child(frozenset({CHILD}), frozenset({typed}))) == []
    assert sorted(path.name for path in home.exports.iterdir()) == ["others.csv", "pack.pdf"]
    assert staging.names(home) == []
    gone = set(sealed_before) - set(stored())
    assert len(gone) > 12
    if connection.vendor == "sqlite":  # nor in what SQLite has let go of, nor in its write-ahead log
        file = Path(connection.settings_dict["NAME"])
        raw = b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
        assert not [one for one in gone if one in raw]
        assert typed.encode() not in raw


def test_the_database_s_answer_is_that_of_the_command_s_own_plan(home, typed):
    planned = redaction.plan(redaction.child_of(CHILD))
    assert planned.database == {
        "access.Telling": 1, "access.Need": 1, "access.SubjectAccess": 1, "access.Restriction": 1,
        "access.NamedPerson": 1, "access.Looked": 1, "access.LegalHold": 1, "access.ReadingFile": 1,
        "evidence.Link": 3, "evidence.Evidence": 2, "commitments.Record": 1, "improvement.Finding": 2,
        "practice.Mark": 1, "practice.SafeguardDone": 1,
    }  # fmt: skip
    assert planned.entries == 2
    assert [path.name for path in planned.files.to_delete] == ["list.csv", "scan.pdf"]
    assert planned.sendings == 1 and planned.texts == {} and planned.against == ()
    code, said = run("redact", "--child", CHILD, "--under", "snapshots", "--why", "x", "--as", "a", home=home)
    assert code == 2 and "say --yes" in said
    assert redaction.plan(redaction.child_of(CHILD)).database == planned.database
    looked = ChainEvent.objects.get(action="redaction.looked")
    assert looked.actor == "console:a" and typed in chain.told(looked).children


def test_verify_says_what_is_no_longer_held_since_when_and_under_which_class(home, typed):
    assert not [one for one in verification.everything() if not one.ok]
    redact(home)
    found = list(verification.everything())
    assert not [one.sentence for one in found if not one.ok]
    gone = [one.sentence for one in found if one.state == "rows no longer held"]
    assert len(gone) == 5  # the snapshot, the pack, the record and two pieces of evidence
    assert all("since 12 November 2026, under “Loaded extracts”" in sentence for sentence in gone), gone
    code, said = run("verify", home=home)
    assert code == 0 and said.count("No longer held: ") == 5 and "ALTERED" not in said
    code, said = run("verify", str(home.exports / "pack.pdf"), home=home)
    assert code == 0 and said.startswith("No longer held: pack.pdf is as it was written.")


def test_pages_say_what_is_no_longer_held_and_not_that_it_was_altered(home, typed, client_as):
    redact(home)
    page = client_as("dcs").get(f"/records/{Record.objects.get().pk}/").content.decode()
    assert "A part of it is no longer held, since 12 November 2026, under “Loaded extracts”." in page
    assert "altered" not in page and WORDS not in page
    assert "The words are no longer held." in page and "Something you may not see" not in page
    for_nobody_else = client_as("lead-member").get(f"/records/{Record.objects.get().pk}/").content.decode()
    assert "Seen by the Director" not in for_nobody_else


def test_what_somebody_writes_into_a_struck_row_is_altered_all_the_same(home, typed):
    redact(home)
    database.every(Evidence).filter(kind="exceptions").update(content={"sentence": "1 child", "seen_by": {}})
    assert [one.state for one in verification.everything()].count("altered") == 1


def test_a_figure_that_lost_more_than_was_redacted_is_altered(home, typed, monkeypatch):
    redact(home)
    real = verification.counting.behind
    monkeypatch.setattr(
        verification.counting, "behind",
        lambda *given, **named: (found := real(*given, **named)) and type(found)(found.days, found.rows.slice(0, 0)),
    )  # fmt: skip
    (pack,) = [one for one in verification.everything() if "pack for" in one.sentence]
    assert pack.state == "altered"


def test_the_log_tells_of_others_as_before_and_who_redacted_why_and_how_much(home, typed):
    other = open_keys(home).child_key("306", OTHER)
    redact(home)
    events = {one.action: chain.told(one) for one in ChainEvent.objects.filter(actor="p-dcs")}
    assert events["child.opened"] is None
    assert events["children.listed"].children == (other,)
    assert list(ChainChild.objects.values_list("child_key", flat=True)) == [other]
    first, last = ChainEvent.objects.filter(action="child.redacted").order_by("sequence")
    told = chain.told(first)
    assert first.actor == "console:a.person" and told.children == ()
    assert told.detail["why"] == "A request that was upheld" and told.detail["rows"] > 100
    assert told.detail["database"]["access.Need"] == 1 and told.detail["entries"] == 2
    assert chain.told(last).detail["finished"] is True
    assert chain.verify_chain(payloads=True).ok


def test_an_entry_that_somebody_reduces_himself_is_found(home, typed):
    from lineofsight.web.access.chain_index import sealed_payload

    redact(home)
    event = ChainEvent.objects.get(action="children.listed")
    rest = json.dumps({"office": "", "purpose": "", "children": [], "detail": {}})
    ChainEvent.objects.filter(pk=event.pk).update(payload=sealed_payload(event.sequence, "", rest))
    assert not chain.verify_chain(payloads=True).ok


def test_every_row_of_somebody_else_is_as_it_was(home, typed):
    def rows() -> dict[str, dict[str, Any]]:
        """Every row of our models but the log's, by model and key, that does not name the child."""
        found = {}
        for model in OURS:
            if not model.__name__.startswith("Chain"):
                told = {str(row[model._meta.pk.attname]): row for row in database.every(model).values()}
                found[model._meta.label] = told
        return found

    before, named = rows(), redaction.plan(redaction.child_of(CHILD)).database
    redact(home)
    now = rows()
    for label, told in before.items():
        differ = [key for key, row in told.items() if now[label].get(key) != row]
        assert len(differ) == named.get(label, 0), label
    assert ReadingFile.objects.get(place=2).words == "Of somebody else."
    (one,) = Evidence.objects.get(kind="exceptions").content["children"]
    assert one["ref"] == refs.ref(keys_in_use(), "identified", open_keys(home).child_key("306", OTHER))


@pytest.mark.parametrize("keeps", ["", "snapshots", "log"])
def test_a_legal_hold_beats_it(home, typed, keeps):
    LegalHold.objects.create(keeps=keeps, reference="Claim 7", reason="x", placed_at=NOW, placed_by_key="a")
    code, said = redact(home)
    assert code == 2 and "A legal hold of 12 November 2026 (Claim 7) keeps" in said
    assert Need.objects.exists() and not Redaction.objects.exists()


def test_a_hold_on_the_child_beats_it_and_one_on_another_does_not(home, typed):
    other = open_keys(home).child_key("306", OTHER)
    LegalHold.objects.create(child_key=other, reference="Claim 8", reason="x", placed_at=NOW, placed_by_key="a")
    mine = LegalHold.objects.create(child_key=typed, reference="Claim 9", reason="x", placed_at=NOW, placed_by_key="a")
    assert redact(home)[0] == 2
    mine.lifted_at = NOW
    mine.save()
    assert redact(home)[0] == 0


def test_a_reason_that_names_the_child_a_class_that_is_not_known_and_nobody_s_name_are_refused(home, typed):
    def tried(**given: str) -> str:
        told = {"--under": "snapshots", "--why": "x", "--as": "a", **{f"--{k}": v for k, v in given.items()}}
        words = [part for pair in told.items() for part in pair]
        code, said = run("redact", "--child", CHILD, "--yes", *words, home=home)
        assert code == 2
        return said

    assert "names the child" in tried(why=f"Asked for {CHILD}")
    assert "no class of records" in tried(under="nothing")
    assert "Say why" in tried(why=" ")
    assert "Say who redacts" in tried(**{"as": " "})
    assert run("redact", "--child", "1", "--child-ref", "x", "--as", "a", home=home)[0] == 2
    assert run("redact", "--child-ref", "x" * 43, "--as", "a", home=home)[0] == 2
    assert not Redaction.objects.exists()


def test_by_the_code_of_its_page_it_is_the_same_child(home, typed):
    ref = refs.ref(keys_in_use(), "identified", typed)
    assert redaction.child_of(ref=ref) == redaction.child_of(CHILD)


def test_a_child_of_whom_nothing_is_held_is_said_to_be_so(home, people):
    code, said = run(
        "redact", "--child", "999999", "--under", "snapshots", "--why", "x", "--as", "a", "--yes", home=home
    )
    assert code == 2 and "Nothing here is of that child." in said


def test_one_that_was_cut_short_is_finished_by_the_worker(home, typed, monkeypatch):
    monkeypatch.setattr(redaction, "finish", lambda *given, **named: None)
    redact(home)
    monkeypatch.undo()
    monkeypatch.setenv("LINEOFSIGHT_HOME", str(home.path))
    assert Redaction.objects.get().finished_at is None
    chain.record(actor="x", action="children.listed", child_keys=[typed])  # somebody looks in between
    with clock.frozen_at(NOW):
        work.finish_redactions()
    assert Redaction.objects.get().finished_at is not None
    assert typed not in everything_said()
    assert redacting.held(lake_in_use(), Child(frozenset({CHILD}), frozenset({typed}))) == []
    assert chain.verify_chain(payloads=True).ok


def test_after_a_restore_the_same_children_are_redacted_again(home, made, typed):
    redact(home)
    shutil.rmtree(home.lake / "snapshots")
    shutil.copytree(made.lake / "snapshots", home.lake / "snapshots")
    code, said = run("redact", "--again", "--as", "a.person", home=home)
    assert code == 0 and "Children redacted again: 1." in said
    assert redacting.held(lake_in_use(), Child(frozenset({CHILD}), frozenset({typed}))) == []
    assert run("redact", "--again", "--as", "a", home=home)[1].endswith("again: 0.\n")


def test_the_list_that_was_lost_is_written_again_by_the_worker(home, typed):
    redact(home)
    (home.anchors / redacted.FILE).unlink()
    work.finish_redactions()
    assert redacted.among(home, keys_in_use(), [CHILD, OTHER, SISTER]).ids == {CHILD}


def test_letting_a_child_back_is_an_event_of_the_chain_with_who_and_why(home, typed):
    redact(home)
    assert run("redact", "--child", CHILD, "--let-back", "--why", "Back in care", "--as", "a", home=home)[0] == 0
    lifted = ChainEvent.objects.get(action="redaction.lifted")
    assert lifted.actor == "console:a" and chain.told(lifted).detail["why"] == "Back in care"
    assert run("redact", "--child", OTHER, "--let-back", "--why", "x", "--as", "a", home=home)[0] == 2


@pytest.mark.full
def test_a_child_that_is_let_back_comes_with_the_next_extract(home, typed):
    redact(home)
    with clock.frozen_at(datetime(2026, 12, 1, tzinfo=UTC)):
        loading.load(home, unmistakable(as_at=date(2026, 11, 30), born="later"))
        lake = Lake(home, open_keys(home))
        assert CHILD not in redacting.ids_in(lake, lake.latest())
    assert run("redact", "--child", CHILD, "--let-back", "--why", "Back in care", "--as", "a", home=home)[0] == 0
    work.finish_redactions()
    with clock.frozen_at(datetime(2027, 1, 1, tzinfo=UTC)):
        loading.load(home, unmistakable(as_at=date(2026, 12, 31), born="back"))
        assert CHILD in redacting.ids_in(lake, lake.latest())


def test_typed_text_that_names_the_child_and_is_tied_to_none_is_told_to_whoever_redacts(home, typed, people):
    night = ReadingNight.objects.get()
    ReadingFile.objects.create(night=night, place=3, child_key="f" * 32, words=f"As with {CHILD}, no visit.")
    assert redaction.plan(redaction.child_of(CHILD)).texts == {"access.ReadingFile": 1}


# --- nothing is forgotten ----------------------------------------------------------------------------------


def holds_a_child(model: type[models.Model]) -> bool:
    """Whether a model keys a child or holds typed text."""
    keyed = any("child_key" in one.name or one.name in ("opened",) for one in model._meta.concrete_fields)
    general = {one.name for one in model._meta.concrete_fields} & {"about_key", "from_key", "to_key", "key", "about"}
    texts = [one for one in model._meta.concrete_fields if isinstance(one, EncryptedTextField)]
    named = [model._meta.get_field(name) for name in general]
    return keyed or bool(texts) or any(isinstance(one, models.CharField) for one in named if one.max_length != 80)


@pytest.mark.parametrize("model", [one for one in OURS if holds_a_child(one)], ids=lambda model: model._meta.label)
def test_every_model_that_may_hold_a_child_is_covered_or_says_why_not(model):
    covered = {rows.model for rows in database.covered()}
    left = database.left_alone()
    assert (model._meta.label in covered) != (model._meta.label in left), "add it to redaction.toml"
    assert model._meta.label not in left or len(left[model._meta.label]) > 20


@pytest.mark.parametrize("rows", database.covered(), ids=lambda rows: rows.model)
def test_what_is_done_with_a_model_names_fields_it_has_and_empties_every_typed_text(rows):
    for name in (*rows.child, *filter(None, [rows.has]), *rows.erase, *rows.strip, *rows.scrub):
        assert rows.kind._meta.get_field(name.split("__")[0])
    if rows.do != "delete":
        texts = {one.name for one in rows.kind._meta.concrete_fields if isinstance(one, EncryptedTextField)}
        assert texts <= {*rows.erase, *rows.scrub}


def test_sealed_text_is_what_the_search_looks_at(typed):
    assert any(base64.b64decode(one)[:1] == b"\x01" for one in stored() if not one.startswith(b"\x01"))
    assert Link.objects.filter(to_key=typed).count() == 3


def test_a_role_that_may_change_nothing_frozen_is_told_what_to_do(monkeypatch):
    monkeypatch.setattr(database, "may_write", lambda: False)
    with pytest.raises(PlainError, match=redaction.ROLE[:40]):
        redaction.check_role()
    monkeypatch.setattr(database, "may_write", lambda: True)
    redaction.check_role()
