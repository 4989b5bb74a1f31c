"""Hostile tables: text that is, or says it is, an export of a case system."""

import io
import json
import sqlite3
import tempfile
import zlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from tests.hostile.case import (
    BORN,
    GIGABYTE_SECONDS,
    ID,
    NAME,
    PEOPLE,
    PEOPLE_HEADER,
    PERSON,
    PLANS_HEADER,
    Hostile,
    Repeated,
    extract_with,
    written,
)
from tests.hostile.zip_files import HONEST

CSV = "people.csv"
HEADER, ROW = f"{PEOPLE_HEADER}\n".encode(), f"{ID},{NAME},{BORN}\n".encode()
LONG_LINE = r"a line of more than 4,194,304 characters"
MANY_LINES = r"has more than 5,000,000 lines"
NO_TABLE = r"not a table this version knows"
NO_TEXT = r"is not a text file"
NO_KEY = r"the column pers_person_id is not in the file"

OLD_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + NAME.encode("utf-16-le") * 100


def refused(name: str, what: str, data, sentence: str, *, file: str = CSV, **more) -> Hostile:
    return Hostile(f"table: {name}", what, written(file, data), refused=sentence, **more)


def read(name: str, what: str, data, told: tuple = (), *, file: str = CSV, **more) -> Hostile:
    return Hostile(f"table: {name}", what, written(file, data), told=told, **{"first": PERSON} | more)


def sparse(folder: Path) -> Path:
    """A gibibyte of nothing after an honest table: it takes no room on the disk."""
    path = folder / CSV
    path.write_bytes(PEOPLE.encode())
    with path.open("r+b") as file:
        file.truncate(1024**3)
    return path


def too_large(folder: Path) -> Path:
    """A table of two gibibytes, by its size."""
    path = sparse(folder)
    with path.open("r+b") as file:
        file.truncate(2 * 1024**3)
    return path


def parquet() -> bytes:
    stream = io.BytesIO()
    pq.write_table(pa.table({"pers_person_id": [ID], "pers_forename": [NAME]}), stream)
    return stream.getvalue()


def database() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.sqlite"
        with sqlite3.connect(path) as connection:
            connection.execute("create table ssd_person (pers_person_id)")
            connection.execute("insert into ssd_person values (?)", (ID,))
        connection.close()
        return path.read_bytes()


PICKLE = b"cos\nsystem\n(S'touch /tmp/owned'\ntR."
FORMULAS = ["=1+1", "+1", "-1+2", "@SUM(A1)", "=cmd|' /C calc'!A0"]


def named(forename: str, quoted: bool = True) -> str:
    """The honest table with another forename."""
    written_so = '"' + forename.replace('"', '""') + '"' if quoted else forename
    return f"{PEOPLE_HEADER}\n{ID},{written_so},{BORN}\n"


