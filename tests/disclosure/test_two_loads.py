"""Two loads of one authority: where nothing that is counted has changed, the second tells nothing that the first hid.

Masks follow from the numbers alone. Were other cells hidden of the same numbers, the two together would tell both.
"""

from datetime import date

import pytest
from tests.disclosure.authorities import AS_AT, Authority
from tests.disclosure.telling import LEVELS, told_of, truth_of
from tests.lake.extracts import extract_of

NEXT = date(2026, 11, 30)
SEEDS = [3, *(pytest.param(seed, marks=pytest.mark.full) for seed in range(30, 34))]


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
