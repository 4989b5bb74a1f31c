"""Every hostile file is refused plainly or read with what is wrong located: in bounded time and memory."""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from tests.hostile import places, text_files, workbooks, xml_files, zip_files
from tests.hostile.case import Hostile
from tests.hostile.reading_apart import Readers

Tried = Callable[[Hostile], None]
ENDLESS = (*xml_files.endless(100_000_000), *text_files.endless(100_000_000))
FILES = [*xml_files.FILES, *zip_files.FILES, *text_files.FILES, *workbooks.FILES, *places.FILES, *ENDLESS]
# The same, a gigabyte of each: writing them takes longer than refusing them, so that only one is made each time.
GIGABYTES = [*text_files.endless(10**9), *xml_files.endless(10**9)]
AT_LEAST = 200


def test_there_are_as_many_hostile_files_as_we_say_and_no_two_of_a_name() -> None:
    assert len(FILES) >= AT_LEAST
    assert len({file.name for file in FILES}) == len(FILES)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_hostile_file_is_refused_plainly_or_read_with_what_is_wrong_located(file: Hostile, tried: Tried) -> None:
    tried(file)


def test_a_gigabyte_in_one_line_is_refused_plainly(tried: Tried) -> None:
    tried(GIGABYTES[0])


@pytest.mark.full
@pytest.mark.parametrize("file", GIGABYTES[1:], ids=lambda file: file.name)
def test_a_gigabyte_of_anything_endless_is_refused_plainly(file: Hostile, tried: Tried) -> None:
    tried(file)


@pytest.fixture
def tried(tmp_path: Path, readers: Readers, scratch: Path, counted: Callable[..., None]) -> Iterator[Tried]:
    """Makes a hostile file, has it read apart, and holds what became of it to what must."""

    def one(file: Hostile) -> None:
        path = file.make(tmp_path)
        with file.during(path) if file.during else nullcontext():
            outcome = readers.read(path, as_at=file.as_at, as_nobody=file.as_nobody)
        cost = f"{outcome.processor_seconds:6.2f} s of processor, {outcome.megabytes:4.0f} MB"
        counted("hostile files tried", 1, f"{cost}: {file.name}")
        file.judge(outcome)
        assert not list(scratch.iterdir()), "something was left behind"

    yield one
    for made in tmp_path.iterdir():
        if made.is_file() and made.stat().st_size > 50_000_000:
            made.unlink()