def endless(total: int) -> list[Hostile]:
    """What goes on and on, `total` bytes of it."""
    return [
        refused(
            "gigabyte in one line",
            "a cell of a gigabyte",
            Repeated(HEADER + ROW + b"c2,", b"x", total, b",\n"),
            LONG_LINE,
            seconds=GIGABYTE_SECONDS,
        ),
        refused(
            "endless quotes",
            "a quotation mark and line after line before it closes",
            Repeated(HEADER + ROW + b'c2,"', b"line after line\n", total, b'",\n'),
            MANY_LINES,
            seconds=GIGABYTE_SECONDS,
        ),
        refused(
            "commas without end",
            "a row of cells without end",
            Repeated(HEADER + ROW, b",", total),
            LONG_LINE,
            seconds=GIGABYTE_SECONDS,
        ),
        refused(
            "commas without end and nothing else",
            "nothing but commas",
            Repeated(b"", b",", total),
            NO_TABLE,
            seconds=GIGABYTE_SECONDS,
        ),
        refused(
            "quotation marks without end",
            "a cell of quotation marks",
            Repeated(HEADER + ROW + b"c2,", b'"', total),
            LONG_LINE,
            seconds=GIGABYTE_SECONDS,
        ),
        refused(
            "empty lines without end",
            "line ends and nothing else",
            Repeated(HEADER + ROW, b"\r\n", total),
            MANY_LINES,
            seconds=GIGABYTE_SECONDS,
        ),
        refused(
            "empty rows without end",
            "rows of separators",
            Repeated(HEADER + ROW, b",,\n", total),
            MANY_LINES,
            seconds=GIGABYTE_SECONDS,
        ),
        refused(
            "empty rows of many columns",
            "rows of thirty-two separators",
            Repeated(HEADER.rstrip() + b"," * 30 + b"\n", b"," * 32 + b"\n", total),
            r"rows with nothing in them",
            seconds=GIGABYTE_SECONDS,
        ),
        refused(
            "one honest row without end",
            "the same row millions of times",
            Repeated(HEADER, ROW, max(total, 200_000_000)),
            MANY_LINES,
            seconds=GIGABYTE_SECONDS,
        ),
        refused(
            "rows too short without end",
            "rows of two cells under a header of three",
            Repeated(HEADER + ROW, b"some text,here\n", total),
            MANY_LINES,
            seconds=GIGABYTE_SECONDS,
        ),
        refused(
            "a row over many lines",
            "a row of millions of cells, each with a line end in quotes",
            Repeated(HEADER + ROW, b'"a\n",', total),
            MANY_LINES,
            seconds=GIGABYTE_SECONDS,
        ),
        refused(
            "old line ends without end",
            "carriage returns without end",
            Repeated(HEADER.replace(b"\n", b"\r"), b"\r", total),
            MANY_LINES,
            seconds=GIGABYTE_SECONDS,
        ),
    ]


SPARSE = [
    Hostile(
        "table: a gibibyte of nothing",
        "a sparse file: an honest table and NULs after it",
        sparse,
        refused=NO_TEXT,
        seconds=GIGABYTE_SECONDS,
    ),
    Hostile(
        "table: two gibibytes",
        "a file larger than any table",
        too_large,
        refused=r"is 2\.0 GiB: a file of more than 1 GiB is not read",
    ),
]

