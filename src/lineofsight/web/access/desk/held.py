"""Everything this home holds of one child: raw tables, chronology, what was computed, who looked, what was typed.

For a subject access request. It reads what no page reads (the tables as they were loaded), so only the export may ask.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
from django.apps import apps
from django.db import models

from lineofsight import clock, schema
from lineofsight.lake import Lake, Snapshot
from lineofsight.measures import definitions
from lineofsight.schema import Table
from lineofsight.schema.belonging import ALSO, LINKED, OF_NO_CHILD
from lineofsight.web.access.chain import told
from lineofsight.web.access.desk import wording
from lineofsight.web.access.models import ChainChild, ChainEvent, ChainShown, Person
from lineofsight.web.access.offices import offices

# Keyed hashes that index the log: what they say is told by the list of who looked.
_INDEXES = (ChainChild, ChainShown)

# How a row says that it was made from a child's page: frozen evidence, a finding.
_OF_A_PAGE = (("kind", "key"), ("from_kind", "from_key"))

_CHRONOLOGY = {
    "on": "Date",
    "ended_on": "Until",
    "title": "What happened",
    "detail": "Detail",
    "team_name": "Team",
    "worker_name": "Worker",
    "source_table": "Table it comes from",
}
_EXCEPTION = {
    "owed_since": "Owed since",
    "first_seen": "First known",
    "state": "State",
    "reason": "Why",
    "days_over": "Working days over",
}
_ROW = {
    "as_at": "As at",
    "due_on": "Due",
    "done_on": "Done",
    "met": "As hoped",
    "value": "Value",
    "reason": "Why",
}
Cell = str


@dataclass(frozen=True)
class Part:
    """One table of the export: its name as a file, its title, a note, headings and rows of text."""

    name: str
    title: str
    group: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""

    @property
    def shown(self) -> list[tuple[str, list[Cell]]]:
        """For the page: each column that is not empty throughout, with its cells."""
        columns = [(words, [row[at] for row in self.rows]) for at, words in enumerate(self.columns)]
        return [(words, cells) for words, cells in columns if any(cells)]

    @property
    def lines(self) -> list[list[Cell]]:
        """For the page: the rows without the columns that are empty throughout."""
        cells = [cells for _, cells in self.shown]
        return [[column[at] for column in cells] for at in range(len(self.rows))]


def everything(lake: Lake, snapshot: Snapshot, person_id: str, key: str) -> list[Part]:
    """Every part that holds something, in the order a reader wants them: records merged into the child's too."""
    merges = lake.merges(snapshot)
    went = merges.filter((pc.field("kept_key") == key) & ~pc.field("refused"))
    ids = [person_id, *went["gone_id"].to_pylist()]
    keys = [key, *went["gone_key"].to_pylist()]
    parts = [
        *_loaded(lake, snapshot, ids),
        _chronology(lake, snapshot, key),
        *_computed(lake, snapshot, key),
        _lookers(keys),
        *_typed(keys),
    ]
    return [part for part in parts if part.rows]


def _loaded(lake: Lake, snapshot: Snapshot, ids: Sequence[str]) -> Iterator[Part]:
    """The rows of every table as loaded that are about the person, codes with their words."""
    files = lake.tables(snapshot)
    found: dict[str, pa.Table] = {}
    for name in [*(one for one in schema.tables() if one not in LINKED), *LINKED]:
        if name in files and name not in OF_NO_CHILD:
            found[name] = _rows_about(files[name], name, ids, found)
    layouts = schema.tables()
    for name in sorted(found, key=lambda name: (name != "ssd_person", name.startswith("side_"), layouts[name].title)):
        yield _as_loaded(layouts[name], found[name])


def _rows_about(file: ds.Dataset, name: str, ids: Sequence[str], found: Mapping[str, pa.Table]) -> pa.Table:
    if name in LINKED:
        column, parent, of_parent = LINKED[name]
        if parent not in found:
            return file.schema.empty_table()
        parents = pc.drop_null(pc.unique(found[parent][of_parent]))
        return file.to_table(filter=pc.field(column).isin(parents))
    column = schema.tables()[name].person_column or ""
    about = pc.field(column).isin(ids)
    if name in ALSO:
        about = about | pc.field(ALSO[name]).isin(ids)
    return file.to_table(filter=about)


def _as_loaded(layout: Table, rows: pa.Table) -> Part:
    columns = [column for column in layout.columns if column.name in rows.column_names]
    lists = {column.name: schema.codes(column.codes) for column in columns if column.codes}
    cells = [[_coded(row[column.name], lists.get(column.name)) for column in columns] for row in rows.to_pylist()]
    return Part(layout.name, layout.title, "Records as they were loaded", [one.description for one in columns], cells)


def _chronology(lake: Lake, snapshot: Snapshot, key: str) -> Part:
    titles = {name: layout.title for name, layout in schema.tables().items()}
    rows = []
    for row in lake.events(snapshot, key).to_pylist():
        row["source_table"] = titles.get(row["source_table"], row["source_table"])
        rows.append([_text(row[name]) for name in _CHRONOLOGY])
    return Part("chronology", "Chronology", "What happened, in order", list(_CHRONOLOGY.values()), rows)


