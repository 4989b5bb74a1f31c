"""Case files for checking by hand: `python -m tests.world.case_files SEED DIR`.

Twenty children of the world of 5,000 people, so chosen that every kind of history is there; those of by_hand.toml
again, where it is of the same seed. Of each a plain text with the rows of every extract that tell what is owed to the
child, as the case system gave them, and nothing of what the product made of them. Somebody who has not read the code
writes down from these and the written definitions (docs/reference/measures.md, the spec.md beside each measure) what
was owed to each child in each month. That stands in tests/world/by_hand.toml, for which an empty form is written beside
the case files.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.world import by_hand, living, making, oracle
from tests.world.choosing import chosen
from tests.world.making import MONTHS, World
from tests.world.tables import NOT_EVENTS, event_ids

from lineofsight import schema

PEOPLE = 5_000

# What a measure of exceptions reads of a child, in the order in which a person would ask; then of the child's workers.
ABOUT_A_CHILD = (
    "ssd_person",
    "ssd_early_help_episodes",
    "ssd_cin_episodes",
    "ssd_cp_plans",
    "ssd_cp_reviews",
    "ssd_cp_visits",
    "ssd_cla_episodes",
    "ssd_legal_status",
    "ssd_cla_placement",
    "side_placement_approval",
    "ssd_cla_reviews",
    "ssd_cla_visits",
    "ssd_involvements",
    "side_oversight",
    "side_merged_record",
)
ABOUT_A_WORKER = {
    "ssd_professionals": "prof_professional_id",
    "side_registration": "regi_worker_id",
    "side_absence": "abse_worker_id",
}
# Tables that name no person: by which of their columns, and by which column of which table that is the child's.
_BY_ANOTHER = {
    "ssd_cla_reviews": ("clar_cla_id", "ssd_cla_episodes", "clae_cla_id"),
    "side_placement_approval": ("plap_placement_id", "ssd_cla_placement", "clap_cla_placement_id"),
}
# Nothing that is owed hangs by these, and they make a line long.
_SPARED = re.compile(
    "forename|surname|gender|ethnicity|common_child|nationality|upn|mother|send_flag|staff_id|caseload|department"
    "|equivalency|agency|source_code|source_desc|outcome_json|need_code|category|quorate|participation|bedroom|alone"
    "|urn|distance|provider|postcode|worker_change|entered_care|iro_contact|dbs|number|change_reason|opened"
)
# The days on which what a worker's row tells is over: what was over before the first extract is left out.
_OVER = {"ssd_involvements": "invo_involvement_end_date", "side_registration": "regi_valid_until",
         "side_absence": "abse_end_date"}  # fmt: skip

Tables = Mapping[str, list[dict[str, str]]]
Rows = Counter[str]


def case_file(world: World, child: str) -> str:
    """One child's case file."""
    records = {child} | {merge.gone for merge in world.merges if _last(world, merge.gone) == child}
    lines = [_heading(child, records)]
    before: dict[str, Rows] = {}
    for number, folder in enumerate(world.months, 1):
        tables = _tables(folder)
        lines.append(f"\n{'=' * 100}\nThe extract as at {world.as_at(number):%-d %B %Y}\n")
        for name in (*ABOUT_A_CHILD, *(ABOUT_A_WORKER if "ssd_involvements" in tables else ())):
            if name not in tables and name in before:
                lines.append(f"{_title(name)}: the table is not in this extract.")
                continue
            now = Counter(_told(name, tables, records, world.as_at(1).isoformat()))
            lines.extend(_changes(name, now, before.get(name)))
            before[name] = now
    return "\n".join(lines) + "\n"


def _heading(child: str, records: set[str]) -> str:
    several = (
        f" Other records of the same child at one time or another: {', '.join(sorted(records - {child}))}.\n"
        "Until an extract tells that two records were merged (side_merged_record), each stands for itself."
    )
    return (
        f"Child {child}.{several if len(records) > 1 else ''}\n\n"
        "The first extract in full; after it what is new (+) and what is no longer so (-). Left out: ids of events,\n"
        "for they are others every month; columns by which nothing is owed; empty values; of workers all who were\n"
        "involved before the first extract only, and what was over before it."
    )


def _changes(name: str, now: Rows, before: Rows | None) -> Iterator[str]:
    gone, new = ((before or Counter()) - now, now - (before or Counter()))
    if not gone and not new:
        return
    yield f"{_title(name)}:"
    for mark, rows in (("-", gone), ("+", new)):
        for row in sorted(rows.elements()):
            yield f"  {mark if before is not None else ' '} {row}"


def _told(name: str, tables: Tables, records: set[str], first: str) -> Iterator[str]:
    """The child's rows of one table, each in a line."""
    known = schema.tables()[name]
    hidden = {*event_ids(name), *(NOT_EVENTS - {"invo_professional_role_id"})}
    if len(records) == 1 and known.person_column:
        hidden.add(known.person_column)
    for row in _rows(name, tables, records, first):
        shown = [
            f"{column.removeprefix(column.split('_')[0] + '_')} {_in_words(column, value, tables)}"
            for column, value in row.items()
            if value and column not in hidden and not _SPARED.search(column)
        ]
        yield "; ".join(shown)


def _rows(name: str, tables: Tables, records: set[str], first: str) -> Iterator[dict[str, str]]:
    person = schema.tables()[name].person_column
    if name in ABOUT_A_WORKER:
        involved = [row for row in _rows("ssd_involvements", tables, records, first) if not _over(row, first)]
        column, wanted = ABOUT_A_WORKER[name], {row["invo_professional_id"] for row in involved}
    elif name in _BY_ANOTHER:
        column, other, key = _BY_ANOTHER[name]
        wanted = {row[key] for row in _rows(other, tables, records, first) if row[key]}
    else:
        assert person is not None
        column, wanted = person, records
    mine = (row for row in tables.get(name, []) if row[column] in wanted)
    return (row for row in mine if name not in ABOUT_A_WORKER or not _over(row, first))


def _over(row: dict[str, str], first: str) -> bool:
    """Whether what a row tells of a worker was over before the first extract."""
    return any(row.get(column) and row[column] < first for column in _OVER.values())


def _in_words(column: str, value: str, tables: Tables) -> str:
    """A team by its name, beside its id."""
    if column.endswith("_team"):
        names = {row["dept_team_id"]: row["dept_team_name"] for row in tables["ssd_department"]}
        return f"{value} ({names.get(value, 'not in the list of teams')})"
    return value


def _title(name: str) -> str:
    return f"{schema.tables()[name].title} ({name})"


def _last(world: World, record: str) -> str:
    into = {merge.gone: merge.kept for merge in world.merges}
    while record in into:
        record = into[record]
    return record


_read: dict[Path, Tables] = {}


def _tables(folder: Path) -> Tables:
    if folder not in _read:
        _read[folder] = oracle.read(folder)
    return _read[folder]


def main(seed: int, directory: Path) -> None:
    """Make the world, live through it, choose the children and write their files."""
    directory.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as place:
        world = making.make(Path(place) / "extracts", people_known=PEOPLE, seed=seed)
        life = living.live(world, Path(place) / "home")
        files = {child: case_file(world, child) for child in by_hand.checked_before(seed) or chosen(life)}
    for number, (child, text) in enumerate(files.items(), 1):
        (directory / f"{number:02}-{child}.txt").write_text(text, "utf-8")
    (directory / by_hand.FILE.name).write_text(by_hand.form(seed, PEOPLE, files), "utf-8")
    print(f"{len(files)} case files over {MONTHS} months are in {directory}, with by_hand.toml to be filled in.")


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
