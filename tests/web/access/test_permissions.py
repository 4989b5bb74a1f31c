"""Every capability is described, held by somebody and asked for by the code; every office is whole."""

import ast
from pathlib import Path

import pytest

import lineofsight.web
from lineofsight.web.access.models import Holding
from lineofsight.web.access.offices import LEVELS, SCOPE_KINDS, office, offices
from lineofsight.web.access.permissions import IN_PERSON, WORDS, Capability
from lineofsight.web.access.viewer import viewer_in

WEB = Path(lineofsight.web.__file__).parent
ASKING = {"check", "check_any", "may", "may_any"}


def _asked_for() -> dict[str, list[str]]:
    """Where the code asks for each capability: `check(viewer, Capability.X)` or `Capability.X in ...capabilities`."""
    found: dict[str, list[str]] = {}
    for path in sorted(WEB.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            for name in _capabilities_asked_in(node):
                found.setdefault(name, []).append(f"{path.relative_to(WEB)}:{node.lineno}")
    return found


def _capabilities_asked_in(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in ASKING:
        return [name for one in node.args if (name := _named(one))]
    if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In):
        asks = "capabilities" in ast.unparse(node.comparators[0])
        return [name] if asks and (name := _named(node.left)) else []
    return []


def _named(node: ast.AST) -> str:
    inside = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Capability"
    return node.attr if inside else ""


ASKED_FOR = _asked_for()


@pytest.mark.parametrize("capability", list(Capability))
def test_a_capability_is_in_words_held_by_an_office_and_asked_for_in_the_code(capability):
    words = WORDS[capability]
    assert words[0].islower() and len(words) > 10 and not words.endswith(".")
    assert [one.slug for one in offices().values() if capability in one.capabilities]
    assert ASKED_FOR.get(capability.name), f"nothing asks for {capability.name}"


def test_the_code_asks_for_no_capability_that_there_is_not():
    assert set(ASKED_FOR) <= set(Capability.__members__)


def test_the_words_are_of_capabilities_and_no_two_are_alike():
    assert set(WORDS) == set(Capability)
    assert len(set(WORDS.values())) == len(WORDS)


@pytest.mark.parametrize("slug", list(offices()))
def test_an_office_has_a_level_a_scope_a_group_and_a_description_in_sentences(slug):
    told = office(slug)
    assert told.level in LEVELS and told.scope in SCOPE_KINDS
    assert told.group and told.title[0].isupper() and not told.title.endswith(".")
    sentences = [one for one in told.description.split(". ") if one]
    assert told.description.endswith(".") and all(one[0].isupper() for one in sentences)


def test_the_groups_stand_together_so_that_each_is_one_heading():
    groups = [one.group for one in offices().values()]
    assert len([one for at, one in enumerate(groups) if at == 0 or groups[at - 1] != one]) == len(set(groups))


@pytest.mark.parametrize("slug", [one.slug for one in offices().values() if one.level == "none"])
def test_an_office_without_a_level_sees_nothing_but_the_log(slug):
    seeing = {one for one in office(slug).capabilities if one.value.startswith("see-")}
    assert seeing <= {Capability.SEE_LOG}
    assert office(slug).scope == "none"


def test_an_administrator_sees_nothing_at_all():
    assert not {one for one in office("administrator").capabilities if one.value.startswith("see-")}


ACTING = [one.slug for one in offices().values() if one.acts_for]


@pytest.mark.parametrize("slug", ACTING)
def test_an_office_that_acts_for_another_does_nothing_in_person_and_nothing_the_other_may_not(slug):
    acting, held = office(slug), office(office(slug).acts_for)
    assert not acting.capabilities & IN_PERSON
    assert acting.capabilities <= held.capabilities
    assert (acting.level, acting.scope) == (held.level, held.scope)
    assert not held.acts_for, "nobody acts for somebody who acts for another"
    assert not acting.has_delegates


def test_the_directors_delegate_acts_for_the_director():
    assert ACTING == ["dcs-delegate"]
    assert office("dcs-delegate").acts_for == "dcs"


def test_an_office_has_delegates_exactly_where_its_holder_does_something_in_person():
    with_delegates = {one.slug for one in offices().values() if one.has_delegates}
    assert with_delegates == {
        one.slug for one in offices().values() if one.capabilities & IN_PERSON and not one.acts_for
    }
    assert {"dcs", "lead-member"} <= with_delegates
    assert "administrator" not in with_delegates


@pytest.mark.parametrize("slug", [one.slug for one in offices().values() if one.has_delegates])
def test_a_delegate_has_everything_of_the_office_but_what_is_done_in_person(people, slug):
    holding = Holding.objects.get(person=people[slug])
    holder = viewer_in(holding)
    holding.as_delegate = True
    delegate = viewer_in(holding)
    assert delegate.delegate and not holder.delegate
    assert delegate.capabilities == office(slug).capabilities - IN_PERSON
    assert (delegate.level, delegate.scope, delegate.audience) == (holder.level, holder.scope, holder.audience)
