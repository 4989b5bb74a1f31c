"""What is sent through the browser is judged as what lies on a disk is: the same hostile files, staged and sealed."""

from __future__ import annotations

import pytest
from tests.hostile import workbooks, xml_files, zip_files
from tests.hostile.case import AS_AT, Hostile

from lineofsight import sources
from lineofsight.errors import PlainError
from lineofsight.keys import open_keys
from lineofsight.lake import staging

MOST = 5_000_000
FILES = [one for one in (*zip_files.FILES, *xml_files.FILES, *workbooks.FILES) if not one.during and not one.as_nobody]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_hostile_file_that_was_sent_comes_to_what_it_comes_to_on_a_disk(file: Hostile, home, tmp_path, counted):
    path = file.make(tmp_path)
    if path.is_dir() or path.stat().st_size > MOST:
        pytest.skip("too large for a test of every file: the same bytes are read from a disk in test_files")
    sending = staging.begin(home, open_keys(home))
    writer = sending.writer(0)
    writer.write(path.read_bytes())
    writer.close()
    counted("hostile files sent")
    outcome = _outcome([sending.content(0, path.name)], file)
    assert outcome == _outcome([path], file)


def _outcome(files, file):
    try:
        extract = sources.read(files, as_at=file.as_at or AS_AT)
    except PlainError as refused:
        return str(refused)
    return extract.sha256, {name: one.table.num_rows for name, one in extract.tables.items()}, extract.issues