def _computed(lake: Lake, snapshot: Snapshot, key: str) -> Iterator[Part]:
    """What the measures counted of the child: what was owed and not done, and every row behind a number."""
    computation = lake.computation(snapshot)
    if computation is None:
        return
    group = "What was worked out from the records"
    titles = {slug: one.title for slug, one in definitions.load().items()}
    for name, title, columns in (
        ("exceptions", "Owed and not done", _EXCEPTION),
        ("rows", "Counted in a measure", _ROW),
    ):
        found = lake.read(computation, name, where=pc.field("child_key") == key)
        held = {column: words for column, words in columns.items() if column in found.column_names}
        rows = [
            [titles.get(row["measure"], row["measure"]), *[_text(row[column]) for column in held]]
            for row in found.to_pylist()
        ]
        yield Part(name, title, group, ["Measure", *held.values()], rows)
    if computation.keeps("ten_reasons"):
        why = lake.read(computation, "ten_reasons", where=pc.field("child_key") == key).to_pylist()
        told_of = [[_text(row["since"]), _text(row["reason"])] for row in why]
        yield Part("ten_reasons", "Reasons to talk about the child this month", group, ["Since", "Why"], told_of)


def _lookers(keys: Sequence[str]) -> Part:
    """Every event of the log that showed the child: when, which office, what was done, and why. No names of staff."""
    places = dict(ChainChild.objects.filter(child_key__in=keys).values_list("sequence", "place"))
    rows = []
    for event in ChainEvent.objects.filter(sequence__in=list(places)).order_by("sequence").iterator(2_000):
        telling = told(event)
        office = offices().get(telling.office) if telling else None
        others = len(telling.children) - 1 if telling else 0
        rows.append(
            [
                _text(wording.local(event.at)),
                office.title if office else (telling.office if telling else "No longer held"),
                wording.action_words(event.action),
                f"together with {wording.children(others)}" if others else "",
                wording.purpose_words(telling.purpose) if telling else "",
            ]
        )
    note = "People are given by the office they acted in."
    columns = ["When", "Office", "What was done", "Beside", "Why"]
    return Part("who-looked", "Who looked at this child’s record here", "Who looked", columns, rows, note)


def _typed(keys: Sequence[str]) -> Iterator[Part]:
    """Every row kept by one of the child's keys, of whatever kind; people by office, never by name."""
    for model in apps.get_models():
        fields = {field.name: field for field in model._meta.concrete_fields}
        if model in _INDEXES:
            continue
        if "child_key" in fields:
            yield _kept(model, model._default_manager.filter(child_key__in=keys))
        for name in (name for name, field in fields.items() if _is_of_a_child(field)):
            yield _kept(model, model._default_manager.filter(**{f"{name}__child_key__in": keys}))
        for kind, key in _OF_A_PAGE:
            if kind in fields and isinstance(fields.get(key), models.CharField):
                yield _kept(model, model._default_manager.filter(**{kind: "child", f"{key}__in": keys}))


def _is_of_a_child(field: models.Field[Any, Any]) -> bool:
    """Whether a field leads to a row that is kept by a child's key."""
    of = field.related_model
    return (
        isinstance(of, type)
        and issubclass(of, models.Model)
        and any(one.name == "child_key" for one in of._meta.concrete_fields)
    )


def _kept(model: type[models.Model], rows: models.QuerySet[Any]) -> Part:
    shown = [field for field in model._meta.concrete_fields if _tells(field)]
    title = str(model._meta.verbose_name)
    return Part(
        str(model._meta.model_name),
        title[:1].upper() + title[1:],
        "Kept here by hand or by the system",
        [str(field.verbose_name).capitalize() for field in shown],
        [[_text(getattr(row, field.name)) for field in shown] for row in rows],
    )


def _tells(field: models.Field[Any, Any]) -> bool:
    """Whether a field says something of the child: no key of ours, and nobody's name."""
    if field.primary_key or field.name in ("child_key", "key", "digest", "holding", "siblings"):
        return False
    return not (field.is_relation or field.name.endswith(("_key", "_by_name")) or field.related_model is Person)


def _coded(value: Any, words: Mapping[str, str] | None) -> Cell:
    """A cell as loaded: a code with its words, JSON as its parts, anything else as it stands."""
    said = words.get(str(value)) if words and value is not None else None
    if said and said != str(value):
        return f"{value}: {said}"
    return _parts(value) if isinstance(value, str) and value[:1] in "[{" else _text(value)


def _parts(text: str) -> Cell:
    try:
        told = json.loads(text)
    except ValueError:
        return text
    if isinstance(told, dict):
        held = {name: _text(value) for name, value in told.items()}
        return "; ".join(f"{name.replace('_', ' ').lower()}: {said}" for name, said in held.items() if said)
    return _text(told) if isinstance(told, list) else text


def _text(value: Any) -> Cell:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return wording.moment(value.astimezone(clock.LONDON))
    if isinstance(value, date):
        return wording.day(value)
    if isinstance(value, float):
        return f"{value:,.1f}".removesuffix(".0")
    if isinstance(value, Mapping):
        return "; ".join(filter(None, map(_text, value.values())))
    if isinstance(value, list | tuple):
        return ", ".join(map(_text, value))
    return str(value)
