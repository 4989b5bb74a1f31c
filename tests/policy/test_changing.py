"""Changing a home's own files: tried out as text, kept by one rename, the version before kept too."""

from datetime import UTC, date, datetime

import pytest

from lineofsight import clock, policy
from lineofsight.errors import PlainError
from lineofsight.policy import changing
from lineofsight.policy.changing import POLICY, REGISTRY, ROLES, read_policy, read_registry, read_roles

DAY = date(2026, 10, 1)


def test_a_word_is_mapped_and_moved_and_comments_stay() -> None:
    text = '# ours\nother = ["Odd job"]  # as they call it\n'
    once = changing.map_word("Buddy", "duty")(text)
    assert read_roles(once).kind("buddy") == "duty"
    assert "# ours" in once
    assert "# as they call it" in once
    moved = changing.map_word("odd JOB ", "manager")(once)
    assert read_roles(moved).kind("Odd job") == "manager"
    assert read_roles(changing.map_word("Social worker", "other")("")).kind("SOCIAL WORKER") == "other"


def test_a_local_number_holds_from_its_day_and_what_held_before_still_does() -> None:
    text = changing.set_rule("cp.visit", 15, "Visiting procedure, October 2026", DAY)("")
    made = read_policy(text)
    assert made.number("cp.visit", date(2026, 9, 30)) == 10
    assert made.number("cp.visit", DAY) == 15
    assert made.rule("cp.visit", DAY).own
    assert not made.rule("cp.visit", date(2026, 9, 30)).own
    again = read_policy(changing.set_rule("cp.visit", 12, "Another", date(2026, 11, 1))(text))
    assert [again.number("cp.visit", day) for day in (date(2026, 9, 1), DAY, date(2026, 11, 1))] == [10, 15, 12]
    instead = read_policy(changing.set_rule("cp.visit", 20, "Instead", DAY)(text))
    assert instead.number("cp.visit", DAY) == 20
    assert len([one for one in instead.rules if one.key == "cp.visit"]) == 2


def test_the_other_rules_of_the_file_stay() -> None:
    text = changing.set_rule("extract.fresh", 40, "Monthly here", DAY)(changing.set_rule("cp.visit", 15, "P", DAY)(""))
    made = read_policy(text)
    assert (made.number("cp.visit", DAY), made.number("extract.fresh", DAY)) == (15, 40)


def test_a_statutory_rule_that_ended_here_keeps_its_kind_and_source() -> None:
    made = read_policy(changing.set_rule("assessment.complete", 40, "Ours", DAY)(""))
    before, after = made.rule("assessment.complete", date(2026, 9, 1)), made.rule("assessment.complete", DAY)
    assert (before.kind, before.local) == ("statutory guidance", False)
    assert (after.kind, after.local) == ("local", True)


def test_a_rule_that_nothing_uses_is_refused() -> None:
    with pytest.raises(PlainError, match="No measure uses"):
        changing.set_rule("shoe.size", 1, "x", DAY)("")


def test_a_team_is_renamed_from_a_day_with_the_name_it_had() -> None:
    text = changing.rename("team", "T1", "Family Help East", DAY, before="Assessment East")("")
    made = read_registry(text)
    assert made.name_on("team", "T1", date(2026, 9, 30)) == "Assessment East"
    assert made.name_on("team", "T1", DAY) == "Family Help East"
    corrected = read_registry(changing.rename("team", "T1", "Family Help, East", DAY)(text))
    assert corrected.name_on("team", "T1", DAY) == "Family Help, East"
    assert corrected.formerly("team", "T1", DAY) == ("Assessment East",)


def test_another_id_is_the_same_team_with_all_that_was_said_of_it() -> None:
    text = changing.rename("team", "T9", "East", DAY)(changing.same_as("team", "T1", "T8")(""))
    made = read_registry(changing.same_as("team", "T1", "T9")(text))
    assert made.entry("team", "T1").ids == ("T1", "T8", "T9")
    assert made.name_on("team", "T9", DAY) == "East"
    assert len(made.teams) == 1
    with pytest.raises(PlainError, match="already"):
        changing.same_as("team", "T1", "T8")(text)
    with pytest.raises(PlainError, match="merged"):
        changing.same_as("team", "T1", "T2")(changing.merge("T2", "T3", DAY)(""))


def test_a_change_under_another_id_is_one_of_the_same_team() -> None:
    text = changing.rename("team", "T9", "East", DAY)(changing.same_as("team", "T1", "T9")(""))
    assert [one.id for one in read_registry(text).teams] == ["T1"]


def test_a_team_is_merged_from_a_day_and_never_into_itself() -> None:
    text = changing.merge("T1", "T2", DAY)("")
    assert read_registry(text).team_on("T1", DAY) == "T2"
    with pytest.raises(PlainError, match="merged into itself"):
        changing.merge("T2", "T1", DAY)(text)


def test_what_is_kept_is_in_force_and_the_version_before_it_stands_in_the_history(home) -> None:
    first = changing.map_word("Buddy", "duty")("")
    with clock.frozen_at(datetime(2026, 11, 2, 12, tzinfo=UTC)):
        assert changing.keep(home, ROLES, first, base=changing.digest("")) is None
        second = changing.map_word("Pal", "other")(first)
        kept = changing.keep(home, ROLES, second, base=changing.digest(first))
        third = changing.keep(home, ROLES, first, base=changing.digest(second))
    assert policy.roles(home).kind("pal") is None
    assert (kept.read_text(), third.read_text()) == (first, second)
    assert sorted(one.name for one in (home.path / changing.HISTORY).iterdir()) == [
        "2026-11-02T120000Z-1-roles.toml", "2026-11-02T120000Z-roles.toml",
    ]  # fmt: skip


def test_what_somebody_changed_meanwhile_is_not_written_over(home) -> None:
    (home.path / ROLES).write_text('duty = ["X"]\n')
    with pytest.raises(PlainError, match="Somebody changed this"):
        changing.keep(home, ROLES, "", base=changing.digest(""))
    assert (home.path / ROLES).read_text() == 'duty = ["X"]\n'


def test_a_text_that_is_not_right_is_never_kept(home) -> None:
    with pytest.raises(PlainError):
        changing.keep(home, REGISTRY, '[[team]]\nid = "T1"\nmerged_into = "T1"\n', base=changing.digest(""))
    assert not (home.path / REGISTRY).exists()


def test_a_change_is_tried_out_on_the_rules_in_force(home) -> None:
    (home.path / ROLES).write_text('duty = ["X"]\n')
    tried = changing.with_text(home, POLICY, changing.set_rule("cp.visit", 15, "P", DAY)(""))
    assert tried.roles.kind("x") == "duty"
    assert tried.policy.number("cp.visit", DAY) == 15
    assert changing.in_force(home).policy.number("cp.visit", DAY) == 10
