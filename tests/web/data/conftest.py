"""For the data room: a home of its own for each test, with two months of a small synthetic authority, and a third."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lineofsight import clock, loading, sources, synth
from lineofsight.home import Home, create_home, open_home
from lineofsight.keys import create_keys
from lineofsight.web.access.house import lake_in_use
from lineofsight.web.data import jobs
from lineofsight.web.data.models import Job

LOADED = (datetime(2026, 10, 2, 9, tzinfo=UTC), datetime(2026, 11, 2, 9, tzinfo=UTC))
NOW = datetime(2026, 11, 12, 12, tzinfo=UTC)
AS_AT = date(2026, 10, 31)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="session")
def months(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two monthly extracts of a small authority, as folders of CSV files; each has a few wrong cells."""
    folder = tmp_path_factory.mktemp("months") / "extracts"
    made = synth.write(folder, children=150, extracts=2, seed=11, until=AS_AT, months=6)
    for extract in made:
        path = extract / "ssd" / "ssd_contacts.csv"
        with path.open(newline="") as handle:
            rows = list(csv.reader(handle))
        dated = rows[0].index("cont_contact_date")
        for row in rows[3:6]:
            row[dated] = "not a day"
        with path.open("w", newline="") as handle:
            csv.writer(handle, lineterminator="\n").writerows(rows)
    return made


@pytest.fixture(scope="session")
def loaded_twice(months: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with both months, to be copied."""
    made = create_home(tmp_path_factory.mktemp("data-room") / "home", authority="999", authority_name="Northmere")
    create_keys(made)
    for extract, at in zip(months, LOADED, strict=True):
        with clock.frozen_at(at):
            loading.load(made, sources.read([extract]))
    return made.path


@pytest.fixture
def home(loaded_twice: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """A home of the test's own with two months in it, in use on 12 November 2026."""
    path = shutil.copytree(loaded_twice, tmp_path / "home")
    monkeypatch.setenv("LINEOFSIGHT_HOME", str(path))
    with clock.frozen_at(NOW):
        yield open_home(path)


@pytest.fixture
def analyst(client_as: Callable[[str], Client]) -> Client:
    """The data analyst's client."""
    return client_as("analyst")


@pytest.fixture
def newest(home: Home) -> str:
    """The id of the newest load."""
    found = lake_in_use().latest()
    assert found
    return found.id


Send = Callable[..., Job]


@pytest.fixture
def send(analyst: Client) -> Send:
    """`send({"a.csv": b"..."}, as_at="31 October 2026")`: the analyst sends files; the job that came of it."""

    def sent(files: dict[str, bytes], as_at: str = "") -> Job:
        given = [SimpleUploadedFile(name, data) for name, data in files.items()]
        answer = analyst.post(reverse("data:new-load"), {"files": given, "as_at": as_at})
        assert answer.status_code == 302, answer.content.decode()
        return Job.objects.get(key=answer["Location"].rstrip("/").rsplit("/", 1)[-1])

    return sent


def extract_files(folder: Path, *without: str) -> dict[str, bytes]:
    """The files of an extract by name, some left out."""
    return {path.name: path.read_bytes() for path in sorted(folder.rglob("*.*")) if path.stem not in without}


def later(folder: Path, *, keep: float = 1.0, as_at: str = "2026-11-10") -> dict[str, bytes]:
    """The same extract at a later day, with only a part of its contacts."""
    files = extract_files(folder)
    told = files["extract.toml"].decode()
    files["extract.toml"] = told.replace(str(AS_AT), as_at).encode()
    head, *rows = files["ssd_contacts.csv"].decode().splitlines()
    files["ssd_contacts.csv"] = "\n".join([head, *rows[: int(len(rows) * keep)]]).encode() + b"\n"
    return files


@pytest.fixture
def waiting(send: Send, months: list[Path]) -> str:
    """The id of a load that waits: a later extract with a third of its contacts."""
    send(later(months[1], keep=0.3))
    jobs.do_all()
    (held,) = lake_in_use().waiting()
    return held.id
