"""A small extract to spoil in every way, and files to make it of."""

from collections.abc import Callable
from pathlib import Path

import pytest

from lineofsight.schema import Issue
from lineofsight.schema.lacking import OTHERS_LACKING
from lineofsight.sources import Extract

PEOPLE = "pers_person_id,pers_forename,pers_dob\nc1,Ada,2015-01-02\nc2,Zoë,03/04/2016\n"
PLANS = (
    "cppl_cp_plan_id,cppl_person_id,cppl_cp_plan_start_date,cppl_cp_plan_end_date\n"
    "p1,c1,2026-01-05,\n"
    "p2,c2,06/01/2026,2026-03-01\n"
)
FACTS = """
as_at = 2026-08-31
authority = "330"
authority_name = "Anytown"
population_0_17 = 50000
synthetic = true
"""

NOT_IN_THEM = "cppl_cp_plan_latest_category"  # a column of the plans above that a measure needs

Writer = Callable[[str, str | bytes], Path]


def told(extract: Extract) -> tuple[Issue, ...]:
    """The issues, but for those that say which columns these small tables do not have."""
    return tuple(
        issue for issue in extract.issues if issue.column != NOT_IN_THEM and not issue.why.startswith(OTHERS_LACKING)
    )


@pytest.fixture
def write_source(tmp_path: Path) -> Writer:
    """Writes a file under the test's own folder and returns its path."""

    def write(name: str, data: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    return write


@pytest.fixture
def small_extract(write_source: Writer) -> Path:
    """A folder with two people, two plans and an extract.toml."""
    write_source("extract/extract.toml", FACTS)
    write_source("extract/ssd/people.csv", PEOPLE)
    return write_source("extract/ssd/plans.csv", PLANS).parent.parent
