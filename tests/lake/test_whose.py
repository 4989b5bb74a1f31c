"""Whose row an issue is about, as far as the rows that were kept can say it."""

from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from lineofsight import sources
from lineofsight.keys import open_keys
from lineofsight.lake import Lake, issues, whose

PEOPLE = (
    "pers_person_id,pers_forename,pers_surname,pers_dob\nP1,Ada,One,01/02/2015\n,Nobody,None,\nP2,Bo,Two,99/99/2015\n"
)
CONTACTS = "cont_contact_id,cont_person_id,cont_contact_date\nC1,P2,not a day\nC1,P1,01/02/2026\nC2,P9,01/02/2026\n"
STAFF = "prof_professional_id,prof_staff_id,prof_social_worker_registration_number\nW1,S1,\nW1,S2,\n"


@pytest.fixture
def extract(tmp_path):
    for name, text in (("ssd_person", PEOPLE), ("ssd_contacts", CONTACTS), ("ssd_professionals", STAFF)):
        (tmp_path / f"{name}.csv").write_text(text)
    return sources.read(
        [tmp_path / f"{n}.csv" for n in ("ssd_person", "ssd_contacts", "ssd_professionals")], as_at=date(2026, 10, 31)
    )


def test_an_issue_on_a_row_that_was_kept_knows_the_child_and_one_on_another_does_not(extract, home):
    keys = open_keys(home)
    known = dict(
        zip(
            [(one.table, one.row, one.why) for one in extract.issues],
            whose.child_keys(extract, keys, "306"),
            strict=True,
        )
    )
    told = {(table, row): key for (table, row, why), key in known.items() if row}
    assert told["ssd_person", 4] == told["ssd_contacts", 2] == keys.child_key("306", "P2")
    assert told["ssd_person", 3] is None
    assert told["ssd_contacts", 3] is None
    assert told["ssd_contacts", 4] == keys.child_key("306", "P9")
    assert told["ssd_professionals", 3] is None


def test_a_snapshot_keeps_whose_each_issue_is_and_how_many_are_new(extract, home):
    lake = Lake(home, open_keys(home))
    snapshot = lake.publish(extract)
    held = lake.issues(snapshot)
    assert snapshot.account.new_issues == held.num_rows == len(extract.issues)
    of_p2 = held.filter(pc.equal(held["child_key"], open_keys(home).child_key("306", "P2")))
    assert of_p2["table"].to_pylist() == ["ssd_person", "ssd_contacts"]
    may = pa.table({"may": whose.may_be_of_a_child(held), "table": held["table"], "row": held["row"]}).to_pylist()
    assert {one["table"] for one in may if one["may"]} == {"ssd_person", "ssd_contacts"}
    assert all(one["row"] for one in may if one["may"])


def test_issues_of_a_snapshot_made_before_keys_were_kept_have_none(extract, home, monkeypatch):
    fewer = pa.schema([field for field in issues.SCHEMA if field.name != "child_key"])
    made = issues.table_of
    monkeypatch.setattr(issues, "table_of", lambda *given: made(*given).select(fewer.names))
    lake = Lake(home, open_keys(home))
    held = lake.issues(lake.publish(extract))
    assert held.schema.names == issues.SCHEMA.names
    assert held["child_key"].null_count == held.num_rows > 0
