"""Placing and lifting restrictions, and who is named: by whom, in which words, and always in the log."""

import pytest

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access.chain import told
from lineofsight.web.access.models import ChainEvent, Holding, NamedPerson, Restriction
from lineofsight.web.access.permissions import Refused
from lineofsight.web.access.restricted import actions, queries

KEY, OTHER = "a" * 32, "b" * 32


@pytest.fixture
def director(viewer_as, monkeypatch):
    """The Director, in a house whose extract restricts nobody."""
    monkeypatch.setattr(queries, "restricted_by_extract", lambda key: False)
    return viewer_as("dcs")


def placed(by, *people, key=KEY, kind="protected-address"):
    return actions.restrict(by=by, child_key=key, kind=kind, reason="A court said so", people=people)


def last(action):
    return told(ChainEvent.objects.filter(action=action).latest("sequence"))


def test_a_restriction_holds_at_once_and_the_log_says_who_was_named(director, people):
    placed(director, people["team-manager"], people["psw"])
    assert queries.placed_here() == {KEY}
    event = last(actions.PLACED)
    assert event.children == (KEY,)
    assert event.detail == {"named": ["p-psw", "p-team-manager"]}
    assert Restriction.objects.get().reason == "A court said so"


def test_the_placer_is_not_named_unless_they_name_themselves(director, people, viewer_as):
    placed(director, people["team-manager"])
    assert KEY not in viewer_as("dcs").named_for
    assert KEY in viewer_as("team-manager").named_for
    placed(director, people["dcs"], key=OTHER)
    assert viewer_as("dcs").named_for == {OTHER}


@pytest.mark.parametrize(
    "office", ["team-manager", "qa-manager", "lead-member", "information-governance", "administrator"]
)
def test_only_an_office_with_the_permission_restricts_names_or_lifts(director, people, viewer_as, office):
    placed(director, people["psw"])
    other = viewer_as(office)
    for act in (
        lambda: placed(other, people["psw"], key=OTHER),
        lambda: actions.lift(by=other, child_key=KEY, kind="protected-address"),
        lambda: actions.name_person(by=other, child_key=KEY, person=people["dcs"]),
        lambda: actions.unname(by=other, child_key=KEY, person=people["psw"]),
        lambda: queries.restrictions_of(other, KEY),
    ):
        with pytest.raises(Refused):
            act()
    assert not actions.may_restrict(other)
    assert queries.placed_here() == {KEY}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": "because"}, "Choose why"),
        ({"reason": "  "}, "Say why"),
        ({"people": ()}, "Name at least one person"),
    ],
)
def test_a_restriction_without_a_kind_a_reason_or_a_person_is_refused(director, people, change, words):
    given = {"kind": "other", "reason": "x y", "people": (people["psw"],), **change}
    with pytest.raises(PlainError, match=words):
        actions.restrict(by=director, child_key=KEY, **given)
    assert not Restriction.objects.exists()


def test_nobody_is_named_who_sees_no_child_by_name_or_has_left(director, people):
    for office in ("lead-member", "scrutineer", "administrator", "information-governance", "lado"):
        with pytest.raises(PlainError, match="no office that sees children"):
            placed(director, people[office])
    Holding.objects.filter(person=people["psw"]).update(until=clock.today().replace(year=2025))
    with pytest.raises(PlainError, match="no office that sees children"):
        placed(director, people["psw"])
    assert not NamedPerson.objects.exists()
    assert not Restriction.objects.exists()


def test_the_same_reason_is_placed_once_and_another_beside_it(director, people):
    placed(director, people["psw"])
    with pytest.raises(PlainError, match="already"):
        placed(director, people["psw"])
    placed(director, people["psw"], kind="other")
    assert Restriction.objects.count() == 2
    assert NamedPerson.objects.count() == 1


def test_a_restriction_is_lifted_by_somebody_named_for_it_and_by_nobody_else(director, people, viewer_as):
    placed(director, people["psw"])
    with pytest.raises(Refused, match="Only a person named"):
        actions.lift(by=director, child_key=KEY, kind="protected-address")
    actions.name_person(by=director, child_key=KEY, person=people["dcs"])
    actions.lift(by=viewer_as("dcs"), child_key=KEY, kind="protected-address")
    assert queries.placed_here() == frozenset()
    assert last(actions.LIFTED).children == (KEY,)
    with pytest.raises(PlainError, match="not restricted here"):
        actions.lift(by=viewer_as("dcs"), child_key=KEY, kind="protected-address")


def test_a_kind_that_nobody_knows_restricts_all_the_same(director):
    Restriction.objects.create(
        child_key=KEY, kind="of-another-version", reason="x", from_date=clock.today(), placed_by_key="p"
    )
    assert queries.placed_here() == {KEY}


def test_a_person_is_named_only_for_a_record_that_is_restricted_and_only_once(director, people, monkeypatch):
    with pytest.raises(PlainError, match="not restricted"):
        actions.name_person(by=director, child_key=KEY, person=people["psw"])
    monkeypatch.setattr(queries, "restricted_by_extract", lambda key: key == KEY)
    actions.name_person(by=director, child_key=KEY, person=people["psw"])
    assert last(actions.NAMED).detail == {"person": "p-psw"}
    with pytest.raises(PlainError, match="named for this record already"):
        actions.name_person(by=director, child_key=KEY, person=people["psw"])


def test_a_name_is_taken_away_at_once_but_never_the_last(director, people, viewer_as):
    placed(director, people["psw"], people["analyst"])
    actions.unname(by=director, child_key=KEY, person=people["psw"])
    assert viewer_as("psw").named_for == frozenset()
    assert last(actions.UNNAMED).detail == {"person": "p-psw"}
    with pytest.raises(PlainError, match="last person"):
        actions.unname(by=director, child_key=KEY, person=people["analyst"])
    with pytest.raises(PlainError, match="is not named"):
        actions.unname(by=director, child_key=KEY, person=people["psw"])
    assert viewer_as("analyst").named_for == {KEY}


def test_what_is_done_and_what_is_logged_stand_or_fall_together(director, people, monkeypatch):
    def broken(**_):
        raise RuntimeError

    monkeypatch.setattr(actions, "record", broken)
    with pytest.raises(RuntimeError):
        placed(director, people["psw"])
    assert not Restriction.objects.exists()
    assert not NamedPerson.objects.exists()


def test_naming_gives_nothing_at_a_level_that_sees_no_names(director, people, viewer_as):
    NamedPerson.objects.create(
        child_key=KEY, person=people["lead-member"], from_date=clock.today(), named_by_key="p-dcs"
    )
    assert viewer_as("lead-member").named_for == frozenset()
