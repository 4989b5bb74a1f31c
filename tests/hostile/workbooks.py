"""Hostile workbooks: written part by part, because no honest program writes them."""

import io
import random
import zipfile
from collections.abc import Iterable
from pathlib import Path

from tests.hostile.case import (
    BORN,
    GIGABYTE_SECONDS,
    ID,
    NAME,
    PEOPLE_HEADER,
    PERSON,
    SECONDS,
    Hostile,
    Make,
    extract_with,
    written,
)
from tests.hostile.text_files import OLD_WORKBOOK
from tests.hostile.zip_files import zipped

from lineofsight.schema import tables

DAMAGED = r"is a damaged workbook: open it in a spreadsheet program"
BOMB = r"would unpack to more than 200 times its size"
DOCUMENT_TYPE = r"it declares a document type, which a workbook never does"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
NEAR = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
STOLEN = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'

Parts = dict[str, str | bytes | Iterable[bytes]]


def row(number: int, *texts: str) -> str:
    """A row of texts written in it, from column A on."""
    cells = "".join(
        f'<c r="{chr(65 + place)}{number}" t="inlineStr"><is><t>{text}</t></is></c>' for place, text in enumerate(texts)
    )
    return f'<row r="{number}">{cells}</row>'


HEADER = row(1, *PEOPLE_HEADER.split(","))
HONEST = HEADER + row(2, ID, NAME, BORN)


def sheet(rows: str = HONEST, *, before: str = "", after: str = "") -> str:
    return f"{before}<worksheet {MAIN}><sheetData>{rows}</sheetData>{after}</worksheet>"


def relations(*items: tuple[str, str, str], mode: str = "") -> str:
    told = "".join(f'<Relationship Id="{id}" Type="{NEAR}/{kind}" Target="{to}"{mode}/>' for id, kind, to in items)
    return f"<Relationships {RELATIONS}>{told}</Relationships>"


def parts_of(first: str | bytes | Iterable[bytes], sheets: int = 1) -> Parts:
    """The parts of a workbook of which the first sheet is given."""
    listed = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="r{n}"/>' for n in range(1, sheets + 1))
    near = [(f"r{n}", "worksheet", "worksheets/sheet1.xml") for n in range(1, sheets + 1)]
    return {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": relations(("r", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{NEAR}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            *near, ("rs", "styles", "styles.xml"), ("rt", "sharedStrings", "sharedStrings.xml")
        ),
        "xl/worksheets/sheet1.xml": first,
        "xl/styles.xml": f'<styleSheet {MAIN}><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
    }


def packed(parts: Parts, level: int = 6) -> bytes:
    """A workbook of those parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compresslevel=level) as archive:
        for name, data in parts.items():
            told = zipfile.ZipInfo(name)  # without the time of day, so that a failure can be run again
            told.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(told, "w") as member:
                pieces = [data.encode()] if isinstance(data, str) else [data] if isinstance(data, bytes) else data
                member.writelines(pieces)
    return stream.getvalue()


def book(first: str | bytes = "") -> bytes:
    """A workbook whose one sheet is given, or is an honest one."""
    return packed(parts_of(first or sheet()))


def made_late(make: Iterable[bytes], part: str = "xl/worksheets/sheet1.xml", level: int = 1) -> Make:
    """A workbook with one part written piece by piece, when it is wanted."""

    def write(folder: Path) -> Path:
        path = folder / "people.xlsx"
        path.write_bytes(packed({**parts_of(sheet()), part: make}, level))
        return path

    return write


class Noisy:
    """Pieces that hardly compress, so that no ratio gives them away. May be gone through more than once."""

    def __init__(self, before: str, piece: str, count: int, after: str) -> None:
        self._before, self._piece, self._count, self._after = before, piece, count, after

    def __iter__(self):
        chance = random.Random(7)
        yield self._before.encode()
        for start in range(0, self._count, 1000):
            some = range(start, min(start + 1000, self._count))
            yield "".join(self._piece.format(n=n + 1, noise=chance.getrandbits(48)) for n in some).encode()
        yield self._after.encode()


class Same:
    """The same piece over and over."""

    def __init__(self, piece: bytes, count: int) -> None:
        self._piece, self._count = piece, count

    def __iter__(self):
        return (self._piece for _ in range(self._count))


OPEN, CLOSE = f"<worksheet {MAIN}><sheetData>{HEADER}", "</sheetData></worksheet>"
MANY_ROWS = Noisy(OPEN, '<row x="{noise}"/>', 1_048_600, CLOSE)
MANY_TEXTS = Noisy(f"<sst {MAIN}>", "<si><t>{noise}</t></si>", 2_000_100, "</sst>")
ONE_TEXT = Noisy(f"<sst {MAIN}><si><t>", "{noise}", 600_000, "</t></si></sst>")
BETWEEN = Noisy(f"<worksheet {MAIN}><cols>", '<col x="{noise}"/>', 400_000, "</cols><sheetData/></worksheet>")


def refused(name: str, what: str, why: str, data: bytes | Make, file: str = "people.xlsx", seconds: float = SECONDS):
    make = written(file, data) if isinstance(data, bytes) else data
    return Hostile(f"workbook: {name}", what, make, refused=why, seconds=seconds)


def read(name: str, what: str, data: bytes, *told: tuple[str, int | None, str | None], file: str = "people.xlsx"):
    return Hostile(f"workbook: {name}", what, written(file, data), told=told, rows={"ssd_person": 1}, first=PERSON)


def cells(second: str) -> bytes:
    """An honest workbook whose second row's cells are given."""
    return book(sheet(HEADER + f'<row r="2">{second}</row>'))


