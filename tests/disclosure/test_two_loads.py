"""Two loads of one authority: where nothing that is counted has changed, the second tells nothing that the first hid.

Masks follow from the numbers alone. Were other cells hidden of the same numbers, the two together would tell both.
"""

from datetime import date

import pytest
from tests.disclosure.authorities import AS_AT, BEFORE, Authority, planted, planted_before
from tests.disclosure.telling import LEVELS, case_of, told_of, truth_of
from tests.lake.extracts import extract_of
from tests.times import times

NEXT = date(2026, 11, 30)
SEEDS = [3, *(pytest.param(seed, marks=pytest.mark.full) for seed in (30, 33)[: times(1)])]


def loaded(authority, as_at=AS_AT):
    return truth_of(extract_of(authority.rows, as_at=as_at, population=20_000))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_correction_that_changes_no_number_changes_no_mask(seed, counted):
    first, second = Authority(seed), Authority(seed)
    for number, row in enumerate(second.rows["ssd_person"]):
        row["pers_surname"] = f"Corrected{number}"
    second.rows["ssd_person"].reverse()
    second.rows["ssd_department"].append({"dept_team_id": "new", "dept_team_name": "A new team, of nobody yet"})
    before, after = loaded(first), loaded(second)
    for level in LEVELS:
        told = set(told_of(before, level))
        assert told == set(told_of(after, level))
        counted("figures told again by a second load, the same ones hidden", len(told))


@pytest.mark.full
@pytest.mark.parametrize("seed", SEEDS)
def test_the_next_months_extract_hides_the_same_groups_of_a_year_that_is_over(seed, counted):
    authority = Authority(seed)
    before, after = loaded(authority), loaded(authority, NEXT)
    for level in LEVELS:
        years = [
            {one for one in told_of(truth, level) if one.window == "year" and one.breakdown != "authority"}
            for truth in (before, after)
        ]
        assert years[0] == years[1]
        assert {one.as_at for one in years[0]} == {date(2026, 3, 31)}
        counted("figures told again by a second load, the same ones hidden", len(years[0]))


def beside_the_past(seed, as_at, late, *, divided):
    """The attack of what is told now, with an earlier extract of `as_at` (of the same day: before a correction)."""
    now, then = truth_of(planted(seed)), truth_of(planted_before(seed, as_at=as_at, late=late))
    case = case_of(now, "pseudonymised")
    told = [one for one in told_of(then, "pseudonymised") if divided or one.breakdown == "authority"]
    case.remember("then", then, told)
    return case.broken()


@pytest.mark.full
@pytest.mark.parametrize(("as_at", "late"), [(BEFORE, 0.12), (AS_AT, 0.01)])
@pytest.mark.parametrize("seed", [*SEEDS, 14])
def test_the_past_as_it_is_told_gives_no_hidden_number_of_now_away(seed, as_at, late, counted):
    found, small = beside_the_past(seed, as_at, late, divided=False)
    assert found == []
    counted("small numbers hidden now, none worked out with the past beside them", small)


def test_were_the_past_divided_too_the_same_attacker_would_work_a_number_out():
    assert beside_the_past(14, AS_AT, 0.01, divided=True)[0]
