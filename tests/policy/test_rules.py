"""The policy: shipped rules, a home's own, and what is refused."""

from datetime import date
from pathlib import Path

import pytest

from lineofsight import policy
from lineofsight.errors import PlainError
from lineofsight.home import Home

TODAY = date(2026, 10, 31)


def home_with(folder: Path, text: str) -> Home:
    (folder / "policy.toml").write_text(text)
    return Home(path=folder, authority="999", authority_name="Somewhere", demo=True)


VISIT_15 = """
[[timescale]]
key = "cp.visit"
number = 15
unit = "working days"
kind = "local"
source = "Somewhere's own standard, March 2024"
from = 2024-03-01
"""


def test_the_shipped_rules_say_what_the_sources_say():
    rules = policy.load()
    expected = {
        "referral.rereferral_months": (12, "months"),
        "assessment.complete": (45, "working days"),
        "icpc.after_strategy": (15, "working days"),
        "cp.first_review": (3, "months"),
        "cp.later_review": (6, "months"),
        "cp.visit": (10, "working days"),
        "cp.allocation_grace": (0, "working days"),
        "la.visit.first": (1, "weeks"),
        "la.visit.first_year": (6, "weeks"),
        "la.visit.permanent": (3, "months"),
        "la.visit.temporary_later": (4, "weeks"),
        "la.visit.parents_later": (6, "weeks"),
        "caseload.limit": (18, "children"),
        "caseload.asye_limit": (16, "children"),
        "supervision.practitioner": (28, "days"),
        "extract.fresh": (3, "days"),
        "disclosure.suppress_below": (6, "children"),
        "disclosure.round_to": (5, "children"),
    }
    found = {key: (rules.number(key, TODAY), rules.rule(key, TODAY).unit) for key in expected}
    assert found == expected


def test_every_shipped_rule_has_a_source_and_local_ones_are_marked():
    rules = policy.load()
    assert all(len(rule.source) > 20 for rule in rules.rules)
    assert rules.rule("cp.visit", TODAY).local
    assert not rules.rule("la.visit.first", TODAY).local


def test_a_homes_rule_takes_the_place_of_the_shipped_one_and_changes_the_hash(tmp_path):
    own = policy.load(home_with(tmp_path, VISIT_15))
    assert own.number("cp.visit", TODAY) == 15
    assert own.number("assessment.complete", TODAY) == 45
    assert own.hash != policy.load().hash


def test_a_rule_does_not_hold_before_its_first_day_or_after_its_last(tmp_path):
    text = VISIT_15 + "until = 2025-12-31\n" + VISIT_15.replace("2024-03-01", "2026-01-01").replace("15", "20")
    own = policy.load(home_with(tmp_path, text))
    assert own.number("cp.visit", date(2025, 12, 31)) == 15
    assert own.number("cp.visit", date(2026, 1, 1)) == 20
    with pytest.raises(PlainError, match="no rule 'cp.visit' on 29 February 2024"):
        own.number("cp.visit", date(2024, 2, 29))


def test_the_table_says_when_a_rule_holds_and_leaves_no_end_empty(tmp_path):
    table = policy.load(home_with(tmp_path, VISIT_15)).table()
    assert table.schema.names == ["key", "number", "unit", "kind", "source", "valid_from", "valid_until"]
    row = next(row for row in table.to_pylist() if row["key"] == "cp.visit")
    assert row["valid_from"] == date(2024, 3, 1)
    assert row["valid_until"] == date(9999, 12, 31)


def test_the_hash_does_not_depend_on_the_order_of_the_file(tmp_path):
    other = VISIT_15.replace("cp.visit", "supervision.practitioner").replace("working days", "days")
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one = policy.load(home_with(tmp_path / "a", VISIT_15 + other))
    two = policy.load(home_with(tmp_path / "b", other + VISIT_15))
    assert one.hash == two.hash


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("cp.visit", "cp.vist"), "no measure uses a rule called 'cp.vist'"),
        (("working days", "fortnights"), "no known unit"),
        (("working days", "week"), "no known unit"),
        (('kind = "local"', 'kind = "habit"'), "no known kind"),
        (("number = 15", "number = -1"), "whole number, 0 or more"),
        (("number = 15", "number = 2.5"), "whole number, 0 or more"),
        (("number = 15", 'number = "many"'), "needs a number"),
        (("2024-03-01", "'2024-03-01'"), "needs a number, and dates"),
        (("Somewhere's own standard, March 2024", " "), "has no source"),
        (("kind =", "sort ="), "lacks kind"),
        (("from =", "colour = 1\nfrom ="), "unknown fields: colour"),
        (("[[timescale]]", "[[rule]]"), "mean nothing here: rule"),
        (("[[timescale]]", "[[timescale"), "not a TOML file"),
    ],
)
def test_a_homes_file_that_is_wrong_is_refused_in_words(tmp_path, change, words):
    with pytest.raises(PlainError, match=words):
        policy.load(home_with(tmp_path, VISIT_15.replace(*change)))


def test_two_rules_that_hold_on_one_day_are_refused(tmp_path):
    text = VISIT_15 + VISIT_15.replace("2024-03-01", "2026-01-01")
    with pytest.raises(PlainError, match="Two rules called 'cp.visit' hold on 1 January 2026"):
        policy.load(home_with(tmp_path, text))


def test_a_rule_reads_as_people_say_it():
    rules = policy.load()
    assert rules.rule("cp.visit", TODAY).words() == "10 working days"
    assert rules.rule("la.visit.first", TODAY).words() == "1 week"
    assert rules.with_rule("caseload.limit", 1, "children").rule("caseload.limit", TODAY).words() == "1 child"


def test_trying_a_rule_out_leaves_the_shipped_policy_alone():
    tried = policy.load().with_rule("cp.visit", 20, "working days")
    assert tried.number("cp.visit", TODAY) == 20
    assert policy.load().number("cp.visit", TODAY) == 10
    with pytest.raises(PlainError, match="no rule 'cp.tea'"):
        policy.load().with_rule("cp.tea", 20, "days")
