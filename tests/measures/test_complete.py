"""Is the catalogue whole? Every measure the field asks for is built, or it is said what it lacks; and each says of
itself what a reader must know: its source, the kind of rule its clock is, what is better, who checked it, until when.
"""

import re

import pytest

from lineofsight import clock, policy
from lineofsight.measures import definitions
from lineofsight.measures.left_out import left_out

CATALOGUE = definitions.load()
NOT_BUILT = {one.id: one for one in left_out()}

# What inspectors, the department and the sector's own returns ask for, by area.
ASKED_FOR = {
    "Front door": "FD01 FD02 FD03 FD04 FD05 FD06",
    "Early help": "EH01 EH02 EH03 EH04",
    "Referral": "RF01 RF02 RF03 RF04 RF05",
    "Assessment": "AS01 AS02 AS03 AS04 AS05 AS06 AS07",
    "Section 47": "SJ01 SJ02 SJ03 SJ04",
    "Conference": "IC01 IC02 IC03 IC04",
    "Child in need": "CN01 CN02 CN03 CN04 CN05 CN06 CN07 CL10",
    "Child protection": (
        "CP01 CP02 CP03 CP04 CP05 CP06 CP07 CP08 CP09 CP10 CP11 CP12 CP13 CP14 CP15 CP16 CP17 CP18 CP19 CP20 CP21 CP22 "
        "CP23 CP24"
    ),
    "Looked after": (
        "LA01 LA02 LA03 LA04 LA05 LA06 LA07 LA08 LA09 LA10 LA11 LA12 LA13 LA14 LA15 LA16 LA17 LA18 LA19 LA20 LA21 LA22 "
        "LA23 LA24 LA25 LA26 LA27 LA28 LA29 LA30 LA31 LA32 LA33 LA34 LA35 LA36 LA37 LA38 LA39"
    ),
    "Care leavers": "CL01 CL02 CL03 CL04 CL05 CL06 CL07 CL08 CL09 HL01",
    "Adoption": "AD01 AD02 AD03 AD04",
    "Legal": "PL01 PL02 PL03",
    "Workforce": "WF01 WF02 WF03 WF04 WF05 WF06 WF07 WF08 WF09 WF10 WF11 WF12 WF13 WF14 WF15",
}
ASKED = [(area, key) for area, keys in ASKED_FOR.items() for key in keys.split()]
OF_LAW = {"regulation", "statutory guidance", "best practice", "regional procedure", "local"}


@pytest.mark.parametrize(("area", "key"), ASKED)
def test_what_the_field_asks_for_is_measured_or_it_is_said_what_it_lacks(area, key):
    assert (key in CATALOGUE) != (key in NOT_BUILT), f"{key} is {'both' if key in CATALOGUE else 'neither'}"
    if key in NOT_BUILT:
        assert NOT_BUILT[key].area == area


def test_sixty_measures_and_more():
    assert len([key for _, key in ASKED if key in CATALOGUE]) >= 60


@pytest.mark.parametrize("one", left_out(), ids=lambda one: one.id)
def test_what_is_left_out_says_what_it_lacks_in_a_sentence(one):
    assert re.fullmatch(r"[A-Z]{2}\d\d", one.id)
    assert one.title
    assert len(one.lacks) > 40
    assert one.lacks.endswith(".")


@pytest.mark.parametrize("one", CATALOGUE.values(), ids=list(CATALOGUE))
def test_a_measure_names_its_source_in_words(one):
    assert len(one.source) > 15
    assert not re.search(r"https?://|\btodo\b|\btbc\b", one.source, re.IGNORECASE)


@pytest.mark.parametrize("one", CATALOGUE.values(), ids=list(CATALOGUE))
def test_a_measure_is_checked_by_somebody_else_and_looked_at_again_within_two_years(one):
    assert one.author.casefold() != one.checker.casefold()
    assert one.reviewed <= clock.today()
    assert (one.next_review - one.reviewed).days <= 730


@pytest.mark.parametrize("one", CATALOGUE.values(), ids=list(CATALOGUE))
def test_a_clock_says_what_kind_of_rule_it_is_and_where_it_is_from(one):
    for key in one.timescales:
        rules = [rule for rule in policy.load().rules if rule.key == key]
        assert rules, key
        assert {rule.kind for rule in rules} <= OF_LAW
        assert all(rule.source.strip() for rule in rules)


@pytest.mark.parametrize("one", CATALOGUE.values(), ids=list(CATALOGUE))
def test_a_measure_says_why_it_matters_in_a_sentence_or_two(one):
    assert 40 <= len(one.why_it_matters) <= 400
    assert one.why_it_matters.endswith(".")


@pytest.mark.parametrize("one", [one for one in CATALOGUE.values() if one.exception], ids=lambda one: one.id)
def test_what_asks_for_action_says_what_is_better(one):
    """Something owed and not done is never a good thing to have more of."""
    assert one.better in ("higher", "lower")
    assert (one.better == "higher") == (one.counts == "met")