SHAPES = [
    refused(
        "a cell of many lines",
        "a quotation mark and two megabytes of lines before it closes",
        PEOPLE + 'c2,"' + "line after line\n" * 130_000 + '",\n',
        r"A cell in row 3 of people\.csv is longer than 1,000,000 characters",
    ),
    refused(
        "a row over many lines, short",
        "a row of a million cells, each with a line end in quotes",
        PEOPLE + '"a\n",' * 1_000_000,
        LONG_LINE,
    ),
    refused(
        "rows too short",
        "a million rows of two cells under a header of three",
        PEOPLE + "some text,here\n" * 1_000_000,
        r"most of its rows do not have the header's columns",
    ),
    read(
        "a sheet of empty rows",
        "all the rows a spreadsheet has, and one with anything in it",
        PEOPLE + ",,\r\n" * 1_048_574,
        rows={"ssd_person": 1},
    ),
    refused(
        "100,000 columns",
        "a header of a hundred thousand columns",
        "pers_person_id," + "pers_forename" + ",c" * 100_000 + "\n",
        NO_TABLE,
    ),
    refused(
        "60,000 columns without a name",
        "a header that is one of ours and then commas",
        PEOPLE_HEADER + "," * 60_000 + "\n" + ROW.decode(),
        r"has 60,003 columns",
    ),
    read(
        "100,000 cells in a row",
        "one row far wider than the header",
        PEOPLE + "x," * 100_000 + "\n",
        told=(("the row has 100001 cells and the header 3, so it was not read", 3, None),),
        rows={"ssd_person": 1},
    ),
    refused("ten megabytes in a cell", "a cell of ten megabytes", PEOPLE + "c2," + "x" * 10_000_000 + ",\n", LONG_LINE),
    refused(
        "two megabytes in a cell",
        "a cell of two megabytes",
        PEOPLE + "c2," + "x" * 2_000_000 + ",\n" + "c3\n",
        r"A cell in row 3 of people\.csv is longer",
    ),
    refused(
        "quotes that never close",
        "a quotation mark in the third row and no other",
        PEOPLE + 'c2,"Bo,\n' + "c3,Ada,\n" * 1000,
        r"opens a quotation mark in row 3 that never closes",
    ),
    refused("NUL bytes", "a NUL in a cell", PEOPLE.replace("Quill", "Qu\0ll"), NO_TEXT),
    refused(
        "NUL far down",
        "a NUL after the first megabyte",
        PEOPLE + "".join(f"c{n},Ada,\n" for n in range(100_000)) + "z\0,Ada,\n",
        r"holds NUL bytes",
    ),
    read("UTF-16", "UTF-16 with its mark", PEOPLE.encode("utf-16")),
    refused("UTF-16 without its mark", "UTF-16 nobody can know for it", PEOPLE.encode("utf-16-le"), NO_TEXT),
    refused(
        "UTF-16 cut in a letter",
        "an odd number of bytes",
        PEOPLE.encode("utf-16")[:-1],
        r"holds NUL bytes|not text in an encoding",
    ),
    refused(
        "lone surrogates",
        "UTF-16 with half of a pair",
        PEOPLE.encode("utf-16") + b"\x00\xd8,\x00",
        r"holds NUL bytes|not text in an encoding",
    ),
    refused("UTF-32", "four bytes a letter, with the mark", PEOPLE.encode("utf-32"), NO_TEXT),
    read(
        "Latin-1",
        "a table in the old encoding of Windows",
        named("Zoë").encode("latin-1"),
        told=(("the file is not UTF-8", None, None),),
        first=PERSON | {"pers_forename": "Zoë"},
    ),
    read(
        "two encodings",
        "one row in UTF-8, one in Latin-1",
        (named("Zoë").encode() + "c2,Zoë,\n".encode("latin-1")),
        told=(("the file is not UTF-8", None, None),),
        first={"pers_person_id": ID},
        rows={"ssd_person": 2},
    ),
    refused(
        "no encoding",
        "bytes that are no letter anywhere",
        PEOPLE.encode().replace(b"Quill", b"\x81\x8d\x8f"),
        r"not text in an encoding we know",
    ),
    read("carriage returns only", "line ends of an old Macintosh", PEOPLE.replace("\n", "\r")),
    read("a mark twice", "two byte-order marks", b"\xef\xbb\xbf\xef\xbb\xbf" + PEOPLE.encode()),
    read(
        "a header twice",
        "the header again as a row, in capitals",
        PEOPLE + PEOPLE_HEADER.upper() + "\n",
        told=(("the header stands here again, so the row was not read", 3, "pers_person_id"),),
        rows={"ssd_person": 1},
    ),
    read(
        "two columns of one name",
        "a heading that stands twice",
        f"{PEOPLE_HEADER},pers_forename\n{ID},{NAME},{BORN},Other\n",
        told=(("this column stands more than once; the first is read", None, "pers_forename"),),
    ),
    read("a header and nothing else", "no row at all", PEOPLE_HEADER, first={}, rows={"ssd_person": 0}),
    refused("empty", "no byte at all", b"", r"people\.csv is empty\."),
    refused("spaces", "a hundred kilobytes of spaces", b" " * 100_000, r"people\.csv is empty\."),
    refused(
        "no key",
        "a table without the column that tells rows apart",
        PEOPLE.replace("pers_person_id", "id"),
        NO_KEY,
    ),
    read(
        "formulas",
        "cells a spreadsheet would run",
        PEOPLE_HEADER + "\n" + "".join(f'c{n},"{cell}",{BORN}\n' for n, cell in enumerate(FORMULAS)),
        first={"pers_forename": FORMULAS[0]},
        rows={"ssd_person": 5},
    ),
    read(
        "formulas behind a tab",
        "a cell that begins with a tab or a return",
        PEOPLE_HEADER + f'\n{ID},"\t=1+1",{BORN}\nc2,"\r=1+1",\n',
        first={"pers_person_id": ID, "pers_forename": "=1+1"},
        rows={"ssd_person": 2},
    ),
    read(
        "a script for a name",
        "markup in a name",
        named("<script>alert(1)</script>"),
        first={"pers_forename": "<script>alert(1)</script>"},
    ),
    read(
        "control characters",
        "a bell, an escape and a delete in a name",
        named(f"{NAME}\x07\x1b[31m\x7f"),
        told=(("held characters that cannot be seen; read without them", 2, "pers_forename"),),
        first=PERSON | {"pers_forename": f"{NAME}[31m"},
    ),
    read(
        "writing turned about",
        "a name that reads as another on a page",
        named(f"\u202e{NAME}\u2066"),
        told=(("held characters that cannot be seen; read without them", 2, "pers_forename"),),
    ),
    read(
        "letters upon letters",
        "a name with ten thousand marks above one letter",
        named("a" + "\u0301" * 10_000),
        first={"pers_person_id": ID},
    ),
    read(
        "a hundred columns of strangers",
        "headings a file may not have",
        f"{PEOPLE_HEADER},{','.join(f'x{n}' for n in range(6))}\n{ID},{NAME},{BORN}{',' * 6}\n",
        told=(("not a column of this table; ignored", None, "x0"),),
    ),
    refused(
        "mostly strangers",
        "one of our headings in a hundred",
        PEOPLE_HEADER + "," + ",".join(f"x{n}" for n in range(100)) + "\n",
        NO_TABLE,
    ),
    read(
        "wrong throughout",
        "a hundred thousand bad dates",
        PEOPLE + "".join(f"c{n},Ada,soon\n" for n in range(100_000)),
        told=(("is not a date", 3, "pers_dob"), ("is not a date: and 99,000 more rows", None, "pers_dob")),
        rows={"ssd_person": 100_001},
    ),
]


