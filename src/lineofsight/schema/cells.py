"""Cells of text made into dates, numbers, flags and codes, a whole column at a time.

Each reader takes the distinct values of a column, so a column of a million dates costs a few thousand.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight.schema.codelists import codes
from lineofsight.schema.layout import Column

NOT_A_DATE = "is not a date"
NO_SUCH_DATE = "there is no such date"
TWO_DIGIT_YEAR = "the year has two digits, so the century is not known"
YEAR_CANNOT_BE = "the year cannot be right"
NOT_WHOLE = "is not a whole number"
NOT_A_NUMBER = "is not a number"
NOT_A_FLAG = "is neither yes nor no"
UNSEEN = "held characters that cannot be seen; read without them"
SPREADSHEET_ERROR = "is a spreadsheet's error, not a value"

_BLANK = pa.array(["", "NULL", "null", "Null", "(null)", "\\N"])
_BLANK_UNLESS_TEXT = pa.array(["none", "nan", "nat", "n/a", "na", "not known", "unknown", "-"])
# What a spreadsheet writes where it could not work a value out: the old ones, then those of newer versions.
ERRORS = (
    "#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!",
    "#GETTING_DATA", "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#UNKNOWN!", "#BUSY!", "#EXTERNAL!",
    "#PYTHON!",
)  # fmt: skip
_SPACE = " \t\r\n\u00a0\ufeff"

# Control characters, and those that turn the direction of writing: a name that reads as another's on a page.
_UNSEEN = "[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\u009f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]"

# Dates case systems write where there is none: the first day their database knows, and its last.
SENTINELS = (date(1899, 12, 30), date(1899, 12, 31), date(1900, 1, 1), date(9999, 12, 31))

_DELETE = 0x7F
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_TIME = r"(?:[T ]\s*(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d(?:[.,]\d+)?)?\s*(?:[aApP][mM]|Z|[+-]\d\d:?\d\d)?)?$"
_YEAR_FIRST = r"^(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})" + _TIME
_DAY_FIRST = r"^(?P<day>\d{1,2})[-/. ](?P<month>\d{1,2}|[A-Za-z]{3,9})[-/. ](?P<year>\d{4})" + _TIME
_SHORT_YEAR = r"^\d{1,2}[-/. ](?:\d{1,2}|[A-Za-z]{3,9})[-/. ]'?\d{2}" + _TIME
_MONTHS = pa.array(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], pa.string())
_MONTH_WORDS = (
    r"^(?:jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|"
    r"sept?(ember)?|oct(ober)?|nov(ember)?|dec(ember)?)$"
)
_YES = pa.array(["y", "yes", "1", "true", "t"])
_NO = pa.array(["n", "no", "0", "false", "f"])
_CODE_FIRST = r"^(?P<code>[A-Z]{0,6}\d{0,2}[A-Z]?)\s*(?:-|:|\x{2013}|=).+"


@dataclass(frozen=True)
class Cells:
    """A column read: typed values, why each bad cell is bad (null: it is not), and how many held a sentinel.

    `kept` says that the values complained of were kept (codes we do not know), not made null.
    """

    values: pa.Array
    why: pa.Array
    sentinels: int = 0
    kept: bool = False


@dataclass(frozen=True)
class _Read:
    values: pa.Array
    why: pa.Array
    sentinel: pa.Array | None = None


def read_cells(column: Column, text: pa.Array) -> Cells:
    """The cells of one column. Takes the column's definition and its raw text; blanks become null.

    Times of day are dropped: the date is the one written, whatever time zone stands beside it.
    """
    if column.kind == "text" and column.codes is None:
        read = _text(text)
        return Cells(read.values, read.why)
    encoded = text.dictionary_encode()
    read = _coded(encoded.dictionary, column.codes) if column.codes else _READERS[column.kind](encoded.dictionary)
    sentinels = 0
    if read.sentinel is not None and pc.any(read.sentinel).as_py():
        sentinels = pc.sum(pc.cast(read.sentinel.take(encoded.indices), pa.int64())).as_py() or 0
    if read.why.null_count == len(read.why):
        why = pa.nulls(len(text), pa.string())
    else:
        why = read.why.take(encoded.indices)
    return Cells(read.values.take(encoded.indices), why, sentinels, kept=column.codes is not None)


def _none(count: int) -> pa.Array:
    return pa.nulls(count, pa.string())


def _bad(mask: pa.Array, why: str, otherwise: pa.Array) -> pa.Array:
    """`why` where the mask holds and nothing was said yet."""
    said = pc.if_else(pc.fill_null(mask, False), pa.scalar(why), pa.scalar(None, pa.string()))
    return pc.coalesce(otherwise, said)


def _plain(text: pa.Array) -> _Read:
    trimmed = pc.utf8_trim(text, characters=_SPACE)
    error = pc.is_in(trimmed, value_set=pa.array(ERRORS))
    blank = pc.or_(pc.is_in(trimmed, value_set=_BLANK), error)
    values = pc.if_else(pc.fill_null(blank, True), pa.scalar(None, pa.string()), trimmed)
    why = _bad(error, SPREADSHEET_ERROR, _none(len(text))) if pc.any(error).as_py() else _none(len(text))
    return _Read(values, why)


def _text(text: pa.Array) -> _Read:
    """Like `_plain`, without what cannot be seen. A date or a number that holds such a thing is none."""
    read = _plain(text)
    return _without_unseen(read) if _may_hold_unseen(read.values) else read


def _may_hold_unseen(text: pa.Array) -> bool:
    """Whether any byte of a column is none of a plain letter's: nearly free, and most columns end here."""
    letters = text.buffers()[2]
    if letters is None or not letters.size:
        return False
    met = pc.min_max(pa.Array.from_buffers(pa.uint8(), letters.size, [None, letters])).as_py()
    return bool(met["min"] < ord(" ") or met["max"] >= _DELETE)