KEY = f'<c r="A2" t="inlineStr"><is><t>{ID}</t></is></c>'
BOMBS = [
    refused(
        "sheet bomb", "a sheet of 200 megabytes", BOMB, made_late(Same(b"<row/>" * 170_000, 200))
    ),
    refused(
        "shared strings bomb",
        "shared strings of 200 megabytes",
        BOMB,
        made_late(Same(b"<si/>" * 200_000, 200), "xl/sharedStrings.xml", level=6),
    ),
    refused("too many rows", "a row more than a sheet can have", DAMAGED, made_late(MANY_ROWS), seconds=10),
    refused(
        "too many texts",
        "two million shared strings and more",
        r"holds more text than is read of a workbook",
        made_late(MANY_TEXTS, "xl/sharedStrings.xml"),
        seconds=GIGABYTE_SECONDS,
    ),
    refused(
        "one endless text",
        "a shared string of eight megabytes",
        r"goes on for more than 4,194,304 bytes without a whole text|damaged workbook",
        made_late(ONE_TEXT, "xl/sharedStrings.xml"),
    ),
    refused(
        "endless before the rows",
        "columns described for ever",
        r"without a whole row",
        made_late(BETWEEN),
    ),
    refused(
        "styles without end",
        "nine megabytes of styles",
        r"styles\.xml is larger than the 8,388,608 bytes",
        made_late(Noisy(f"<styleSheet {MAIN}>", '<xf x="{noise}"/>', 400_000, "</styleSheet>"), "xl/styles.xml"),
    ),
    refused("many sheets", "201 sheets", r"has 201 sheets; at most 200 are read", packed(parts_of(sheet(), 201))),
    refused(
        "many parts",
        "5,001 parts",
        r"holds 5,008 files",
        packed({**parts_of(sheet()), **{f"xl/media/{n}.png": b"x" for n in range(5_002)}}),
    ),
    refused(
        "many headings",
        "600 columns",
        r"none has the headings of one",
        book(sheet('<row r="1">' + "".join(
            f'<c t="inlineStr"><is><t>{"pers_person_id" if n % 2 else "pers_dob"}</t></is></c>' for n in range(600)
        ) + "</row>")),
    ),
]  # fmt: skip
XML = [
    refused("entities in the sheet", "a document type", DOCUMENT_TYPE, book(sheet(before=LAUGHS))),
    refused("a file for an entity", "an entity from a file", DOCUMENT_TYPE, book(sheet(before=STOLEN))),
    refused(
        "entities in shared strings",
        "a document type",
        DOCUMENT_TYPE,
        packed({**parts_of(sheet()), "xl/sharedStrings.xml": f"{LAUGHS}<sst><si><t>&b;</t></si></sst>"}),
    ),
    refused(
        "entities in the list of sheets",
        "a document type",
        DOCUMENT_TYPE,
        packed({**parts_of(sheet()), "xl/workbook.xml": f"{LAUGHS}<workbook>&b;</workbook>"}),
    ),
    refused(
        "entities in the styles",
        "a document type",
        DOCUMENT_TYPE,
        packed({**parts_of(sheet()), "xl/styles.xml": f"{LAUGHS}<styleSheet>&b;</styleSheet>"}),
    ),
    refused("a sheet cut short", "XML that breaks off", DAMAGED, book(sheet()[:-30])),
    refused("a sheet that is no XML", "bytes", DAMAGED, book(b"\x00\x01\x02" * 50)),
    refused("deep", "a thousand elements in each other", DAMAGED, book(sheet("<a>" * 1000 + "</a>" * 1000))),
    refused("a row within a row", "rows in each other", DAMAGED, cells(KEY + '<row r="3"/>')),
    refused("a row far down", "row 99,999,999", DAMAGED, book(sheet(HEADER + '<row r="99999999"/>'))),
    refused("rows backwards", "row 3 before row 2", DAMAGED, book(sheet(HEADER + '<row r="3"/><row r="2"/>'))),
    refused("a row of no number", "row x", DAMAGED, book(sheet(HEADER + '<row r="x"/>'))),
    refused("a column far out", "column ZZZ", DAMAGED, cells('<c r="ZZZ2"><v>1</v></c>')),
    refused("cells backwards", "column B before A", DAMAGED, cells('<c r="B2"><v>1</v></c><c r="A2"><v>1</v></c>')),
    refused("a text that is not there", "shared string 7", DAMAGED, cells('<c r="A2" t="s"><v>7</v></c>')),
    refused("a text before the first", "shared string -1", DAMAGED, cells('<c r="A2" t="s"><v>-1</v></c>')),
    refused("a merge of nowhere", "merged cells without corners", DAMAGED, book(
        sheet(after='<mergeCells><mergeCell ref="A:B"/></mergeCells>'))),
    refused("a sheet that is not there", "a tab without a part", DAMAGED, packed({
        name: data for name, data in parts_of(sheet()).items() if "sheet1" not in name})),
    refused("a sheet outside", "a part that climbs out", DAMAGED, packed({
        **parts_of(sheet()), "xl/_rels/workbook.xml.rels": relations(("r1", "worksheet", "../../../etc/passwd"))})),
    refused("two parts of one name", "letters large and small", DAMAGED, packed({
        **parts_of(sheet()), "xl/worksheets/SHEET1.xml": sheet()})),
]  # fmt: skip
KINDS = [
    refused("a password", "a new workbook with a password", r"has a password: take it off",
            OLD_WORKBOOK + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 100),
    refused("an old workbook", "the format before 2007", r"of the old kind \(\.xls\): save it as \.xlsx", OLD_WORKBOOK,
            "people.xls"),
    refused("an old workbook named people.csv", "the wrong name", r"save it as \.xlsx", OLD_WORKBOOK, "people.csv"),
    refused("a binary workbook", "the .xlsb format", r"is a binary workbook \(\.xlsb\): save it as \.xlsx", packed({
        "[Content_Types].xml": "<Types/>", "_rels/.rels": relations(("r", "officeDocument", "xl/workbook.bin")),
        "xl/workbook.bin": b"\x83\x01\x00"}), "people.xlsb"),
    refused("an OpenDocument spreadsheet", "another office's format", r"is an OpenDocument file: save it",
            zipped([("mimetype", b"application/vnd.oasis.opendocument.spreadsheet")], zipfile.ZIP_STORED),
            "people.ods"),
    refused("cut short", "half a workbook", r"damaged or cut short", book()[:-60]),
    refused("only its first bytes", "what looks like one", r"damaged or cut short",
            b"PK\x03\x04" + b"." * 26 + b"[Content_Types].xml"),
    refused("no table", "a workbook of something else", r"No sheet of people\.xlsx is a table this version knows",
            book(sheet(row(1, "item", "price") + row(2, "tea", "2")))),
    refused("nothing in it", "a workbook with an empty sheet", r"is not a table this version knows", book(sheet(""))),
    Hostile("workbook: beside a table", "a letter of the same Office is told, and not read",
            extract_with("letter.docx", packed({"[Content_Types].xml": "<Types/>", "word/document.xml": "<x/>"})),
            told=(("not a file this version knows; not read", None, None),), rows={"ssd_person": 1}, first=PERSON),
]  # fmt: skip
READ = [
    Hostile("workbook: honest", "nothing wrong with it", written("people.xlsx", book()), rows={"ssd_person": 1},
            first=PERSON),
    Hostile("workbook: named people.csv", "the wrong name", written("people.csv", book()), rows={"ssd_person": 1},
            first=PERSON),
    Hostile("workbook: in a zip", "a workbook in a zip", written("upload.zip", zipped([("people.xlsx", book())])),
            rows={"ssd_person": 1}, first=PERSON),
    Hostile("workbook: a sheet as large as can be", "a declared size of XFD1048576", written("people.xlsx", book(
        f'<worksheet {MAIN}><dimension ref="A1:XFD1048576"/><sheetData>{HONEST}</sheetData></worksheet>')),
        rows={"ssd_person": 1}, first=PERSON),
    Hostile("workbook: links elsewhere", "a workbook that asks for another", written("people.xlsx", packed({
        **parts_of(sheet()), "xl/externalLinks/externalLink1.xml": "<externalLink/>",
        "xl/externalLinks/_rels/externalLink1.xml.rels": relations(
            ("r", "externalLinkPath", "file://server/share/evil.xlsx"), mode=' TargetMode="External"')})),
        rows={"ssd_person": 1}, first=PERSON),
    Hostile("workbook: macros", "a workbook with macros", written("people.xlsm", packed({
        **parts_of(sheet()), "xl/vbaProject.bin": OLD_WORKBOOK})), rows={"ssd_person": 1}, first=PERSON),
    read("a cell at the far corner", "one cell in XFD1048576", book(sheet(HONEST + (
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'))),
        ("stands under no heading", 1_048_576, "column XFD")),
    read("everything merged", "one cell as large as the sheet", book(
        sheet(after='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>')),
        ("the cells A1:XFD1048576 are merged", 2, "pers_person_id")),
    Hostile("workbook: a number past all numbers", "1e999 for a date", written("people.xlsx", cells(
        KEY + '<c r="C2" s="1"><v>1e999</v></c>')), told=(("is not a date", 2, "pers_dob"),), rows={"ssd_person": 1}),
    Hostile("workbook: a day past all days", "the day 9,999,999", written("people.xlsx", cells(
        KEY + '<c r="C2" s="1"><v>9999999</v></c>')), told=(("is not a date", 2, "pers_dob"),), rows={"ssd_person": 1}),
    Hostile("workbook: a formula never worked out", "a formula without its result", written("people.xlsx", cells(
        KEY + '<c r="C2"><f>cmd|calc</f></c>')), rows={"ssd_person": 1},
        told=(("holds a formula whose result is not in the file", 2, "pers_dob"),)),
    Hostile("workbook: an error nobody knows", "an error of a later version", written("people.xlsx", cells(
        KEY + '<c r="B2" t="e"><v>#NEW!</v></c>')), told=(("is a spreadsheet's error", 2, "pers_forename"),),
        rows={"ssd_person": 1}),
]  # fmt: skip
WIDE = tables()["ssd_pre_proceedings"].columns[:15]
HELD = {
    "text": '<c t="inlineStr"><is><t>a{n}-{noise}</t></is></c>',
    "date": '<c s="1"><v>46027</v></c>',
    "integer": "<c><v>{n}</v></c>",
    "flag": '<c t="b"><v>1</v></c>',
}
LARGE = Noisy(
    f"<worksheet {MAIN}><sheetData>{row(1, *(column.name for column in WIDE))}",
    f"<row>{''.join(HELD[column.kind] for column in WIDE)}</row>",
    50_000,
    CLOSE,
)
READ.append(
    Hostile(
        "workbook: fifty thousand rows of fifteen columns",
        "as large as an authority's honest table",
        made_late(LARGE),
        rows={"ssd_pre_proceedings": 50_000},
        seconds=10,
    )
)
FILES = [*BOMBS, *XML, *KINDS, *READ]
