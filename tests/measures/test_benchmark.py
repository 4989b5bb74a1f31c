"""Comparators from the published data."""

from dataclasses import replace
from datetime import date
from statistics import mean, median, quantiles

import pyarrow.compute as pc
import pytest

from lineofsight.measures import benchmark, definitions
from lineofsight.schema import published

WITH_COUNTERPART = [one for one in definitions.load().values() if one.lait]


def test_croydons_re_referrals_stand_beside_england_london_and_its_neighbours():
    found = benchmark.comparators("306", "RF02")
    assert (found.england, found.year, found.label) == (22.6, 2025, "year to 31 March 2025")
    assert found.region_name == "Outer London"
    assert found.region == of("988", "ReReferral")
    others = [row["neighbour_code"] for row in published.neighbours().to_pylist() if row["la_code"] == "306"]
    known = [value for value in (of(code, "ReReferral") for code in others) if value is not None]
    assert found.neighbours == pytest.approx(mean(known))
    assert found.neighbours_median == pytest.approx(median(known))
    assert [name for name, _ in found.others] == sorted(name for name, _ in found.others)
    assert found.own == of("306", "ReReferral")
    assert "Open Government Licence" in (found.source or "")


def of(area: str, code: str) -> float | None:
    return benchmark.published_series(area, code).get(2025)


def test_a_synthetic_authority_has_england_and_nothing_else():
    found = benchmark.comparators("999", "RF02")
    assert found.england == 22.6
    assert found.region is found.neighbours is found.own is found.region_name is None
    assert found.others == ()


def test_a_measure_without_a_published_one_has_no_comparator():
    assert benchmark.comparators("306", "CP10") == benchmark.Comparators()


@pytest.mark.parametrize("code", ["ReRegCPR", "CPP_Num", "CPP_Total_Rateper10,000", "no such code"])
def test_a_percentage_is_never_set_beside_a_count_a_rate_or_nothing(measure_folder, code):
    one = definitions.read(measure_folder(lait=code))
    assert not benchmark.comparable(one)
    found = benchmark.comparators("306", one)
    assert replace(found, refused=None) == benchmark.Comparators()
    assert found.refused and ("in another unit" in found.refused or "Nothing is published" in found.refused)


def test_a_number_of_conferences_is_refused_beside_the_percentage_of_them(measure_folder):
    found = benchmark.comparators("306", definitions.read(measure_folder(lait="21_ICPC")))
    assert found.england is None
    assert found.refused == (
        "The published figure (“21+ working days from CP strategy meeting to ICP conference”) is in another unit: "
        "number, and this is percent. A number beside a percentage would look like a comparison and be none."
    )


def test_a_count_of_england_is_refused_among_the_rates_of_authorities():
    assert benchmark.published_series("970", "FirstYJS")[2024] == 1258
    assert benchmark.refusal("FirstYJS", "per 10,000")
    words = benchmark.implausible("FirstYJS") or ""
    assert words.startswith("The published figure for England (1,258) lies outside those of nearly all authorities")
    assert words.endswith("it is a count where theirs are rates.")


def test_those_are_the_only_published_rates_and_percentages_that_cannot_be_true():
    codes = published.lait_measures()["measure"].to_pylist()
    assert [code for code in codes if benchmark.implausible(code)] == ["FirstYJS"]


def test_a_percentage_above_a_hundred_is_refused(monkeypatch):
    benchmark.implausible.cache_clear()
    monkeypatch.setattr(benchmark, "_values", lambda code: {"970": {2025: 22.0}, "306": {2025: 412.0}})
    assert "above 100" in (benchmark.implausible("ReReferral") or "")
    benchmark.implausible.cache_clear()


def test_of_how_many_a_percentage_is_adds_up_to_the_whole_that_the_department_publishes():
    for code, parts in published.denominators().items():
        assert {code, *parts} <= set(published.lait_measures()["measure"].to_pylist())
    bands = [benchmark.published_series("970", part) for part in published.denominators()["CP_conf_15days"]]
    first, second = bands[0][2025], bands[1][2025]
    share = 100 * (first + second) / sum(band[2025] for band in bands)
    assert share == pytest.approx(benchmark.published_series("970", "CP_conf_15days")[2025], abs=0.1)


def test_every_authority_of_today_has_ten_neighbours_of_the_2025_model():
    today = {row["la_code"] for row in published.authorities().to_pylist() if row["is_current"]}
    found: dict[str, list[str]] = {}
    for row in published.neighbours().to_pylist():
        found.setdefault(row["la_code"], []).append(row["neighbour_code"])
    assert {len(set(others)) for others in found.values()} == {10}
    assert not {code for code, others in found.items() if code in others}
    assert today - set(found) <= {"420", "201"}, "the City and the Isles of Scilly may have none"


@pytest.mark.parametrize("one", WITH_COUNTERPART, ids=lambda one: one.id)
def test_every_counterpart_in_the_catalogue_is_known_and_plausible(one):
    assert benchmark.comparable(one), one.lait
    found = benchmark.comparators("306", one)
    assert found.england is not None
    kept = published.lait().filter((pc.field("measure") == one.lait) & (pc.field("year") == found.year))
    areas = {row["la_code"] for row in published.authorities().to_pylist()}
    spread = [row["value"] for row in kept.to_pylist() if row["la_code"] in areas]
    # where many numbers are too small to publish there are fewer: care leavers not in touch, convictions, and the like
    assert len(spread) > 70
    tenths = quantiles(spread, n=10)
    assert tenths[0] <= found.england <= tenths[-1], "England lies in the middle of its authorities"
    assert found.neighbours is not None and min(spread) <= found.neighbours <= max(spread)


@pytest.mark.parametrize(
    ("on", "year"),
    [(date(2026, 10, 31), 2024), (date(2023, 6, 30), 2023), (date(2023, 6, 29), 2022), (date(2001, 1, 1), 2012)],
)
def test_the_population_is_the_newest_estimate_not_after_the_day(on, year):
    rows = published.population().to_pylist()
    expected = next(row["population_0_17"] for row in rows if (row["la_code"], row["year"]) == ("306", year))
    assert benchmark.population("306", on) == expected


def test_nobody_knows_the_population_of_a_synthetic_authority():
    assert benchmark.population("999", date(2026, 1, 1)) is None


def test_workforce_figures_say_that_they_are_of_30_september(measure_folder):
    one = definitions.read(measure_folder(lait="Work_Force_Vac_Rate", better="lower"))
    assert benchmark.comparators("306", one).label == "at 30 September 2025"