def _without_unseen(read: _Read) -> _Read:
    odd = pc.fill_null(pc.match_substring_regex(read.values, _UNSEEN), False)
    if not pc.any(odd).as_py():
        return read
    seen = pc.utf8_trim(pc.replace_substring_regex(read.values, _UNSEEN, ""), characters=_SPACE)
    values = pc.if_else(pc.equal(seen, ""), pa.scalar(None, pa.string()), seen)
    return _Read(values, _bad(odd, UNSEEN, read.why))


def _bare(text: pa.Array) -> _Read:
    """Like `_plain`, with the blanks that only a date, number or flag can mean."""
    read = _plain(text)
    blank = pc.is_in(pc.utf8_lower(read.values), value_set=_BLANK_UNLESS_TEXT)
    return _Read(pc.if_else(blank, pa.scalar(None, pa.string()), read.values), read.why)


def _dates(text: pa.Array) -> _Read:
    bare = _bare(text)
    value = bare.values
    parts = [pc.extract_regex(value, pattern) for pattern in (_YEAR_FIRST, _DAY_FIRST)]
    year, month, day = (
        pc.coalesce(*[pc.struct_field(part, name) for part in parts]) for name in ("year", "month", "day")
    )
    year, month, day = pc.cast(year, pa.int32()), _month(month), pc.cast(day, pa.int32())
    exists = pc.and_(pc.greater_equal(day, 1), pc.less_equal(day, _days_in(month, year)))
    iso = pc.binary_join_element_wise(_padded(year, 4), _padded(month, 2), _padded(day, 2), "-")
    dates = pc.cast(pc.if_else(pc.fill_null(exists, False), iso, pa.scalar(None, pa.string())), pa.date32())
    sentinel = pc.fill_null(pc.is_in(dates, value_set=pa.array(SENTINELS, pa.date32())), False)
    out = pc.and_(pc.or_(pc.less(year, _FIRST_YEAR), pc.greater_equal(year, _LAST_YEAR)), pc.invert(sentinel))
    written = pc.and_(pc.is_valid(value), pc.is_null(bare.why))
    why = _bad(pc.and_(written, pc.match_substring_regex(value, _SHORT_YEAR)), TWO_DIGIT_YEAR, bare.why)
    why = _bad(pc.and_(written, pc.is_null(year)), NOT_A_DATE, why)
    why = _bad(pc.and_(written, pc.is_null(dates)), NO_SUCH_DATE, why)
    why = _bad(out, YEAR_CANNOT_BE, why)
    gone = pc.or_(pc.is_valid(why), sentinel)
    return _Read(pc.if_else(gone, pa.scalar(None, pa.date32()), dates), why, sentinel)


