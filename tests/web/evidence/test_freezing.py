"""Evidence: frozen with what the viewer saw, sealed, encrypted, and never changed."""

import pytest
from django.db import connection, transaction

from lineofsight.web.evidence.actions import freeze, link
from lineofsight.web.evidence.frozen import FrozenError, canonical, digest, row_digest
from lineofsight.web.evidence.models import Evidence, Link

pytestmark = pytest.mark.django_db
CONTENT = {"sentence": "3 of 402 children.", "snapshot": "s1", "computation": "c1", "numerator": 3}


@pytest.fixture
def frozen(viewer_as):
    return freeze(viewer_as("head-of-service"), "measure", "CP10", "Unallocated children", CONTENT)


def test_evidence_keeps_what_was_seen_by_whom_and_how_far_they_see(frozen):
    kept = Evidence.objects.get()
    assert kept.content["numerator"] == 3
    assert kept.content["seen_by"] == {
        "office": "head-of-service",
        "level": "identified",
        "scope": "service",
        "scope_ids": ["S1"],
    }
    assert (kept.snapshot_id, kept.computation_id, kept.made_by) == ("s1", "c1", "p-head-of-service")
    assert kept.is_as_frozen()


def test_evidence_leads_down_to_what_it_shows_or_to_what_it_rests_on(frozen, viewer_as):
    assert Link.objects.filter(from_key=str(frozen.pk), to_kind="measure", to_key="CP10").count() == 1
    other = freeze(viewer_as("dcs"), "measure", "CP10", "Unallocated", CONTENT, rests_on=("figure", "CP10@s1@c1"))
    assert Link.objects.get(from_key=str(other.pk)).to_kind == "figure"


def test_evidence_never_changes_by_any_door(frozen):
    frozen.label = "Else"
    for act in (
        frozen.save,
        frozen.delete,
        Evidence.objects.all().delete,
        lambda: Evidence.objects.update(label="Else"),
    ):
        with pytest.raises(FrozenError):
            act()
    with pytest.raises(FrozenError), transaction.atomic():
        Evidence.objects.bulk_update([frozen], ["label"])
    assert Evidence.objects.get().label == "Unallocated children"


def test_a_change_underneath_breaks_the_seal(frozen):
    with connection.cursor() as cursor:
        cursor.execute("update evidence_evidence set digest = %s", ["0" * 64])
    assert not Evidence.objects.get().is_as_frozen()


def test_the_content_stands_encrypted(frozen):
    with connection.cursor() as cursor:
        cursor.execute("select content from evidence_evidence")
        assert "402" not in cursor.fetchone()[0]


def test_the_same_link_is_made_once(db, home):
    first = link("record", "r1", "pack", "p1", "rests on")
    assert link("record", "r1", "pack", "p1", "rests on").pk == first.pk
    assert Link.objects.count() == 1


def test_the_same_content_has_one_seal_however_it_is_written(home):
    assert digest({"a": 1, "b": [1, 2]}) == digest({"b": [1, 2], "a": 1})
    assert digest({"a": 1}) != digest({"a": "1"})
    assert canonical({"b": 1, "a": "é"}) == '{"a":"é","b":1}'.encode()


def test_a_number_that_is_none_cannot_be_sealed(home):
    with pytest.raises(ValueError, match="JSON"):
        digest({"a": float("nan")})


def test_a_seal_of_another_home_is_another(home, tmp_path, monkeypatch):
    from lineofsight.home import create_home
    from lineofsight.keys import create_keys

    first = digest({"a": 1})
    other = create_home(tmp_path / "other", authority="306", authority_name="Northmere Council")
    create_keys(other)
    monkeypatch.setenv("LINEOFSIGHT_HOME", str(other.path))
    assert digest({"a": 1}) != first


def test_a_childs_digest_says_nothing_without_the_key_and_differs_by_salt():
    assert row_digest("s", "a" * 32) == row_digest("s", "a" * 32)
    assert row_digest("s", "a" * 32) != row_digest("t", "a" * 32)
    assert "a" * 8 not in row_digest("s", "a" * 32)