def plan(start: str, end: str = "", key: str = "p1", person: str = ID) -> str:
    """A table of plans with one row."""
    return f'{PLANS_HEADER}\n"{key}","{person}","{start}","{end}",\n'


def value(name: str, what: str, start: str, why: str) -> Hostile:
    """A plan whose start date is `start`, which must be null and told."""
    return read(
        name,
        what,
        plan(start),
        told=((why, 2, "cppl_cp_plan_start_date"),),
        first={"cppl_cp_plan_id": "p1", "cppl_cp_plan_start_date": None},
    )


INJECTION = "1'; drop table ssd_person; --"
VALUES = [
    value("year 0", "a date of the year 0", "0000-01-01", "the year cannot be right"),
    value("year 292278994", "the last year of a database", "292278994-08-17", "is not a date"),
    value("a day that is not", "the 31st of February", "31/02/2026", "there is no such date"),
    value("month 13", "a date the American way", "12/31/2025", "there is no such date"),
    value("a number for a date", "the serial number of a spreadsheet", "45678", "is not a date"),
    value("infinity for a date", "1e309 for a date", "1e309", "is not a date"),
    value("digits of another script", "a date in Arabic digits", "٢٠٢٦-٠١-٠٥", "is not a date"),
    value("a date in a formula", "a formula that makes a date", "=TODAY()", "is not a date"),
    value("a million digits", "a number of a hundred thousand digits for a date", "9" * 100_000, "is not a date"),
    read(
        "year 9999",
        "the date databases write for none",
        plan("2026-01-05", "9999-12-31"),
        first={"cppl_cp_plan_id": "p1", "cppl_cp_plan_end_date": None},
    ),
    read(
        "SQL for an id",
        "ids that would end a statement",
        plan("2026-01-05", key=INJECTION),
        first={"cppl_cp_plan_id": INJECTION},
    ),
    read("negative ids", "an id below nothing", plan("2026-01-05", key="-1"), first={"cppl_cp_plan_id": "-1"}),
    read(
        "an id of a megabyte",
        "a key of 900,000 letters, twice",
        plan("2026-01-05", key="k" * 900_000) + "k" * 900_000 + f",{ID},2026-01-05,,\n",
        told=(("the same key as row 2; the first is kept", 3, "cppl_cp_plan_id"),),
        first={},
    ),
    *[
        read(
            f"{number} for a number",
            "a number that is none",
            f"prep_table_id,prep_person_id,prep_pre_pro_meetings_num\nt1,{ID},{number}\n",
            told=(("is not a whole number", 2, "prep_pre_pro_meetings_num"),),
            first={"prep_pre_pro_meetings_num": None},
        )
        for number in ("1e309", "9" * 400, "0x10", "Infinity", "1.5")
    ],
    read(
        "NaN for a number",
        "what programs write for no number",
        f"prep_table_id,prep_person_id,prep_pre_pro_meetings_num\nt1,{ID},NaN\n",
        first={"prep_pre_pro_meetings_num": None},
    ),
]

