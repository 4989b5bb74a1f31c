"""A file given to be verified as a pack, and is none: one plain sentence or "altered", never a crash, never yes."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from tests.hostile.case import plain
from tests.hostile.mutations import spoiled
from tests.times import times

from lineofsight.errors import PlainError
from lineofsight.web.reports import packs, verification

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("diary")]
FEW, MANY = 100, times(400)


@pytest.mark.parametrize("number", [pytest.param(FEW), pytest.param(MANY, marks=pytest.mark.full)])
@pytest.mark.parametrize("form", ["pdf", "html"])
def test_a_spoiled_pack_is_refused_plainly_or_called_altered(
    form: str, number: int, tmp_path: Path, counted: Callable[..., None]
) -> None:
    whole = packs.render(packs.make("dcs", date(2026, 10, 1)), form)
    path = tmp_path / f"october.{form}"
    tried = 0

    @settings(max_examples=number, deadline=None, suppress_health_check=list(HealthCheck))
    @given(data=spoiled(whole))
    def one(data: bytes) -> None:
        nonlocal tried
        tried += 1
        path.write_bytes(data)
        try:
            found = packs.verify_file(path)
        except PlainError as refused:
            plain(str(refused))
            return
        assert found.ok == (data == whole)
        assert found.ok or found.state == "altered"

    one()
    counted("spoiled packs tried", tried)


def endless(folder: Path) -> Path:
    return Path("/dev/zero")


def pipe(folder: Path) -> Path:
    os.mkfifo(folder / "pack.pdf")
    return folder / "pack.pdf"


def folder_of(folder: Path) -> Path:
    return folder


def unreadable(folder: Path) -> Path:
    return Path("/proc/self/mem")


def too_large(folder: Path) -> Path:
    path = folder / "pack.pdf"
    with path.open("wb") as file:
        file.truncate(verification.LARGEST + 1)
    return path


@pytest.mark.parametrize("make", [endless, pipe, folder_of, unreadable, too_large], ids=lambda make: make.__name__)
def test_what_is_no_file_or_has_no_end_is_refused_plainly(make: Callable[[Path], Path], tmp_path: Path) -> None:
    with pytest.raises(PlainError, match=r"cannot be read|too large") as refused:
        packs.verify_file(make(tmp_path))
    plain(str(refused.value))


def test_a_name_that_takes_over_the_terminal_is_told_without_it(tmp_path: Path) -> None:
    path = tmp_path / "a\x1b[31m\u202e.pdf"
    path.write_bytes(b"nothing of ours")
    with pytest.raises(PlainError, match="carries no mark") as refused:
        packs.verify_file(path)
    plain(str(refused.value))
