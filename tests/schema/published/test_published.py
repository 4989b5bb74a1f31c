"""The published reference data that ships: whole, labelled, and what its publishers said."""

from importlib.resources import files

import pyarrow.compute as pc
import pytest

from lineofsight.schema import published


def value(area: str, measure: str, year: int) -> float | None:
    chosen = (pc.field("la_code") == area) & (pc.field("measure") == measure) & (pc.field("year") == year)
    found = published.lait().filter(chosen)["value"].to_pylist()
    assert len(found) <= 1
    return found[0] if found else None


@pytest.mark.parametrize(
    ("measure", "england_2025"),
    [
        ("CPP_Total_Rateper10,000", 519.4),
        ("ReReferral", 22.6),
        ("Continue_Assess_Comp", 85.7),
        ("Section_47", 189.3),
        ("CP_conf_15days", 81.4),
        ("CIN", 330.3),
        ("CPP_rate", 40.6),
        ("PrevRegCPR", 24.5),
        ("CPPlans2yrsActive", 2.3),
        ("RevCP", 90.6),
        ("LAC", 67.0),
        ("Work_Force_AvgNumCase_SW", 15.2),
        ("Work_Force_Vac_Rate", 14.2),
        ("CPP_Num", 49420),
    ],
)
def test_englands_newest_figures_are_the_published_ones(measure, england_2025):
    assert value(published.ENGLAND, measure, 2025) == england_2025


def test_suppressed_figures_are_absent_and_never_zero():
    bath_and_north_east_somerset, isles_of_scilly = "800", "420"
    assert value(bath_and_north_east_somerset, "RevCP", 2025) is None
    assert value(isles_of_scilly, "PrevRegCPR", 2025) is None
    assert published.lait()["value"].null_count == 0


def test_codes_are_text_of_three_digits_everywhere():
    for name, column in (("lait", "la_code"), ("neighbours", "neighbour_code"), ("population", "la_code")):
        assert pc.all(pc.match_substring_regex(published.table(name)[column], r"^\d{3}$")).as_py()


def test_every_authority_of_today_has_ten_neighbours_who_exist_and_are_others():
    current = {row["la_code"] for row in published.authorities().to_pylist() if row["is_current"]}
    assert len(current) == 153
    found: dict[str, list[str]] = {}
    for row in published.neighbours().to_pylist():
        found.setdefault(row["la_code"], []).append(row["neighbour_code"])
    assert set(found) == current
    for code, others in found.items():
        assert len(set(others)) == 10
        assert code not in others
        assert set(others) <= current


def test_authorities_that_are_gone_keep_their_years_and_have_no_neighbours():
    gone = {row["la_code"]: row["name"] for row in published.authorities().to_pylist() if not row["is_current"]}
    assert {"909", "928"} <= set(gone)
    assert value("909", "CIN", 2019) is not None
    assert value("909", "CIN", 2025) is None
    assert value("942", "CIN", 2025) is not None


def test_each_measure_is_labelled_and_a_count_never_calls_itself_a_percentage():
    units = {row["measure"]: row["unit"] for row in published.lait_measures().to_pylist()}
    assert set(units) == set(pc.unique(published.lait()["measure"]).to_pylist())
    assert "%" in units["PrevRegCPR"] and "%" not in units["ReRegCPR"]
    # Refused in a comparison all the same: England's is a count (tests/measures/test_benchmark.py).
    assert units["FirstYJS"].startswith("Rate per 100,000")
    for measure, unit in units.items():
        england = value(published.ENGLAND, measure, 2025) or 0
        if unit.startswith("%"):
            highest = pc.max(published.lait().filter(pc.field("measure") == measure)["value"]).as_py()
            assert highest <= 100, measure
        elif unit.startswith("Number"):
            assert england > 1000 or england == 0, measure


def test_populations_add_up_to_england():
    year = published.population().filter(pc.field("year") == 2024).to_pylist()
    by_code = {row["la_code"]: row["population_0_17"] for row in year}
    current = [row["la_code"] for row in published.authorities().to_pylist() if row["is_current"]]
    assert by_code["970"] == 12_183_016
    assert sum(by_code[code] for code in current) == by_code["970"]


def test_the_files_are_small_and_carry_their_licence():
    folder = files(published)
    sizes = [len((folder / f"{name}.parquet").read_bytes()) for name in published.NAMES]
    assert sum(sizes) < 2_000_000
    assert "Open Government Licence v3.0" in (folder / "README.md").read_text()


def test_another_name_is_refused():
    with pytest.raises(KeyError):
        published.table("../../secrets")
