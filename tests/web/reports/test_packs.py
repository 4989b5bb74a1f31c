"""Packs: what is in them, for whom, and that they never change."""

import json
from datetime import date
from hashlib import sha256

import pytest
from tests.web.reports.northmere import NAMES, october

from lineofsight.errors import PlainError
from lineofsight.web.access.chain import told
from lineofsight.web.access.house import lake_in_use
from lineofsight.web.access.models import ChainEvent
from lineofsight.web.access.permissions import Refused
from lineofsight.web.evidence.frozen import FrozenError, row_digest
from lineofsight.web.evidence.models import Link
from lineofsight.web.practice.queries.standing import standing
from lineofsight.web.reports import content, packs
from lineofsight.web.reports.models import Pack
from lineofsight.web.reports.standings import reader

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("diary")]
OCTOBER = date(2026, 10, 1)


def figure(pack, measure):
    return next(one for one in pack.content["figures"] if one["measure"] == measure)


def child_keys():
    lake = lake_in_use()
    return lake.persons(lake.latest(), columns=["child_key"])["child_key"].to_pylist()


def test_a_pack_holds_each_measure_with_its_numbers_date_and_computation():
    pack = packs.make("dcs", OCTOBER)
    unallocated = figure(pack, "CP10")
    assert (unallocated["numerator"], unallocated["denominator"], unallocated["as_at"]) == (3, 12, "2026-10-31")
    assert pack.content["computation"] == pack.computation_id
    assert pack.content["snapshot"] == pack.snapshot_id == lake_in_use().latest().id
    assert figure(pack, "CP08")["of_words"] == "9 of 12"


def test_what_is_not_measured_says_so_and_names_what_is_missing():
    missing = figure(packs.make("dcs", OCTOBER), "LA08")
    assert missing["status"] == "not measured"
    assert missing["value"] is None
    assert "ssd_cla_visits" in missing["sentence"]


def test_a_pack_is_made_once_for_a_computation():
    first = packs.make("dcs", OCTOBER)
    assert packs.make("dcs", OCTOBER).pk == first.pk
    assert packs.make_current()[0].pk == first.pk
    assert Pack.objects.count() == 2
    assert ChainEvent.objects.filter(action="pack.made").count() == 2


def test_a_corrected_extract_makes_another_pack_and_leaves_the_first(load):
    first = packs.make("dcs", OCTOBER)
    load(october({"4", "8", "12", "2"}))
    second = packs.make("dcs", OCTOBER)
    assert second.pk != first.pk
    assert figure(second, "CP10")["numerator"] == 4
    assert figure(Pack.objects.get(pk=first.pk), "CP10")["numerator"] == 3


def test_the_directors_pack_counts_the_unallocated_by_team_and_reason_and_names_nobody():
    pack = packs.make("dcs", OCTOBER)
    groups = pack.content["unallocated"]["groups"]
    assert [(one["team"], one["children"]) for one in groups] == [("Assessment West", 2), ("Assessment East", 1)]
    assert {one["reasons"] for one in groups} == {"nobody holds the child"}
    assert not any(surname in json.dumps(pack.content) for _, surname in NAMES)


def test_the_lead_members_pack_has_no_team_no_name_no_child_key_and_no_ref():
    pack = packs.make("lead-member", OCTOBER)
    whole = json.dumps([pack.content, pack.rows])
    assert figure(pack, "CP10")["numerator"] == 3
    # three wait, all for one reason: that is a small number of its own, so the reasons are not told
    assert pack.content["unallocated"]["groups"] == []
    assert pack.content["unallocated"]["few"]
    assert "Assessment" not in json.dumps(pack.content["unallocated"])
    for forename, surname in NAMES:
        assert surname not in whole
        assert f'"{forename}' not in whole
    for key in child_keys():
        assert key not in whole


def test_the_children_behind_a_figure_are_kept_as_digests_that_differ_from_pack_to_pack():
    one, other = packs.make("dcs", OCTOBER), packs.make("lead-member", OCTOBER)
    told, again = one.rows["CP10"], other.rows["CP10"]
    assert len(told["in"]) == 3
    assert told["salt"] != again["salt"]
    assert not set(told["in"]) & set(again["in"])
    matched = [key for key in child_keys() if row_digest(told["salt"], key) in told["in"]]
    assert len(matched) == 3


def test_a_pack_never_changes_by_any_door():
    pack = packs.make("dcs", OCTOBER)
    pack.content["lead"] = "All is well."
    with pytest.raises(FrozenError):
        pack.save()
    with pytest.raises(FrozenError):
        Pack.objects.filter(pk=pack.pk).update(month=date(2026, 9, 1))
    with pytest.raises(FrozenError):
        pack.delete()
    with pytest.raises(FrozenError):
        Pack.objects.all().delete()
    assert Pack.objects.get(pk=pack.pk).is_as_made()


def test_the_content_stands_encrypted_in_the_database():
    from django.db import connection

    packs.make("dcs", OCTOBER)
    with connection.cursor() as cursor:
        cursor.execute("select content, rows from reports_pack")
        stored = " ".join(cursor.fetchone())
    assert "Assessment West" not in stored
    assert "allocated" not in stored


