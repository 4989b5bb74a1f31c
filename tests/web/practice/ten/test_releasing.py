"""What the Lead Member is told: a text a person wrote, under letters that change monthly, with nothing that points."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access.chain import told
from lineofsight.web.access.models import ChainEvent
from lineofsight.web.access.permissions import Capability, Refused
from lineofsight.web.practice.models import TenRelease
from lineofsight.web.practice.queries.standing import standing, teams, workers
from lineofsight.web.practice.ten import actions, found, queries, warnings
from lineofsight.web.reports import packs

pytestmark = pytest.mark.django_db
PLAIN = "Nobody came when a visit was due, and the manager has changed who is responsible."


@pytest.fixture
def released(viewer_as, frozen, proposed):
    """One text about the first child of the list."""
    return actions.release(by=viewer_as("dcs"), child_key=proposed[0].child_key, text=PLAIN, read_again=False)


@pytest.fixture
def named(persons, proposed):
    """The first child of the list who has a name, as a row of the people table."""
    rows = {one["child_key"]: one for one in persons}
    return next(rows[one.child_key] for one in proposed if rows[one.child_key]["surname"])


def test_the_lead_member_reads_the_text_under_its_letters_and_nothing_else(client_as, released, proposed):
    code = found.code(date(2026, 10, 1), proposed[0].child_key)
    page = client_as("lead-member").get("/").content.decode()
    assert PLAIN in page and f"<strong>{code}.</strong>" in page
    for reason in (one["reason"] for child in proposed for one in child.reasons):
        assert reason not in page


@pytest.mark.parametrize(
    "office", ["lead-member", "chief-executive", "leader", "scrutineer", "scrutiny", "team-manager"]
)
def test_nobody_else_opens_the_list_or_a_child_on_it(client_as, released, proposed, ref_of, office):
    for address in ("/ten/", "/ten/fairness/", f"/ten/children/{ref_of(proposed[0].child_key)}/"):
        assert client_as(office).get(address).status_code == 403
    if office != "lead-member":
        assert PLAIN not in client_as(office).get("/").content.decode()


def test_the_director_sees_the_letters_beside_the_name(client_as, released, proposed):
    assert found.code(date(2026, 10, 1), proposed[0].child_key) in client_as("dcs").get("/ten/").content.decode()


def test_the_letters_change_with_the_month_and_make_no_word(home, proposed):
    codes = {found.code(date(2026, month, 1), proposed[0].child_key) for month in range(1, 13)}
    assert len(codes) == 12
    assert all(re.fullmatch("[BCDFGHJKLMNPQRSTVWXZ]{5}", one) for one in codes)
    assert len({found.code(date(2026, 10, 1), one.child_key) for one in proposed}) == len(proposed)


def test_what_was_taken_back_is_read_by_nobody_and_stays_on_the_record(client_as, released, proposed, ref_of):
    address = f"/ten/children/{ref_of(proposed[0].child_key)}/take-back/"
    assert client_as("dcs").post(address, {"text": released.pk}).status_code == 302
    assert PLAIN not in client_as("lead-member").get("/").content.decode()
    released.refresh_from_db()
    assert released.taken_back_by_key == "p-dcs"
    event = ChainEvent.objects.filter(action="ten.text taken back").get()
    assert list(told(event).children) == [proposed[0].child_key]
    page = client_as("dcs").post(address, {"text": released.pk}, follow=True).content.decode()
    assert "That text is not released." in page


def test_a_text_of_another_child_is_not_taken_back_here(viewer_as, released, proposed):
    with pytest.raises(PlainError, match="not released"):
        actions.take_back(by=viewer_as("dcs"), child_key=proposed[1].child_key, key=released.pk)


def test_the_text_of_a_child_who_is_taken_off_is_no_longer_read(viewer_as, released, proposed):
    actions.remove(by=viewer_as("dcs"), child_key=proposed[0].child_key, why="Seen.")
    assert queries.released(viewer_as("lead-member")) == []


def test_texts_expire_with_the_month(viewer_as, released):
    member = viewer_as("lead-member")
    with clock.frozen_at(datetime(2026, 11, 30, 12, tzinfo=UTC)):
        assert len(queries.released(member)) == 1
    with clock.frozen_at(datetime(2026, 12, 1, 12, tzinfo=UTC)):
        assert queries.released(member) == []


def test_without_a_frozen_month_nothing_is_released(viewer_as, people):
    assert queries.released(viewer_as("lead-member")) == []


def test_who_may_not_read_released_texts_reads_none(viewer_as, released):
    viewer = viewer_as("lead-member")
    with pytest.raises(Refused):
        queries.released(replace(viewer, capabilities=viewer.capabilities - {Capability.SEE_RELEASED_TEXT}))


def test_the_release_is_in_the_log_with_the_child_and_without_the_text(released, proposed):
    event = ChainEvent.objects.filter(action="ten.text released").get()
    assert list(told(event).children) == [proposed[0].child_key]
    assert told(event).detail == {"release": released.pk, "warnings": 0}
    assert PLAIN not in str(event.__dict__)


def test_a_text_with_a_date_is_asked_about_and_released_when_it_was_read_again(client_as, frozen, proposed, ref_of):
    address = f"/ten/children/{ref_of(proposed[0].child_key)}/release/"
    sent = {"text": "Nobody has come since 3 October."}
    page = client_as("dcs").post(address, sent).content.decode()
    assert "It holds a date, a month or a day of the week." in page and "I have read it again" in page
    assert sent["text"] in page
    assert not TenRelease.objects.exists()
    assert client_as("dcs").post(address, {**sent, "read_again": "on"}).status_code == 302
    assert TenRelease.objects.get().text == sent["text"]
    event = ChainEvent.objects.filter(action="ten.text released").get()
    assert told(event).detail["warnings"] == 1


def test_a_childs_whole_name_is_refused_whatever_was_ticked(viewer_as, frozen, named):
    text = f"The visit to {named['forename']} {named['surname']} was late."
    with pytest.raises(PlainError, match="names a child"):
        actions.release(by=viewer_as("dcs"), child_key=named["child_key"], text=text, read_again=True)


@pytest.mark.parametrize("text", [
    "since 3 October", "on 3rd of May", "October 3", "3/10/2026", "2026-10-03", "in 2025", "last Tuesday",
    "since March",
])  # fmt: skip
def test_a_date_is_warned_of_however_it_is_written(home, proposed, text):
    assert warnings.of(standing(), proposed[0].child_key, f"Nobody came {text}.") == [
        "It holds a date, a month or a day of the week."
    ]


@pytest.mark.parametrize(
    "text", ["aged 9", "a nine-year-old girl", "a 7 months old baby", "one of the twins", "unborn"]
)
def test_an_age_is_warned_of(home, proposed, text):
    assert "It says how old the child is" in " ".join(
        warnings.of(standing(), proposed[0].child_key, f"This is {text}.")
    )


@pytest.mark.parametrize(
    "text", [PLAIN, "The plan may not be working. A visit a week is too few.", "Two of five steps."]
)
def test_a_text_with_nothing_in_it_is_not_warned_of(home, proposed, text):
    assert warnings.of(standing(), proposed[0].child_key, text) == []


def test_the_childs_own_names_and_those_of_brothers_and_sisters_are_warned_of(home, persons):
    rows = {one["child_key"]: one for one in persons}
    child = next(one for one in persons if one["siblings"] and one["forename"] and rows[one["siblings"][0]]["forename"])
    said = "It holds a name of the child, or of a brother or sister."
    for name in (child["forename"], child["surname"], rows[child["siblings"][0]]["forename"]):
        assert said in warnings.of(standing(), child["child_key"], f"We asked {name.upper()}’s school.")


def test_a_team_a_worker_and_a_postcode_are_warned_of(home, proposed):
    stand = standing()
    team = next(iter(teams(stand).values())).name
    worker = next(one.name for one in workers(stand).values() if one.name).split()[-1]
    found_ = warnings.of(stand, proposed[0].child_key, f"{team} and {worker} went to N1 9GU.")
    assert {"It names a team.", "It may name a worker.", "It holds a postcode."} <= set(found_)


def test_a_place_where_the_child_lives_is_warned_of(home, persons):
    stand = standing()
    key, place = next(
        (one["child_key"], place)
        for one in persons
        if not one["restricted"]
        for place in sorted(warnings._places(stand, one["child_key"]))
        if len(place) > 4
    )
    assert "It names a place where the child lives or lived." in warnings.of(
        stand, key, f"They are well known in {place}."
    )


def test_the_packs_carry_it_to_each_as_they_may_see_it(viewer_as, released, proposed, persons):
    director, member = packs.make("dcs", date(2026, 10, 1)), packs.make("lead-member", date(2026, 10, 1))
    code = found.code(date(2026, 10, 1), proposed[0].child_key)
    assert [(one["code"], one["text"]) for one in member.content["ten"]["texts"]] == [(code, PLAIN)]
    assert "sentence" not in member.content["ten"]
    ten = director.content["ten"]
    assert ten["frozen"] and ten["sentence"].startswith("Seven children" if len(proposed) == 7 else "")
    assert not any(one["surname"] and f'{one["surname"]}"' in str(ten) for one in persons)
    for form in packs.FORMS:
        assert packs.render(director, form) and packs.render(member, form)
    page = packs.render(member, "html").decode()
    assert PLAIN in page and code in page


def test_another_released_text_makes_another_edition_of_the_lead_members_pack(viewer_as, released, proposed):
    first = packs.make("lead-member", date(2026, 10, 1))
    assert packs.make("lead-member", date(2026, 10, 1)).pk == first.pk
    actions.take_back(by=viewer_as("dcs"), child_key=proposed[0].child_key, key=released.pk)
    second = packs.make("lead-member", date(2026, 10, 1))
    assert second.edition == first.edition + 1 and second.content["ten"] is None


def test_freezing_the_list_makes_another_edition_of_the_directors_pack(viewer_as, proposed):
    first = packs.make("dcs", date(2026, 10, 1))
    assert not first.content["ten"]["frozen"]
    actions.freeze(by=viewer_as("dcs"))
    second = packs.make("dcs", date(2026, 10, 1))
    assert second.edition == first.edition + 1 and second.content["ten"]["frozen"]
