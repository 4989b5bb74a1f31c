"""What a file is is told by what is in it; what is no plan, or could do harm, is refused in one plain sentence."""

import io
import os
import random
import zipfile
from pathlib import Path

import pytest
from tests.plans.a_plan import committee_text, of
from tests.plans.office import docx, html, in_document, with_part, xlsx

from lineofsight.errors import PlainError
from lineofsight.plans.grid import MOST_BYTES
from lineofsight.plans.reading import read, read_file
from lineofsight.plans.writing import write
from lineofsight.sources.content import Content

ROWS = [["Action", "Lead", "Deadline", "Progress", "RAG"], ["Visit", "Ada Quill", "May", "Begun", "Red"]]
TEXT = "\n".join("\t".join(row) for row in ROWS)
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
RELATIONS = '<Relationships><Relationship Id="r" Type="x/officeDocument" Target="ppt/p.xml"/></Relationships>'
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
STOLEN = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def wide(text: str) -> bytes:
    return text.encode("utf-16-le")


def packed(parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, held in parts.items():
            archive.writestr(name, held)
    return out.getvalue()


def noisy(piece: str, count: int) -> str:
    """A piece over and over, with so much chance between that it does not compress like a bomb."""
    chance = random.Random(7)
    return "".join(f"{piece}<x>{chance.getrandbits(64):x}</x>" for _ in range(count))


def ours() -> bytes:
    """A workbook whose texts stand apart from its cells, as Excel writes them."""
    return write(of(TEXT), "xlsx", "Plan")


@pytest.mark.parametrize("name", ["plan.docx", "plan.pdf", "plan.exe", "plan", "../../etc/passwd"])
@pytest.mark.parametrize(
    "data", [docx(ROWS), xlsx(("Plan", ROWS)), html(ROWS).encode(), TEXT.encode()], ids=["docx", "xlsx", "html", "tsv"]
)
def test_a_plan_is_known_by_what_is_in_it_whatever_it_is_called(data: bytes, name: str) -> None:
    table = of(data, name)
    assert [(row.action, row.place.file) for row in table.rows] == [("Visit", name)]


def test_a_plan_is_read_from_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "appendix two.txt"
    path.write_text(committee_text())
    table = read_file(path)
    assert (len(table.rows), table.rows[0].place.file) == (22, "appendix two.txt")


def test_folders_pipes_and_what_is_not_there_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path, why in [
        (tmp_path, "is a folder"),
        (tmp_path / "pipe", "is not a file"),
        (tmp_path / "x", "There is no file"),
    ]:
        with pytest.raises(PlainError, match=why):
            read_file(path)


REFUSED = {
    "nothing": (lambda: b"", "is empty"),
    "spaces": (lambda: b" \n\t", "is empty"),
    "prose": (lambda: b"Our plan is to do better.", "holds no action plan"),
    "json": (lambda: b'{"Action": "Visit"}', "holds no action plan"),
    "other XML": (lambda: b"<?xml version='1.0'?><plan><action>Visit</action></plan>", "holds no action plan"),
    "a page without a table": (lambda: b"<html><body><p>Our plan</p></body></html>", "holds no action plan"),
    "a PDF": (lambda: b"%PDF-1.4\n", "is a PDF"),
    "a JPEG": (lambda: b"\xff\xd8\xff\xe0" + bytes(40), "is a picture"),
    "a TIFF": (lambda: b"II*\x00" + bytes(40), "is a picture"),
    "a telephone's picture": (lambda: b"\0\0\0\x18ftypheic" + bytes(40), "is a picture"),
    "a WebP": (lambda: b"RIFF\0\0\0\0WEBP" + bytes(40), "is a picture"),
    "a bitmap": (lambda: b"BM\x36\0\0\0\0\0\0\0" + bytes(40), "is a picture"),
    "a program": (lambda: b"\x7fELF" + bytes(600), "is not a file a plan can be read from"),
    "rich text": (lambda: rb"{\rtf1\ansi Action}", r"is a rich text file \(\.rtf\)"),
    "old Word": (lambda: OLD + wide("WordDocument"), r"of the old kind \(\.doc\): save it as \.docx"),
    "old Excel": (lambda: OLD + wide("Workbook"), r"of the old kind \(\.xls\): save it as \.xlsx"),
    "a password": (lambda: OLD + wide("EncryptedPackage"), "has a password: take it off"),
    "gzip": (lambda: b"\x1f\x8b\x08" + bytes(40), "is packed: unpack it"),
    "a zip of a plan": (lambda: packed({"plan.csv": TEXT}), "is a zip: unpack it"),
    "OpenDocument": (
        lambda: packed({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}),
        "is an OpenDocument file",
    ),
    "slides": (
        lambda: packed({"[Content_Types].xml": TYPES, "_rels/.rels": RELATIONS, "ppt/p.xml": "<presentation/>"}),
        "is neither a Word document nor a workbook",
    ),
    "binary workbook": (
        lambda: packed({"[Content_Types].xml": TYPES, "xl/workbook.bin": b"\0\1"}),
        r"is a binary workbook \(\.xlsb\)",
    ),
    "a zip cut short": (lambda: docx(ROWS)[:-40], "is not a zip file that can be read"),
    "a document cut short": (lambda: in_document(docx(ROWS), lambda xml: xml[:-30]), "is damaged"),
    "a document of no body": (lambda: in_document(docx(ROWS), lambda xml: "<document/>"), "is damaged"),
    "a sheet cut short": (
        lambda: in_document(xlsx(("P", ROWS)), lambda xml: xml[:-30], "xl/worksheets/sheet1.xml"),
        "is damaged",
    ),
    "entities in a document": (
        lambda: in_document(docx(ROWS), lambda xml: LAUGHS + xml[xml.index("<w:document") :]),
        "declares a document type",
    ),
    "a file for an entity": (
        lambda: in_document(docx(ROWS), lambda xml: STOLEN + xml[xml.index("<w:document") :]),
        "declares a document type",
    ),
    "entities in a sheet": (
        lambda: in_document(
            xlsx(("P", ROWS)), lambda xml: LAUGHS + xml[xml.index("<worksheet") :], "xl/worksheets/sheet1.xml"
        ),
        "declares a document type",
    ),
    "entities in the styles": (
        lambda: in_document(docx(ROWS), lambda xml: LAUGHS + xml[xml.index("<w:styles") :], "word/styles.xml"),
        "declares a document type",
    ),
    "a way out of the zip": (
        lambda: with_part(docx(ROWS), "../../x.xml", "x"),
        "is refused: it holds a file that would be put outside",
    ),
    "two parts of one name": (lambda: with_part(docx(ROWS), "WORD/document.xml", "<x/>"), "is damaged"),
    "an archive within": (lambda: with_part(docx(ROWS), "word/x.zip", "x"), "holds another archive"),
    "a zip bomb": (
        lambda: with_part(docx(ROWS), "word/media/x.bin", bytes(8 * 1024**2)),
        "would unpack to more than 200 times its size",
    ),
    "a bomb of elements": (
        lambda: in_document(docx(ROWS), lambda xml: xml.replace("<w:body>", "<w:body>" + noisy("<w:p/>" * 50, 40_000))),
        "holds far more than an action plan does",
    ),
    "a text of many megabytes": (lambda: (TEXT + "\n" * 11 * 1024**2).encode(), "is a text of more than 10 MB"),
    "no row for megabytes": (
        lambda: in_document(
            xlsx(("P", ROWS)),
            lambda xml: xml.replace("<sheetData>", f"<cols>{noisy('<col/>' * 20, 40_000)}</cols><sheetData>"),
            "xl/worksheets/sheet1.xml",
        ),
        "goes on for more than 4,194,304 bytes without a whole row",
    ),
    "deep": (
        lambda: in_document(docx(ROWS), lambda xml: xml.replace("<w:body>", "<w:body>" + "<w:x>" * 1_000)),
        "is damaged",
    ),
    "tables in tables in Word": (
        lambda: in_document(
            docx(ROWS),
            lambda xml: xml.replace(
                "<w:body>", "<w:body>" + "<w:tbl><w:tr><w:tc>" * 13 + "</w:tc></w:tr></w:tbl>" * 13
            ),
        ),
        "tables within tables more than 12 deep",
    ),
    "tables in tables on a page": (lambda: "<table><tr><td>" * 13 + "x", "tables within tables more than 12 deep"),
    "empty rows without end": (
        lambda: in_document(
            docx(ROWS), lambda xml: xml.replace("</w:tbl>", noisy("<w:tr/>" * 20, 1_100) + "</w:tbl>", 1)
        ),
        "more than 5,000 rows",
    ),
    "a table as wide as none": (
        lambda: in_document(
            docx(ROWS), lambda xml: xml.replace("<w:tcPr>", '<w:tcPr><w:gridSpan w:val="999999999"/>', 1)
        ),
        "more than 500 columns",
    ),
    "spans of all sizes": (
        lambda: "<table><tr><td>Action<td>RAG" + "<tr><td rowspan=9999 colspan=200>x" * 3_000,
        r"more than 500 columns|more than 5,000 rows",
    ),
    "a span that is no number": (
        lambda: in_document(docx(ROWS), lambda xml: xml.replace("<w:tcPr>", '<w:tcPr><w:gridSpan w:val="x"/>', 1)),
        "is damaged",
    ),
    "many sheets": (lambda: xlsx(*((f"S{n}", []) for n in range(201))), "has more than 200 sheets"),
    "many rows": (lambda: xlsx(("P", [ROWS[0], *[["Visit", "", "", "", "Red"]] * 5_001])), "more than 5,000 rows"),
    "a row far down": (
        lambda: in_document(
            xlsx(("P", ROWS)), lambda xml: xml.replace('<row r="2"', '<row r="99999999"'), "xl/worksheets/sheet1.xml"
        ),
        "is damaged",
    ),
    "rows backwards": (
        lambda: in_document(
            xlsx(("P", ROWS)), lambda xml: xml.replace('<row r="2"', '<row r="1"'), "xl/worksheets/sheet1.xml"
        ),
        "is damaged",
    ),
    "a column far out": (
        lambda: in_document(
            xlsx(("P", ROWS)), lambda xml: xml.replace('r="A2"', 'r="ZZZ2"'), "xl/worksheets/sheet1.xml"
        ),
        "is damaged",
    ),
    "a text that is not there": (
        lambda: in_document(ours(), lambda xml: xml.replace("<v>5</v>", "<v>999</v>"), "xl/worksheets/sheet1.xml"),
        "is damaged",
    ),
    "a text before the first": (
        lambda: in_document(ours(), lambda xml: xml.replace("<v>5</v>", "<v>-1</v>"), "xl/worksheets/sheet1.xml"),
        "is damaged",
    ),
    "rows outside the sheet": (
        lambda: in_document(
            xlsx(("P", ROWS)), lambda xml: xml.replace("sheetData>", "other>"), "xl/worksheets/sheet1.xml"
        ),
        "is damaged",
    ),
    "a sheet that is not there": (
        lambda: in_document(
            xlsx(("P", ROWS)),
            lambda xml: xml.replace("worksheets/sheet1", "worksheets/sheet9"),
            "xl/_rels/workbook.xml.rels",
        ),
        "is damaged",
    ),
    "NUL bytes in the text": (lambda: wide("Action\tRAG\nVi\0sit\tRed").join([b"\xff\xfe", b""]), "holds NUL bytes"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_plan_is_refused_in_one_sentence(kind: str) -> None:
    make, why = REFUSED[kind]
    data = make()
    with pytest.raises(PlainError, match=why) as refused:
        of(data, "plan.any")
    said = str(refused.value)
    assert said.startswith("plan.any")
    assert said.endswith(".")
    assert said.count(". ") == 0


def test_a_file_larger_than_any_plan_is_refused_before_it_is_read() -> None:
    def start():
        raise AssertionError("it was opened")

    with pytest.raises(PlainError, match="is larger than 20 MB"):
        read(Content("plan.docx", MOST_BYTES + 1, start))


def test_a_file_that_says_it_is_small_and_goes_on_is_refused() -> None:
    with pytest.raises(PlainError, match="is larger than"):
        read(Content("plan.txt", 10, lambda: io.BytesIO(b"x" * (MOST_BYTES + 2))))


def test_names_that_cannot_be_printed_are_not_printed() -> None:
    with pytest.raises(PlainError, match=r"^plan\?\?x is empty\.$"):
        of(b"", "plan\x1b\nx")


@pytest.mark.parametrize(
    "data",
    [docx(ROWS), xlsx(("Plan", ROWS)), html(ROWS).encode(), committee_text().encode()],
    ids=["docx", "xlsx", "html", "tsv"],
)
def test_a_file_spoiled_anywhere_is_read_or_refused_and_never_a_crash(data: bytes) -> None:
    chance = random.Random(11)
    for _ in range(25):
        spoiled = bytearray(data)
        for _ in range(chance.randint(1, 6)):
            spoiled[chance.randrange(len(spoiled))] = chance.randrange(256)
        try:
            of(bytes(spoiled))
        except PlainError:
            continue


@pytest.mark.parametrize(
    "part", ["word/document.xml", "word/styles.xml", "word/numbering.xml", "word/_rels/document.xml.rels"]
)
def test_a_document_with_a_part_spoiled_is_read_or_refused_and_never_a_crash(part: str) -> None:
    chance = random.Random(12)
    data = docx([*ROWS, ["Call", "x", "y", "• a\n• b", "Red"]])
    for _ in range(25):

        def spoil(xml: str) -> str:
            at = chance.randrange(len(xml))
            return xml[:at] + chance.choice(["", "<", ">", '"', "9", "x", "-1", "&"]) + xml[at + chance.randint(0, 3) :]

        try:
            of(in_document(data, spoil, part))
        except PlainError:
            continue