OTHERS = [
    refused("binary", "random bytes named people.csv", bytes(range(256)) * 100, NO_TEXT),
    refused(
        "a web page",
        "HTML named people.csv",
        f"<html><body>{NAME}</body></html>",
        r"not a children in need census: it begins with html",
    ),
    refused(
        "JSON", "JSON named people.csv", json.dumps([{"pers_person_id": ID, "pers_forename": NAME}] * 100), NO_TABLE
    ),
    refused("a zip", "a zip named people.csv that is a table and a zip", PEOPLE.encode() + HONEST, NO_TEXT),
    refused("PDF, zip and table", "a file that is all three", b"%PDF-1.4\n" + PEOPLE.encode() + HONEST, NO_TEXT),
    refused(
        "a picture and a table", "a picture's first letters and a table after them", b"GIF89a" + PEOPLE.encode(), NO_KEY
    ),
    refused("gzip", "gzip named people.csv", zlib.compress(PEOPLE.encode(), wbits=31), r"is packed: unpack it first"),
    refused("xml that is a table", "a table named census.xml", PEOPLE, r"is not XML", file="census.xml"),
    refused("parquet", "a Parquet file named people.csv", parquet(), NO_TEXT),
    refused("a database", "a SQLite database named people.csv", database(), NO_TEXT),
    refused("pickle", "a pickle that would run a command", PICKLE, NO_TABLE),
    refused("pickle, new", "a newer pickle that would run a command", b"\x80\x04\x95" + b"\0" * 8 + PICKLE, NO_TEXT),
    refused("a program", "an ELF program named people.csv", b"\x7fELF\x02\x01\x01" + bytes(100), NO_TEXT),
    refused("a script", "a shell script named people.csv", "#!/bin/sh\ntouch /tmp/owned\n", NO_TABLE),
    refused("settings of a spreadsheet", "a file that says sep=", f"sep=;\nx;y\n{ID};{NAME}\n", NO_TABLE),
    Hostile(
        "facts: digits without end",
        "a population of three thousand digits",
        extract_with("extract.toml", "population_0_17 = " + "9" * 3000),
        refused=r"population_0_17 must be a whole number",
    ),
    Hostile(
        "facts: more digits than are read",
        "a number of 4,000 digits in hexadecimal",
        extract_with("extract.toml", "population_0_17 = 0x" + "f" * 4000),
        refused=r"population_0_17 must be|larger than",
    ),
    Hostile(
        "facts: deep",
        "facts inside facts, two thousand deep",
        extract_with("extract.toml", "a = " + "[" * 2000 + "]" * 2000),
        refused=r"not a TOML file",
    ),
    Hostile(
        "facts: dotted",
        "a name of two thousand parts",
        extract_with("extract.toml", ".".join("a" * 2000) + " = 1"),
        rows={"ssd_person": 1},
        first=PERSON,
    ),
    Hostile(
        "facts: large",
        "a hundred megabytes of facts",
        extract_with("extract.toml", Repeated(b"", b"# more\n", 100_000_000)),
        refused=r"larger than the 4,096 bytes",
    ),
    Hostile(
        "facts: a name that takes over the terminal",
        "an authority's name with escapes",
        extract_with("extract.toml", 'authority_name = "Any\\u001b[31mtown"'),
        refused=r"authority_name must be words",
    ),
    Hostile(
        "facts: another script's digits",
        "a code that is digits and not ours",
        extract_with("extract.toml", 'authority = "٣٣٠"'),
        refused=r"authority must be the three digits",
    ),
    Hostile(
        "facts: the year one",
        "an extract as at the year 1",
        extract_with("extract.toml", "as_at = 0001-01-01"),
        refused=r"too long ago",
        as_at=None,
    ),
    Hostile(
        "facts: not text",
        "random bytes for facts",
        extract_with("extract.toml", bytes(range(256))),
        refused=r"not a TOML file",
    ),
    Hostile(
        "facts: twice",
        "two files of facts",
        lambda folder: (extract_with("a/extract.toml", "")(folder), extract_with("b/extract.toml", "")(folder))[1],
        refused=r"more than one extract\.toml",
    ),
]
FILES = [*SPARSE, *SHAPES, *VALUES, *OTHERS]
