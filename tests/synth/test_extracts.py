"""The folders that `synth.write` makes: what is in them, that they are the same every time, and what is refused."""

import hashlib
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from lineofsight import clock, schema, synth
from lineofsight.errors import PlainError
from lineofsight.schema import published
from lineofsight.synth.names import COUNCILS
from lineofsight.synth.sheets import FILLED

SMALL = {"children": 300, "seed": 4, "like": "805", "until": date(2026, 10, 31), "months": 12, "extracts": 2}


def _bytes(directory: Path) -> dict[str, str]:
    return {
        str(path.relative_to(directory)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    synth.write(tmp_path / "one", **SMALL)
    synth.write(tmp_path / "two", **SMALL)
    assert _bytes(tmp_path / "one") == _bytes(tmp_path / "two")
    assert len(_bytes(tmp_path / "one")) > 60


def test_another_process_with_another_hash_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    synth.write(tmp_path / "here", **SMALL)
    code = (
        "import sys; from datetime import date; from pathlib import Path; from lineofsight import synth; "
        f"synth.write(Path(sys.argv[1]), **{SMALL!r})".replace("datetime.date(", "date(")
    )
    surroundings = {**os.environ, "PYTHONHASHSEED": "77"}
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "there")], check=True, env=surroundings)
    assert _bytes(tmp_path / "here") == _bytes(tmp_path / "there")


def test_another_seed_gives_other_people(tmp_path: Path) -> None:
    one = synth.write(tmp_path / "one", **SMALL)[-1]
    two = synth.write(tmp_path / "two", **{**SMALL, "seed": 5})[-1]
    assert (one / "ssd/ssd_person.csv").read_bytes() != (two / "ssd/ssd_person.csv").read_bytes()


def test_each_folder_says_what_it_is(three_extracts: list[Path]) -> None:
    assert [folder.name for folder in three_extracts] == ["2026-08-31", "2026-09-30", "2026-10-31"]
    for folder in three_extracts:
        heading = tomllib.loads((folder / "extract.toml").read_text())
        assert heading["as_at"] == date.fromisoformat(folder.name)
        assert heading["authority"] == "372"
        assert heading["synthetic"] is True
        assert heading["seed"] == 11
        assert heading["made_by"].startswith("lineofsight ")
        assert heading["population_0_17"] > 1_000


def test_the_council_is_no_real_one() -> None:
    real = " ".join(name.lower() for name in published.authorities()["name"].to_pylist())
    assert not [name for name in COUNCILS if name.lower() in real]


def test_files_have_the_columns_of_the_standard_in_its_order(three_extracts: list[Path]) -> None:
    for path in (three_extracts[-1] / "ssd").iterdir():
        with path.open() as lines:
            header = next(lines).strip().replace('"', "").split(",")
        assert header == [column.name for column in schema.tables()[path.stem].columns]


def test_every_table_that_is_kept_has_rows_where_five_thousand_are_known(
    demonstration: list[Path], read_extract: Callable
) -> None:
    for folder in demonstration:
        reading = read_extract(folder)
        assert reading.tables() == sorted(FILLED)
        assert [name for name in FILLED if not reading.one(f"select count(*) from {name}")] == []


def test_a_table_that_nobody_has_a_row_in_is_a_file_of_its_header(tmp_path: Path, read_extract: Callable) -> None:
    (folder,) = synth.write(tmp_path, children=50, months=6, extracts=1, seed=5)
    assert {path.stem for path in (folder / "ssd").iterdir()} == set(FILLED)
    reading = read_extract(folder)
    alone = [name for name in FILLED if not reading.one(f"select count(*) from {name}")]
    assert alone
    for name in alone:
        header = (folder / "ssd" / f"{name}.csv").read_text("utf-8").replace('"', "").split()
        assert header == [",".join(column.name for column in schema.tables()[name].columns)]


def test_about_as_many_people_are_known_as_were_asked_for(three_extracts: list[Path], read_extract: Callable) -> None:
    people = read_extract(three_extracts[-1]).one("select count(*) from ssd_person")
    assert 2_700 <= people <= 3_300


def test_history_goes_back_as_far_as_was_asked_for(three_extracts: list[Path], read_extract: Callable) -> None:
    reading = read_extract(three_extracts[0])
    months = reading.rows(
        """select date_trunc('month', cine_referral_date), count(*) from ssd_cin_episodes
        where cine_referral_date > $as_at - interval 30 month group by 1 order by 1""",
        as_at=reading.as_at,
    )
    assert len(months) == 30
    assert min(count for _, count in months) > 10


def test_without_a_date_the_last_extract_is_of_the_month_before(tmp_path: Path) -> None:
    with clock.frozen_at(datetime(2026, 3, 15, 12, tzinfo=UTC)):
        folders = synth.write(tmp_path, children=200, months=6, extracts=2)
    assert [folder.name for folder in folders] == ["2026-01-31", "2026-02-28"]


def test_without_an_authority_the_rates_are_englands_and_nobody_is_its_neighbour(tmp_path: Path) -> None:
    folder = synth.write(tmp_path, children=200, months=6, extracts=1, until=date(2026, 10, 31))[0]
    heading = tomllib.loads((folder / "extract.toml").read_text())
    assert heading["authority"] == "999"
    assert heading["authority_name"] == "Northmere"


@pytest.mark.parametrize("like", ["420", "201", "857"])
def test_the_smallest_authorities_work_at_their_full_size(tmp_path: Path, like: str) -> None:
    folder = synth.write(tmp_path, like=like, until=date(2026, 10, 31), extracts=2)[-1]
    assert (folder / "ssd" / "ssd_person.csv").exists()
    assert tomllib.loads((folder / "extract.toml").read_text())["population_0_17"] < 10_000


def test_progress_is_told_from_little_to_all(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    synth.write(tmp_path, children=200, months=6, extracts=1, progress=lambda *step: told.append(step))
    done = [part / whole for _, part, whole in told]
    assert done == sorted(done)
    assert done[0] < 0.1
    assert done[-1] == 1.0
    assert len(set(done)) >= 5


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"children": 3}, "from 50 to"),
        ({"months": 2}, "from 6 to 72"),
        ({"extracts": 0}, "from 1 to 24"),
        ({"like": "000"}, "no authority with the code 000"),
    ],
)
def test_what_cannot_be_made_is_refused_in_one_sentence(tmp_path: Path, wrong: dict[str, object], words: str) -> None:
    with pytest.raises(PlainError, match=words):
        synth.write(tmp_path, **wrong)


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    taken = tmp_path / "2026-10-31"
    taken.mkdir()
    (taken / "keep.txt").write_text("mine")
    with pytest.raises(PlainError, match="already something"):
        synth.write(tmp_path, children=200, until=date(2026, 10, 31), extracts=1)
    assert [path.name for path in taken.iterdir()] == ["keep.txt"]