def test_each_figure_hangs_below_its_pack_in_the_thread():
    pack = packs.make("dcs", OCTOBER)
    key = f"CP10@{pack.snapshot_id}@{pack.computation_id}"
    assert Link.objects.filter(from_kind="pack", from_key=str(pack.pk), to_kind="figure", to_key=key).count() == 1


@pytest.mark.parametrize(
    ("office", "month", "said"),
    [
        ("mayor", OCTOBER, "There is no pack for 'mayor'"),
        ("dcs", date(2025, 1, 1), "No extract has been loaded that is as at a day in January 2025"),
    ],
)
def test_a_pack_that_cannot_be_made_is_refused_in_words(office, month, said):
    with pytest.raises(PlainError, match=said):
        packs.make(office, month)


def test_who_may_not_prepare_packs_makes_none(viewer_as):
    for office in ("lead-member", "head-of-service", "scrutiny"):
        with pytest.raises(Refused):
            packs.make("dcs", OCTOBER, viewer_as(office))
    assert packs.make("dcs", OCTOBER, viewer_as("dcs-delegate")).made_by == "p-dcs-delegate"


def test_a_text_is_released_by_the_director_alone_and_makes_a_new_edition(viewer_as):
    before = packs.make("lead-member", OCTOBER)
    with pytest.raises(Refused):
        packs.release("lead-member", OCTOBER, "Cover is arranged.", by=viewer_as("dcs-delegate"))
    packs.release("lead-member", OCTOBER, "Cover is arranged for the two teams.", by=viewer_as("dcs"))
    after = packs.make("lead-member", OCTOBER)
    assert (before.edition, after.edition) == (1, 2)
    assert [one["text"] for one in after.content["released"]] == ["Cover is arranged for the two teams."]
    assert packs.make("lead-member", OCTOBER).pk == after.pk


@pytest.mark.parametrize(
    "text", ["Dot Heron waits.", "heron, DOT", "The child Dot (Heron’s family) waits", "Dot-Heron"]
)
def test_a_text_that_names_a_child_is_not_released(viewer_as, text):
    with pytest.raises(PlainError, match="names a child"):
        packs.release("lead-member", OCTOBER, text, by=viewer_as("dcs"))


@pytest.mark.parametrize("text", ["A heron was seen.", "We dot the i.", "Ben’s law was mentioned by a Finch."])
def test_one_word_of_a_name_or_two_of_different_children_is_for_a_person_to_judge(viewer_as, text):
    assert packs.release("lead-member", OCTOBER, text, by=viewer_as("dcs")).text == text


def test_a_text_taken_back_is_no_longer_read_and_stays_on_the_record(viewer_as):
    from lineofsight.web.reports import queries

    director, member = viewer_as("dcs"), viewer_as("lead-member")
    released = packs.release("lead-member", OCTOBER, "Cover is arranged.", by=director)
    assert [one.words for one in queries.released(member)] == ["Cover is arranged."]
    packs.take_back(released, by=director)
    assert queries.released(member) == []
    released.refresh_from_db()
    assert released.taken_back_by == "p-dcs"
    with pytest.raises(PlainError, match="taken back already"):
        packs.take_back(released, by=director)


def test_making_a_pack_releasing_a_text_and_taking_it_back_are_in_the_log_with_who_did_it(viewer_as):
    director = viewer_as("dcs")
    packs.make("dcs", OCTOBER, director)
    packs.take_back(packs.release("lead-member", OCTOBER, "Cover is arranged.", by=director), by=director)
    logged = {one.action: (one.actor, one.subject) for one in ChainEvent.objects.filter(actor="p-dcs")}
    assert logged["pack.made"] == ("p-dcs", "pack dcs 2026-10")
    assert logged["text.released"] == logged["text.taken back"] == ("p-dcs", "lead-member 2026-10")


def test_the_first_file_of_a_pack_is_in_the_log_with_its_digest_and_the_same_file_once():
    pack = packs.make("dcs", OCTOBER)
    made = [packs.render(pack, "html") for _ in range(2)]
    said = told(ChainEvent.objects.get(action="pack.rendered"))
    assert said.detail == {"form": "html", "sha256": sha256(made[0]).hexdigest()}


def test_a_pack_names_every_change_in_its_headline_and_what_could_not_be_measured():
    told = [
        *({"tone": tone, "status": "measured", "title": tone} for tone in ("worse", "worse", "changed", "none")),
        {"tone": "none", "status": "not measured", "title": "Children seen in time"},
    ]
    assert content._lead(told) == (
        "Of 5 measures, three have really changed: two for the worse and one not as usual. "
        "One could not be measured: Children seen in time."
    )


def test_a_pack_tells_of_whom_it_cannot_be_told_even_where_nobody_is_known_to_be_unallocated():
    stand = standing()
    figure = {"measure": "CP10", "numerator": 0, "unknown": 5, "sentence": "For 5 more it cannot be told."}
    told = content._unallocated(stand, reader("dcs"), [figure])
    assert told and told["sentence"] == "For 5 more it cannot be told."
    assert content._unallocated(stand, reader("dcs"), [{**figure, "unknown": 0}]) is None
