"""Reading a plan: what the file is is told by what is in it, not by what it is called."""

import re
from pathlib import Path

from lineofsight.errors import PlainError
from lineofsight.plans.delimited import decoded, read_delimited
from lineofsight.plans.grid import MOST_BYTES, Grid
from lineofsight.plans.parts import Parts, opened
from lineofsight.plans.rows import plan_of
from lineofsight.plans.table import PlanTable
from lineofsight.plans.webpage import read_webpage
from lineofsight.plans.word import read_word
from lineofsight.plans.workbook import read_workbook
from lineofsight.sources.content import Content, printable
from lineofsight.sources.disk import kind_of, on_disk
from lineofsight.sources.paced_xml import local_name

# Of a text or a web page, which holds no pictures.
MOST_TEXT_BYTES = 10 * 1024**2

_SCANNED = (
    "{} is a picture of a page, so no words can be read from it: ask for the Word or Excel file it was made from, or "
    "type its table into one."
)
_PDF = "{} is a PDF, whose tables cannot be read without guessing: ask for the Word or Excel file it was made from."
_NO_TABLE = (
    "{} holds no action plan that could be found: its table needs a heading row with the action and at least the "
    "deadline, the progress or the RAG."
)
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"\x00\x00\x01\x00")
_PASSWORD = "EncryptedPackage".encode("utf-16-le")
_OLD_WORD = "WordDocument".encode("utf-16-le")
_TABLE = re.compile(r"<table[\s>]", re.IGNORECASE)


def read_file(path: Path) -> PlanTable:
    """Read the plan in a file on the disk. Raises PlainError where there is none, or it is no ordinary file."""
    if kind_of(path) == "folder":
        raise PlainError(f"{printable(path.name or str(path))} is a folder: name the file with the plan.")
    return read(on_disk(path, printable(path.name)))


def read(content: Content) -> PlanTable:
    """Read the plan in a file: Word, Excel, a web page, or text with tabs or commas.

    Raises PlainError, one sentence, where it is none of these, could do harm, or holds no plan.
    """
    file = printable(content.name)
    if content.size > MOST_BYTES:
        raise PlainError(f"{file} is larger than {MOST_BYTES // 1024**2} MB, which no action plan is.")
    try:
        data = content.whole(MOST_BYTES)
        grids = _grids(file, data, content)
        found = plan_of(grids)
    except (MemoryError, RecursionError) as error:
        raise PlainError(f"{file} holds far more than an action plan does.") from error
    if found is None:
        raise PlainError(_NO_TABLE.format(file))
    return found


def _grids(file: str, data: bytes, content: Content) -> list[Grid]:
    _refuse_by_first_bytes(file, data)
    what = content.what()
    if what in ("zip", "workbook", "open document"):
        with opened(file, data) as parts:
            return _in_parts(file, parts)
    if what == "empty":
        raise PlainError(f"{file} is empty.")
    if what == "archive":
        raise PlainError(f"{file} is packed: unpack it and give the file with the plan.")
    if what == "old workbook":
        raise _old(file, data)
    if what == "binary":
        raise PlainError(f"{file} is not a file a plan can be read from: save it as Word, Excel, CSV or a web page.")
    if len(data) > MOST_TEXT_BYTES:
        raise PlainError(f"{file} is a text of more than {MOST_TEXT_BYTES // 1024**2} MB, which no action plan is.")
    return _in_text(file, decoded(data), starts_as_a_page=what == "xml")


def _refuse_by_first_bytes(file: str, data: bytes) -> None:
    if b"%PDF-" in data[:1024]:
        raise PlainError(_PDF.format(file))
    if data.startswith(_PICTURES) or data[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypavif"):
        raise PlainError(_SCANNED.format(file))
    if (data[:4] == b"RIFF" and data[8:12] == b"WEBP") or (data[:2] == b"BM" and data[6:10] == bytes(4)):
        raise PlainError(_SCANNED.format(file))
    if data.startswith(b"{\\rtf"):
        raise PlainError(f"{file} is a rich text file (.rtf): open it in Word and save it as .docx.")


def _in_parts(file: str, parts: Parts) -> list[Grid]:
    main = parts.main()
    if "mimetype" in parts and main is None:
        raise PlainError(f"{file} is an OpenDocument file: save it as .docx or .xlsx.")
    if main is None:
        raise PlainError(f"{file} is a zip: unpack it and give the file with the plan.")
    if main.endswith(".bin"):
        return read_workbook(file, parts, main)
    root = parts.tree(main)
    kind = "" if root is None else local_name(root)
    if kind == "workbook":
        return read_workbook(file, parts, main)
    if kind != "document":
        raise PlainError(f"{file} is neither a Word document nor a workbook: put its table into one.")
    document = read_word(file, parts, main)
    if document.only_pictures:
        raise PlainError(_SCANNED.format(file))
    return document.grids


def _old(file: str, data: bytes) -> PlainError:
    if _PASSWORD in data:
        return PlainError(f"{file} has a password: take it off, and save the file without one.")
    if _OLD_WORD in data:
        return PlainError(f"{file} is a Word document of the old kind (.doc): save it as .docx.")
    return PlainError(f"{file} is a file of the old kind (.xls): save it as .xlsx.")


def _in_text(file: str, text: str, *, starts_as_a_page: bool) -> list[Grid]:
    """A text is a web page where it holds a table of one, unless it is a table of its own with tags in its cells."""
    if "\0" in text:
        raise PlainError(f"{file} is not a text file: it holds NUL bytes.")
    if not _TABLE.search(text):
        return read_delimited(file, text)
    if starts_as_a_page:
        page = read_webpage(file, text)
        return page if plan_of(page) else read_delimited(file, text) or page
    return read_delimited(file, text) or read_webpage(file, text)
