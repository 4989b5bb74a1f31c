"""Valid samples spoiled: byte by byte, or piece by piece so that what is spoiled is still of its kind."""

import io
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

from hypothesis import strategies as st
from lxml import etree
from tests.hostile import workbooks as by_hand

from lineofsight.schema import tables

CENSUS = (Path(__file__).parent.parent / "samples" / "cin_census_one_child.xml").read_bytes()
PEOPLE = "pers_person_id,pers_forename,pers_dob,pers_sex\nc1,Ada,2015-01-02,F\nc2,Zoë,03/04/2016,M\nc3,Bo,,\n"
PLANS = (
    "cppl_cp_plan_id,cppl_person_id,cppl_cp_plan_start_date,cppl_cp_plan_end_date,cppl_cp_plan_initial_category\n"
    "p1,c1,2026-01-05,,NEG\np2,c2,06/01/2026,2026-03-01,EMO\n"
)
FACTS = """
as_at = 2026-08-31
authority = "330"
authority_name = "Anytown"
population_0_17 = 50000
synthetic = true
"""
TROUBLE = [
    b'"', b"\n", b"\r", b"\r\n", b",", b";", b"\t", b"|", b"\0", b"<", b">", b"&", b"]]>", b"<![CDATA[", b"<!--", b"<?",
    b"<!DOCTYPE x>", b"&#0;", b"&x;", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"PK\x03\x04", b"PK\x05\x06", b"=1+1",
    b"'",
]  # fmt: skip
# What is put in the place of a cell, an element's text or a fact.
CELLS = [
    "", " ", "NULL", "none", "0", "-1", "1e309", "NaN", "9" * 30, "0x10", "1.5", "2026-02-30", "0000-00-00",
    "31/12/9999", "1900-01-01", "29/02/2100", "2026-13-01", "01 Foo 2026", "2026-01-05T25:00:00", "=1+1", "@x", "\t",
    "\u202eada", "a\x07b", "'; drop table x; --", "<b>", "&amp;", '"', "Zoë", "\U0001f600", "ﬀ", "٣", "x" * 3000,
    "#N/A", "Y", "unknown", "\u00a0",
]  # fmt: skip
CELL = st.sampled_from(CELLS) | st.text(st.characters(blacklist_categories=["Cs"]), max_size=8)


@st.composite
def spoiled(draw: st.DrawFn, original: bytes) -> bytes:
    """The bytes with a few places overwritten, cut out, doubled or pushed in, perhaps cut short."""
    data = bytearray(original)
    for _ in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, max(len(data) - 1, 0)))
        span = draw(st.integers(1, 8))
        how = draw(st.sampled_from(["overwrite", "flip", "remove", "double", "insert", "cut"]))
        if how == "overwrite":
            data[place : place + span] = draw(st.binary(min_size=span, max_size=span))
        elif how == "flip" and data:
            data[place] ^= 1 << draw(st.integers(0, 7))
        elif how == "remove":
            del data[place : place + span]
        elif how == "double":
            data[place:place] = data[place : place + span * 20]
        elif how == "insert":
            data[place:place] = draw(st.sampled_from(TROUBLE))
        elif draw(st.integers(0, 5)) == 0:
            del data[place:]
    return bytes(data)