def _month(text: pa.Array) -> pa.Array:
    """The month's number; null for a word that is no month, 13 and over as they stand."""
    lower = pc.utf8_lower(text)
    worded = pc.match_substring_regex(lower, _MONTH_WORDS)
    named = pc.add(pc.index_in(pc.utf8_slice_codeunits(lower, 0, 3), value_set=_MONTHS), 1)
    digits = pc.if_else(pc.match_substring_regex(text, r"^\d+$"), text, pa.scalar(None, pa.string()))
    return pc.coalesce(pc.cast(digits, pa.int32()), pc.if_else(worded, named, pa.scalar(None, pa.int32())))


def _days_in(month: pa.Array, year: pa.Array) -> pa.Array:
    """How many days the month has; 0 where there is no such month."""
    leap = pc.or_(pc.and_(_divides(4, year), pc.invert(_divides(100, year))), _divides(400, year))
    february = pc.if_else(leap, 29, 28)
    short = pc.is_in(month, value_set=pa.array([4, 6, 9, 11], pa.int32()))
    days = pc.if_else(pc.equal(month, 2), february, pc.if_else(short, 30, 31))
    real = pc.and_(pc.greater_equal(month, 1), pc.less_equal(month, 12))
    return pc.if_else(real, days, 0)


def _divides(divisor: int, number: pa.Array) -> pa.Array:
    return pc.equal(pc.multiply(pc.divide(number, divisor), divisor), number)


def _padded(number: pa.Array, width: int) -> pa.Array:
    return pc.utf8_lpad(pc.cast(number, pa.string()), width=width, padding="0")


def _integers(text: pa.Array) -> _Read:
    bare = _bare(text)
    whole = pc.match_substring_regex(bare.values, r"^[+-]?\d{1,15}(\.0*)?$")
    digits = pc.replace_substring_regex(bare.values, r"^\+|\.0*$", "")
    values = pc.cast(pc.if_else(whole, digits, pa.scalar(None, pa.string())), pa.int64())
    return _Read(values, _bad(pc.invert(whole), NOT_WHOLE, bare.why))


def _reals(text: pa.Array) -> _Read:
    bare = _bare(text)
    number = pc.match_substring_regex(bare.values, r"^[+-]?(\d{1,15}(\.\d*)?|\.\d+)$")
    digits = pc.replace_substring_regex(bare.values, r"^\+", "")
    values = pc.cast(pc.if_else(number, digits, pa.scalar(None, pa.string())), pa.float64())
    return _Read(values, _bad(pc.invert(number), NOT_A_NUMBER, bare.why))


def _flags(text: pa.Array) -> _Read:
    bare = _bare(text)
    lower = pc.utf8_lower(bare.values)
    yes, no = pc.is_in(lower, value_set=_YES), pc.is_in(lower, value_set=_NO)
    unsaid = pc.equal(lower, "u")
    values = pc.if_else(yes, pa.scalar("Y"), pc.if_else(no, pa.scalar("N"), pa.scalar(None, pa.string())))
    odd = pc.and_(pc.is_valid(bare.values), pc.invert(pc.or_(pc.or_(yes, no), unsaid)))
    return _Read(values, _bad(odd, NOT_A_FLAG, bare.why))


def _coded(text: pa.Array, list_name: str) -> _Read:
    """Codes as the list writes them, from the code, 'CODE - words' or the words; others kept and told."""
    plain = _text(text)
    spellings = _spellings(list_name)
    upper = pc.utf8_upper(plain.values)
    code = pc.struct_field(pc.extract_regex(upper, _CODE_FIRST), "code")
    keys = pa.array(list(spellings), pa.string())
    place = pc.coalesce(pc.index_in(upper, value_set=keys), pc.index_in(code, value_set=keys))
    known = pa.array(list(spellings.values()), pa.string()).take(place)
    strange = pc.and_(pc.is_valid(plain.values), pc.is_null(known))
    why = f"is not in the list of {list_name.replace('_', ' ')} codes; kept as it is"
    return _Read(pc.coalesce(known, plain.values), _bad(strange, why, plain.why))


@cache
def _spellings(list_name: str) -> Mapping[str, str]:
    spellings = {code.upper(): code for code in codes(list_name)}
    for code, meaning in codes(list_name).items():
        spellings.setdefault(meaning.upper(), code)
    return spellings


_READERS: Mapping[str, Callable[[pa.Array], _Read]] = {
    "text": _text,
    "date": _dates,
    "integer": _integers,
    "real": _reals,
    "flag": _flags,
}
