"""Whatever is sent as a plan's table ends in its rows or in one plain sentence, soon and in little memory."""

from __future__ import annotations

import io
import resource
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.hostile import text_files, workbooks, xml_files, zip_files
from tests.hostile.case import Hostile, plain
from tests.hostile.mutations import spoiled
from tests.plans.a_plan import committee_text, of
from tests.times import times

from lineofsight.errors import PlainError
from lineofsight.plans.grid import MOST_BYTES
from lineofsight.plans.reading import read
from lineofsight.plans.table import PlanTable
from lineofsight.plans.writing import write
from lineofsight.sources.content import Content

FORMS = ("docx", "xlsx", "html", "csv", "tsv")
SECONDS, MEGABYTES = 10.0, 256  # of processor, which a busy machine doubles
FEW, MANY = 60, times(400)
LENGTHS = [pytest.param(FEW, id="few"), pytest.param(MANY, id="many", marks=pytest.mark.full)]
HOUSE = {"suppress_health_check": list(HealthCheck), "deadline": None}
FILES = [
    one
    for one in (*zip_files.FILES, *xml_files.FILES, *workbooks.FILES, *text_files.FILES)
    if not one.during and not one.as_nobody
]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_hostile_file_sent_as_a_plan_is_its_rows_or_one_plain_sentence(file: Hostile, tmp_path: Path, counted):
    path = file.make(tmp_path)
    if path.is_dir() or path.stat().st_size > MOST_BYTES:
        pytest.skip("a folder, or more than is taken at all: the handler of uploads stops it")
    counted("hostile files sent as a plan")
    ends_well(path.read_bytes(), path.name)


@pytest.mark.parametrize("number", LENGTHS)
@pytest.mark.parametrize("form", FORMS)
def test_a_plan_that_was_spoiled_on_its_way_is_its_rows_or_one_plain_sentence(form: str, number: int, counted):
    honest = write(of(committee_text()), form, title="What was asked of us")
    ends = {"read": 0, "refused": 0}

    @settings(max_examples=number, **HOUSE)
    @given(data=spoiled(honest) | st.binary(max_size=300))
    def one(data: bytes) -> None:
        ends["read" if ends_well(data, f"plan.{form}") else "refused"] += 1

    one()
    counted("spoiled plans tried", sum(ends.values()), f"{form}: {ends['read']:,} read, {ends['refused']:,} refused")
    assert min(ends.values()) > 0


def ends_well(data: bytes, name: str) -> PlanTable | None:
    """The plan, or None where it is refused in one plain sentence. Raises AssertionError for anything else."""
    began, before = time.process_time(), peak_megabytes()
    try:
        found = read(Content(name, len(data), lambda: io.BytesIO(data)))
    except PlainError as refused:
        plain(str(refused))
        found = None
    assert time.process_time() - began <= SECONDS
    assert peak_megabytes() - before <= MEGABYTES
    if found is not None:
        assert all(row.action.strip() for row in found.rows)
    return found


def peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
