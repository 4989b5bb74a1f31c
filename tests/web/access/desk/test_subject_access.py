"""A subject access export: everything held of one child, told in the chain, kept nowhere, refused where restricted."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import timedelta
from hashlib import sha256

import pyarrow.compute as pc
import pytest
from django.apps import apps
from django.db import connection
from tests.web.access.desk.conftest import NOW

from lineofsight import clock, schema
from lineofsight.keys import open_keys
from lineofsight.lake import Lake
from lineofsight.measures import definitions
from lineofsight.web.access import chain
from lineofsight.web.access.desk import files, held, subject_access
from lineofsight.web.access.models import ChainEvent, ChainHead, Need, Restriction, SubjectAccess, Telling
from lineofsight.web.access.offices import offices
from lineofsight.web.access.permissions import Refused

ADDRESS = "/access/subject-access/"


@pytest.fixture(autouse=True)
def now():
    with clock.frozen_at(NOW):
        yield


@pytest.fixture
def child(people, persons):
    return next(one for one in persons if one["surname"] == "Heron")


@pytest.fixture
def ig(client_as, child):
    return client_as("information-governance")


def asked(child, **other):
    sent = {"reference": "SAR-2026-014", "asked_by": "A canary solicitor", "person_id": child["person_id"]}
    return {**sent, "will_read": "on", **other}


def opened(answer):
    assert answer.status_code == 200 and answer["Content-Type"] == "application/zip", answer.content[:2000]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        return {
            name.removeprefix("subject-access-SAR-2026-014/"): packed.read(name).decode() for name in packed.namelist()
        }


def table(contents, name):
    return list(csv.DictReader(io.StringIO(contents[f"tables/{name}.csv"].removeprefix("\ufeff"))))


def test_every_row_of_every_table_about_the_child_is_there_and_nobody_elses(ig, child, lake_home):
    contents = opened(ig.post(ADDRESS, asked(child)))
    lake = Lake(lake_home, open_keys(lake_home))
    compared = 0
    for name, dataset in lake.tables(lake.latest()).items():
        column = schema.tables()[name].person_column
        if column is None:
            continue
        wanted = dataset.to_table(filter=pc.field(column) == child["person_id"]).num_rows
        assert len(table(contents, name)) == wanted if wanted else f"tables/{name}.csv" not in contents
        compared += bool(wanted)
    assert compared >= 3
    heading = schema.tables()["ssd_person"].column("pers_surname").description
    assert [row[heading] for row in table(contents, "ssd_person")] == ["Heron"]


def test_every_table_of_an_extract_is_the_childs_by_a_column_or_by_a_link_or_is_about_no_child():
    for name, layout in schema.tables().items():
        ways = [layout.person_column is not None, name in held.LINKED, name in held.OF_NO_CHILD]
        assert sum(ways) == 1, name
    for name, (column, parent, of_parent) in held.LINKED.items():
        assert schema.tables()[name].column(column) and schema.tables()[parent].column(of_parent)
        assert parent not in held.LINKED or list(held.LINKED).index(parent) < list(held.LINKED).index(name)


def test_the_chronology_what_was_owed_and_what_was_counted_are_there(ig, child, lake_home):
    contents = opened(ig.post(ADDRESS, asked(child)))
    lake = Lake(lake_home, open_keys(lake_home))
    snapshot, computation = lake.newest()
    key = child["child_key"]
    assert len(table(contents, "chronology")) == lake.events(snapshot, key).num_rows > 0
    for name in ("exceptions", "rows"):
        assert (
            len(table(contents, name)) == lake.read(computation, name, where=pc.field("child_key") == key).num_rows > 0
        )
    titles = {one.title for one in definitions.load().values()}
    assert {row["Measure"] for name in ("exceptions", "rows") for row in table(contents, name)} <= titles


def test_who_looked_is_told_by_office_and_never_by_name(ig, child, look):
    look("dcs", NOW - timedelta(days=2), [child["child_key"]], purpose="a complaint")
    look("psw", NOW - timedelta(days=1), ["0" * 32, child["child_key"]], action="children.listed")
    look("psw", NOW - timedelta(days=1), ["0" * 32], action="children.listed")
    rows = table(opened(ig.post(ADDRESS, asked(child))), "who-looked")
    assert [(row["Office"], row["What was done"], row["Why"], row["Beside"]) for row in rows] == [
        ("Director of Children’s Services", "Opened a child’s page", "a complaint", ""),
        ("Principal Social Worker", "Saw a list of children", "", "together with one child"),
        ("Information governance", "Read a child’s record for subject access", "", ""),
    ]
    assert rows[0]["When"] == "10 November 2026 at 12:00pm"
    assert "Person dcs" not in str(rows)


def test_what_was_typed_of_the_child_is_there_and_what_was_typed_of_another_is_not(ig, child, people):
    for key, words in ((child["child_key"], "because of her"), ("0" * 32, "because of another")):
        need = Need.objects.create(
            person=people["psw"], office="psw", holding=1, child_key=key, purpose="complaint", reason=words,
            opened_at=NOW, until=NOW,
        )  # fmt: skip
        Telling.objects.create(need=need, person=people["dcs"], told_at=NOW, words=f"told {words}")
    contents = opened(ig.post(ADDRESS, asked(child)))
    everything = "".join(contents.values())
    assert "because of her" in contents["tables/need.csv"] and "told because of her" in contents["tables/telling.csv"]
    assert "because of another" not in everything
    assert "Person psw" not in everything and "p-psw" not in everything


def test_every_model_that_keeps_a_childs_key_is_part_of_the_export(child):
    keyed = {
        model._meta.model_name
        for model in apps.get_models()
        if "child_key" in {field.name for field in model._meta.concrete_fields} and model not in held._INDEXES
    }
    through_another = {"telling", "tennote", "tenrelease"}
    of_its_page = {"evidence", "link", "finding"}
    assert {part.name for part in held._typed(child["child_key"])} == keyed | through_another | of_its_page
    assert {"need", "restriction", "subjectaccess", "readingfile"} <= keyed


def test_the_page_is_one_that_can_be_read_and_printed_and_warns_that_a_person_must_redact_it(ig, child):
    contents = opened(ig.post(ADDRESS, asked(child)))
    text = contents["record.html"]
    assert "Read and redact this before it is sent." in text
    assert text.count("<h1>") == 1 and "<script" not in text and "<style" not in text and "style=" not in text
    assert 'href="record.css"' in text and "@media print" in contents["record.css"]
    assert "Heron" in text and "Chronology" in text


def test_no_cell_is_a_formula_and_no_text_is_markup():
    part = held.Part(
        "odd", "Odd", "Odd", ["=A1", "words"], [["=cmd|' /C calc'!A0", "<script>x</script>"], ["-1", "@x"]]
    )
    made = files.archive([part], reference="R-1", as_at="", made_at=NOW, authority="Northmere")
    with zipfile.ZipFile(io.BytesIO(made)) as packed:
        rows = list(
            csv.reader(io.StringIO(packed.read("subject-access-R-1/tables/odd.csv").decode().removeprefix("\ufeff")))
        )
        page = packed.read("subject-access-R-1/record.html").decode()
    assert rows == [["'=A1", "words"], ["'=cmd|' /C calc'!A0", "<script>x</script>"], ["'-1", "'@x"]]
    assert "<script>x" not in page and "&lt;script&gt;x" in page


def test_no_name_id_or_key_of_the_child_is_in_the_files_names_the_address_or_the_database(ig, child, home):
    answer = ig.post(ADDRESS, asked(child))
    assert answer["Content-Disposition"] == 'attachment; filename="subject-access-SAR-2026-014.zip"'
    assert answer["Cache-Control"] == "no-store"
    names = " ".join(opened(answer))
    told = (child["person_id"], child["surname"], child["forename"], child["child_key"])
    assert not [one for one in told if one in names and len(one) > 3]
    event = ChainEvent.objects.get(action="subject.taken")
    assert event.subject == ""
    with connection.cursor() as cursor:
        cursor.execute("select * from access_subjectaccess")
        row = str(cursor.fetchall())
    assert "canary" not in row and "Heron" not in row


def test_the_export_is_in_the_chain_with_the_digest_of_the_very_file_and_in_the_register(ig, child):
    answer = ig.post(ADDRESS, asked(child))
    digest = sha256(answer.content).hexdigest()
    told = chain.told(ChainEvent.objects.get(action="subject.taken"))
    assert told.children == (child["child_key"],)
    assert (told.detail["digest"], told.detail["reference"], told.detail["format"]) == (digest, "SAR-2026-014", "zip")
    assert told.detail["rows"] > 0 and "ssd_person" in told.detail["tables"]
    kept = SubjectAccess.objects.get()
    assert (kept.reference, kept.asked_by, kept.digest) == ("SAR-2026-014", "A canary solicitor", digest)
    page = ig.get(ADDRESS).content.decode()
    assert digest in page and "A canary solicitor" in page and "SAR-2026-014" in page
    assert ChainEvent.objects.filter(action="subject.register").exists()


def test_the_file_is_kept_nowhere(ig, child, lake_home):
    before = {path for path in lake_home.path.rglob("*") if path.is_file() and "sqlite" not in path.name}
    ig.post(ADDRESS, asked(child))
    after = {path for path in lake_home.path.rglob("*") if path.is_file() and "sqlite" not in path.name}
    assert {path for path in after - before if "anchors" not in path.parts} == set()


def test_the_reading_is_in_the_log_before_anything_is_read_and_nothing_is_given_when_it_cannot_be(
    ig, child, monkeypatch
):
    def never(*args, **kwargs):
        raise AssertionError("read before it was logged")

    monkeypatch.setattr(held, "everything", never)
    ChainHead.objects.all().delete()
    ChainEvent.objects.create(
        sequence=1, at="x", actor="a", action="b", subject="", digest="", previous="", hash="", payload=None
    )
    answer = ig.post(ADDRESS, asked(child))
    assert answer.status_code == 503 and not SubjectAccess.objects.exists()


def test_a_restricted_record_is_refused_plainly_to_all_but_people_named_for_it(ig, child, viewer_as, people):
    Restriction.objects.create(
        child_key=child["child_key"], kind="adoption", reason="a reason", from_date=NOW.date(), placed_by_key="p-dcs"
    )
    answer = ig.post(ADDRESS, asked(child))
    assert answer.status_code == 403 and "This record is restricted." in answer.content.decode()
    assert "Heron" not in answer.content.decode() and not SubjectAccess.objects.exists()
    assert chain.told(ChainEvent.objects.get(action="subject.refused")).children == (child["child_key"],)
    from dataclasses import replace

    named = replace(viewer_as("information-governance"), named_for=frozenset({child["child_key"]}))
    assert subject_access.export("SAR-1", "x", child["person_id"], by=named).parts > 3
    other = replace(named, named_for=frozenset({"0" * 32}))
    with pytest.raises(Refused):
        subject_access.export("SAR-1", "x", child["person_id"], by=other)


def test_a_record_restricted_in_the_extract_itself_is_refused_too(viewer_as, child):
    ig = viewer_as("information-governance")
    assert subject_access.may_take(ig, child["child_key"], {"restricted": False})
    assert not subject_access.may_take(ig, child["child_key"], {"restricted": True})


def test_an_id_there_is_not_says_so_and_is_in_the_log_without_the_id(ig, child):
    answer = ig.post(ADDRESS, asked(child, person_id="no-such-canary"))
    assert answer.status_code == 200 and "holds nobody with this id" in answer.content.decode()
    event = ChainEvent.objects.get(action="subject.not-found")
    assert "canary" not in json.dumps(chain.told(event).detail)


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"reference": "Dot Heron/1"}, "Use letters, figures and hyphens only."),
        ({"reference": "../../x"}, "Use letters, figures and hyphens only."),
        ({"reference": ""}, "Enter the reference of the request."),
        ({"asked_by": " "}, "Say who asked."),
        ({"will_read": ""}, "Say that a person will read and redact it before it is sent."),
    ],
)
def test_a_request_that_is_not_whole_makes_no_file(ig, child, other, said):
    answer = ig.post(ADDRESS, asked(child, **other))
    assert answer.status_code == 200 and said in answer.content.decode()
    assert not SubjectAccess.objects.exists()


@pytest.mark.parametrize("slug", [slug for slug in offices() if slug != "information-governance"])
def test_every_other_office_is_refused(client_as, child, slug):
    assert client_as(slug).post(ADDRESS, asked(child)).status_code == 403
    assert not SubjectAccess.objects.exists()
