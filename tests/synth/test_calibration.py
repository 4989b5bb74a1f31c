"""The rates of the newest extract are those published for the authority, for codes and seeds that no code names."""

import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random

import pyarrow.compute as pc
import pytest

from lineofsight import synth
from lineofsight.schema import published

WITHIN = 0.15


def _published(code: str, measure: str) -> float:
    table = published.lait()
    for place in (code, published.ENGLAND):
        rows = table.filter(pc.and_(pc.equal(table["la_code"], place), pc.equal(table["measure"], measure)))
        if rows.num_rows:
            return float(rows.sort_by("year")["value"][-1].as_py())
    raise AssertionError(measure)


def _misses(folder: Path, read_extract: Callable, codes: dict[str, str]) -> dict[str, tuple[float, float]]:
    heading = tomllib.loads((folder / "extract.toml").read_text())
    reading = read_extract(folder)
    found = {}
    for name, code in codes.items():
        wanted, made = _published(heading["authority"], code), reading.rate(name, heading["population_0_17"])
        if abs(made - wanted) > WITHIN * wanted:
            found[name] = (round(made, 1), round(wanted, 1))
    return found


def _drawn() -> list[tuple[str, int, int]]:
    """Authorities, seeds and sizes drawn by chance, another draw each day the tests run on."""
    codes = [
        row["la_code"]
        for row in published.authorities().to_pylist()
        if row["is_current"] and row["la_code"] not in ("420", "201")  # too few children for any rate
    ]
    random = Random(date.today().isoformat())
    return [(random.choice(codes), random.randrange(1, 10_000), random.choice((3_000, 4_500, 6_000))) for _ in range(2)]


@pytest.mark.parametrize(("like", "seed"), [("383", 21), ("383", 22), ("925", 21), ("925", 22)])
def test_nine_rates_are_within_fifteen_percent_at_two_authorities_and_two_seeds(
    tmp_path: Path, read_extract: Callable, published_codes: dict[str, str], like: str, seed: int
) -> None:
    folder = synth.write(tmp_path, children=3_500, like=like, seed=seed, until=date(2026, 10, 31), extracts=1)[0]
    assert _misses(folder, read_extract, published_codes) == {}


@pytest.mark.parametrize(("like", "seed", "children"), _drawn())
def test_at_least_eight_rates_hold_for_an_authority_drawn_by_chance(
    tmp_path: Path, read_extract: Callable, published_codes: dict[str, str], like: str, seed: int, children: int
) -> None:
    folder = synth.write(tmp_path, children=children, like=like, seed=seed, until=date(2026, 10, 31), extracts=1)[0]
    misses = _misses(folder, read_extract, published_codes)
    assert len(misses) <= 1, (like, seed, children, misses)


@pytest.mark.full
def test_nine_rates_hold_at_full_size(tmp_path: Path, read_extract: Callable, published_codes: dict[str, str]) -> None:
    folder = synth.write(tmp_path, like="330", seed=8, until=date(2026, 10, 31), extracts=1)[0]
    assert _misses(folder, read_extract, published_codes) == {}
    assert read_extract(folder).one("select count(*) from ssd_person") > 40_000


def test_rates_hold_in_the_months_before_too(
    three_extracts: list[Path], read_extract: Callable, published_codes: dict[str, str]
) -> None:
    for folder in three_extracts[:2]:
        assert len(_misses(folder, read_extract, published_codes)) <= 2
