"""Whose row an issue is about: so that the cells of a restricted record are told from the others (rule 7.3).

What is known is the row of the file. The rows that were kept say whom they are about; of one that was not kept, or
that hangs by another table's row, it is not known, and that is said too.
"""

from collections.abc import Collection, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight import schema
from lineofsight.keys import Keyring
from lineofsight.schema import Issue, belonging
from lineofsight.schema.conforming import HEADER_AGAIN
from lineofsight.sources import Extract, SourceTable

NOT_SHOWN = "not shown: a restricted record"
NOT_TOLD = "not shown: it cannot be told whose row this is, and some records are restricted"


def child_keys(extract: Extract, keys: Keyring, authority: str) -> list[str | None]:
    """For each issue of the extract the key of the child its row is about, None where it is of none or not known."""
    found: list[str | None] = [None] * len(extract.issues)
    for name, source in extract.tables.items():
        places = [place for place, one in enumerate(extract.issues) if one.table == name and one.row is not None]
        people = _people_at(source, [extract.issues[place] for place in places])
        for place, person in zip(places, people, strict=True):
            found[place] = keys.child_key(authority, person) if person else None
    return found


def may_be_of_a_child(issue_table: pa.Table) -> pa.Array:
    """Which of the issues (lake.issues.SCHEMA) stand on a row that may be a child's: every one but those about a
    whole file or column, those of tables of staff and teams, and headings that stand again among the rows."""
    staff = pc.is_in(issue_table["table"], value_set=pa.array(sorted(belonging.OF_NO_CHILD)))
    heading = pc.starts_with(issue_table["why"], HEADER_AGAIN)
    return pc.and_(pc.is_valid(issue_table["row"]), pc.invert(pc.or_(staff, heading)))


def hidden(issue_table: pa.Table, withheld: Collection[str]) -> pa.Array:
    """Why each of the issues is not shown to whom the children `withheld` are withheld from; blank where it is."""
    if not withheld:
        return pa.repeat(pa.scalar(""), issue_table.num_rows)
    keys = issue_table["child_key"].combine_chunks()
    of_restricted = pc.is_in(keys, value_set=pa.array(sorted(withheld), pa.string()))
    not_known = pc.and_(pc.is_null(keys), may_be_of_a_child(issue_table).combine_chunks())
    return pc.case_when(pc.make_struct(of_restricted, not_known), NOT_SHOWN, NOT_TOLD, "")


def _people_at(source: SourceTable, issues: Sequence[Issue]) -> list[str | None]:
    column = schema.tables()[source.name].person_column
    if column is None or source.rows is None:
        return [None] * len(issues)
    asked = pa.array([one.row for one in issues], source.rows.type)
    places = pc.index_in(asked, value_set=source.rows)
    return [None if one is None else str(one) for one in source.table[column].combine_chunks().take(places).to_pylist()]