@st.composite
def tables_of(draw: st.DrawFn) -> bytes:
    """A table whose columns and cells are any, written in any delimiter, encoding and line end."""
    table = tables()[draw(st.sampled_from(["ssd_person", "ssd_cp_plans", "ssd_pre_proceedings", "side_supervision"]))]
    names = [column.name for column in table.columns]
    kept = draw(st.permutations(names))[: draw(st.integers(2, len(names)))]
    header = [*table.key, *kept, *draw(st.lists(CELL, max_size=2))]
    header = draw(st.permutations(header))
    rows = draw(st.lists(st.lists(CELL, min_size=len(header) - 1, max_size=len(header) + 1), max_size=6))
    delimiter, line_end = draw(st.sampled_from(",;\t|")), draw(st.sampled_from(["\n", "\r\n", "\r"]))
    quote = draw(st.booleans())

    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"' if quote else text

    text = line_end.join(delimiter.join(cell(text) for text in row) for row in [header, *rows]) + line_end
    return text.encode(draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"])), "replace")


@st.composite
def censuses(draw: st.DrawFn) -> bytes:
    """The sample census with elements doubled, dropped, moved, renamed, wrapped, and any text in them."""
    root = etree.fromstring(CENSUS)
    for _ in range(draw(st.integers(1, 8))):
        elements = list(root.iter(etree.Element))
        one, other = draw(st.sampled_from(elements)), draw(st.sampled_from(elements))
        how = draw(st.sampled_from(["text", "text", "double", "drop", "move", "rename", "wrap", "attribute"]))
        parent = one.getparent()
        if how == "text":
            one.text = "".join(letter for letter in draw(CELL) if letter >= " " and letter not in "\ufffe\uffff")
        elif how == "rename":
            one.tag = draw(st.sampled_from(elements)).tag
        elif how == "attribute":
            one.set("x", "y")
        elif parent is not None and how == "double":
            parent.append(etree.fromstring(etree.tostring(one, with_tail=False)))
        elif parent is not None and how == "drop":
            parent.remove(one)
        elif parent is not None and how == "move" and one not in other.iterancestors() and one is not other:
            other.append(one)
        elif parent is not None and how == "wrap":
            around = etree.SubElement(parent, other.tag)
            around.append(one)
    return etree.tostring(root, encoding=draw(st.sampled_from(["UTF-8", "UTF-16", "ISO-8859-1"])))


NAMES = st.sampled_from(
    [
        "people.csv",
        "plans.csv",
        "extract.toml",
        "census.xml",
        "a/b.csv",
        "README",
        "x.zip",
        "../x",
        "",
        "x\u202e.csv",
        "a" * 300,
    ]
)


@st.composite
def zips_of(draw: st.DrawFn) -> bytes:
    """A zip of any members, honest or spoiled, written any way."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in draw(st.lists(NAMES, max_size=5, unique=True)):
            # Without the time of day, so that a failure can be run again.
            member = zipfile.ZipInfo(name)
            member.compress_type = draw(st.sampled_from([0, 8, 8, 8, 12, 14]))
            member.external_attr = draw(st.sampled_from([0, 0, 0o100644 << 16, 0o120777 << 16, 0o010644 << 16]))
            archive.writestr(
                member, draw(st.sampled_from([PEOPLE, PLANS, FACTS, CENSUS, b""]) | st.binary(max_size=50))
            )
    whole = stream.getvalue()
    return draw(st.just(whole) | spoiled(whole))


XML_PIECES = [
    b"<row r='3'/>", b"<c r='B2'/>", b"<c t='s'><v>0</v></c>", b"<c t='s'><v>99</v></c>", b"<c t='e'><v>#N/A</v></c>",
    b"<c s='1'><v>1e99</v></c>", b"<c t='x'><v>1</v></c>", b"<f>A1</f>", b"<v/>", b"<is><t>x</t></is>", b"<si/>",
    b" r='A1'",
    b" t='b'", b" s='7'", b"<mergeCells><mergeCell ref='B2:B3'/></mergeCells>", b"<sheet name='x' r:id='r1'/>",
    b"<xf numFmtId='22'/>", b"<numFmt numFmtId='164' formatCode='[h]:mm'/>", b"</row>", b"</sheetData>", b"\xc3\xa9",
]  # fmt: skip


@st.composite
def books(draw: st.DrawFn) -> bytes:
    """A workbook some of whose parts are spoiled inside: pieces of XML put in, bytes changed, cells of anything."""
    rows = draw(st.lists(st.lists(CELL, min_size=1, max_size=5), min_size=1, max_size=5))
    text = "".join(
        by_hand.row(number, *(etree_text(cell) for cell in row))
        for number, row in enumerate([PLANS.splitlines()[0].split(","), *rows], 1)
    )
    parts = {name: as_bytes(data) for name, data in by_hand.parts_of(by_hand.sheet(text)).items()}
    parts["xl/sharedStrings.xml"] = f"<sst {by_hand.MAIN}><si><t>p7</t></si><si><r><t>p</t></r></si></sst>".encode()
    for _ in range(draw(st.integers(0, 4))):
        name = draw(st.sampled_from(["xl/worksheets/sheet1.xml"] * 4 + sorted(parts)))
        place = draw(st.integers(0, len(parts[name])))
        if draw(st.booleans()):
            near = parts[name].rfind(b"<", 0, place)
            place = max(near, 0)
        piece = draw(st.sampled_from(XML_PIECES) | st.binary(max_size=2))
        parts[name] = parts[name][:place] + piece + parts[name][place + draw(st.integers(0, 3)) * len(piece) // 3 :]
    return by_hand.packed(dict(parts))


def etree_text(cell: str) -> str:
    """A cell as XML takes it, without what XML cannot hold."""
    held = "".join(letter for letter in cell if letter in "\t\n" or (letter >= " " and letter not in "\ufffe\uffff"))
    return escape(held)


def as_bytes(data: object) -> bytes:
    assert isinstance(data, str)
    return data.encode()


KEYS = ["as_at", "authority", "authority_name", "population_0_17", "synthetic", "seed", "as_at.x", '"as_at"']
VALUES = [
    "2026-08-31", "0001-01-01", "9999-12-31", "2026-08-31T10:00:00Z", "07:32:00", "'2026-08-31'", "'soon'", "''",
    "true", "-1", "0", "5", "9" * 25, "1e400", "nan", "inf", "0x14A", "'330'", "'33\\n0'", "[]", "{}", "[[1]]",
    '"\\u0007"', '"\\u202e"', "''''x'''",
]  # fmt: skip


@st.composite
def facts_of(draw: st.DrawFn) -> bytes:
    """Facts of any keys and values."""
    lines = draw(st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from(VALUES)), max_size=6))
    return "\n".join(f"{key} = {value}" for key, value in lines).encode()


def zipped() -> bytes:
    """The honest extract as a zip."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in (("extract.toml", FACTS), ("people.csv", PEOPLE), ("plans.csv", PLANS)):
            member = zipfile.ZipInfo(name)
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, text)
    return stream.getvalue()


# By reader: the file's name, and its mutations.
TARGETS = {
    "table": ("plans.csv", spoiled(PLANS.encode()) | spoiled(PEOPLE.encode("utf-16")) | tables_of()),
    "census": ("census.xml", spoiled(CENSUS) | censuses()),
    "workbook": ("plans.xlsx", spoiled(by_hand.book()) | books() | books()),
    "zip": ("upload.zip", spoiled(zipped()) | zips_of()),
    "facts": ("extract.toml", spoiled(FACTS.encode()) | facts_of()),
    "anything": ("a.csv", st.binary(max_size=400)),
}
