"""Hostile workbooks. None is read by this version: each is refused before anything in it is unpacked."""

import io
import zipfile
from pathlib import Path

from tests.hostile.case import NAME, PERSON, Hostile, Make, extract_with, written
from tests.hostile.text_files import OLD_WORKBOOK
from tests.hostile.zip_files import zipped

WORKBOOK = r"is a spreadsheet workbook: save each sheet as CSV"
TYPES = ("[Content_Types].xml", b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>')


def book(*parts: tuple[str, bytes], first: tuple[str, bytes] = TYPES) -> bytes:
    """A workbook of those parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (first, *parts):
            archive.writestr(name, data)
    return stream.getvalue()


def large(part: str, piece: bytes, count: int) -> Make:
    """A workbook with one part that unpacks to hundreds of megabytes."""

    def make(folder: Path) -> Path:
        path = folder / "people.xlsx"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.writestr(*TYPES)
            with archive.open(part, "w") as member:
                for _ in range(count):
                    member.write(piece)
        return path

    return make


LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><sst>&b;</sst>'
LINK = b'<Relationship Target="file://server/share/evil.xlsx" TargetMode="External"/>'


def refused(name: str, what: str, data: bytes | Make, file: str = "people.xlsx") -> Hostile:
    make = written(file, data) if isinstance(data, bytes) else data
    return Hostile(f"workbook: {name}", what, make, refused=WORKBOOK)


FILES = [
    refused("sheet bomb", "a sheet of 200 megabytes", large("xl/worksheets/sheet1.xml", b"<row/>" * 170_000, 200)),
    refused(
        "shared strings bomb", "shared strings of 200 megabytes", large("xl/sharedStrings.xml", b"<si/>" * 200_000, 200)
    ),
    refused("entities in shared strings", "a workbook with a document type", book(("xl/sharedStrings.xml", LAUGHS))),
    refused("links elsewhere", "a workbook that asks for another", book(("xl/externalLinks/_rels/x.xml.rels", LINK))),
    refused("macros", "a workbook with macros", book(("xl/vbaProject.bin", OLD_WORKBOOK)), "people.xlsm"),
    refused("a workbook named people.csv", "the wrong name", book(("xl/workbook.xml", NAME.encode())), "people.csv"),
    refused("another writer's workbook", "parts in another order", book(first=("_rels/.rels", b"<x/>")), "people.csv"),
    refused("an old workbook", "the format before 2007", OLD_WORKBOOK, "people.xls"),
    refused("an old workbook named people.csv", "the wrong name", OLD_WORKBOOK, "people.csv"),
    Hostile(
        "workbook: in a zip",
        "a workbook in a zip, with the name of a table",
        written("upload.zip", zipped([("people.csv", book())])),
        refused=r"is a zip inside the extract|is a spreadsheet workbook",
    ),
    Hostile(
        "workbook: beside a table",
        "a workbook in a folder with an honest table is told, and not read",
        extract_with("book.xlsx", book()),
        told=((f"{WORKBOOK}; not read", None, None),),
        rows={"ssd_person": 1},
        first=PERSON,
    ),
]
