"""Column headings: forgiving of case, spaces and byte-order marks; enough to tell what a file holds."""

import re
from collections.abc import Mapping, Sequence
from functools import cache

from lineofsight.schema.layout import not_loaded, tables

_SEPARATORS = re.compile(r"[\s\-]+")
_UNSEEN = re.compile("[\ufeff\u200b\u200c\u200d\u00ad\"']")

# Below this, a file that merely shares a word with a table would be taken for it.
_ENOUGH = 2


def heading(raw: str) -> str:
    """A heading as the schema writes it: ' Pers Person ID' becomes 'pers_person_id'."""
    seen = _UNSEEN.sub("", raw.replace("\u00a0", " ")).strip()
    return _SEPARATORS.sub("_", seen).strip("_").lower()


def recognise(headings: Sequence[str]) -> str | None:
    """The table whose columns these headings are, or None. Takes headings already passed through `heading`.

    SSD columns carry their table's own prefix, so the table with most headings in the file is the one. It
    needs two of them, and at least a third of the file's headings must be its own.
    """
    votes: dict[str, int] = {}
    for name in set(headings):
        owner = _owners().get(name)
        if owner:
            votes[owner] = votes.get(owner, 0) + 1
    if not votes:
        return None
    best = max(votes, key=lambda table: votes[table])
    named = [name for name in headings if name]
    return best if votes[best] >= _ENOUGH and votes[best] * 3 >= len(named) else None


def recognised(table_name: str, headings: Sequence[str]) -> str:
    """Why a file with these headings, as written, was taken for the table: one sentence without its full stop."""
    named = [name for name in map(heading, headings) if name]
    own = sum(_owners().get(name) == table_name for name in named)
    those = f"all {own} of its headings" if own == len(named) else f"{own} of its {len(named)} headings"
    return f"{those} are columns of {table_name}"


def recognise_not_loaded(file_name: str) -> str | None:
    """The SSD table we do not load that a file is named after, or None."""
    stem = heading(file_name.rsplit("/", 1)[-1].rsplit(".", 1)[0])
    return stem if stem in not_loaded() else None


@cache
def _owners() -> Mapping[str, str]:
    return {column.name: table.name for table in tables().values() for column in table.columns}
