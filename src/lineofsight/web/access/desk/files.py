"""Files the desk gives away: CSV with nothing a spreadsheet would run, and the archive of a subject access request."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from importlib import resources
from typing import Any

from django.template.loader import render_to_string

from lineofsight.formulas import neutral
from lineofsight.web.access.desk.held import Part


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """CSV in UTF-8 with the mark that spreadsheets need, headings first."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([neutral(column) for column in columns])
    writer.writerows([neutral(cell) for cell in row] for row in rows)
    return ("\ufeff" + text.getvalue()).encode()


def archive(parts: Sequence[Part], *, reference: str, as_at: str, made_at: datetime, authority: str) -> bytes:
    """One zip, made in memory: a page to read and print, its style, and one CSV a table.

    Its files are named for their tables and the request, never for the child.
    """
    groups: dict[str, list[Part]] = {}
    for part in parts:
        groups.setdefault(part.group, []).append(part)
    told = {
        "groups": list(groups.items()), "reference": reference, "as_at": as_at, "made_at": made_at,
        "authority": authority,
    }  # fmt: skip
    style = resources.files("lineofsight.web.access.desk").joinpath("subject_access.css").read_bytes()
    contents = {
        "record.html": render_to_string("access/desk/subject_file.html", told).encode(),
        "record.css": style,
        **{f"tables/{part.name}.csv": as_csv(part.columns, part.rows) for part in parts},
    }
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in contents.items():
            entry = zipfile.ZipInfo(f"subject-access-{reference}/{name}", made_at.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, content)
    return data.getvalue()
