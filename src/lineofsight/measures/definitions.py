"""The catalogue: one folder a measure, `catalogue/<area>/<ID>/{measure.sql, measure.toml, spec.md}`.

`measure.toml` holds these keys, and no others (a strange key is refused, so that a typing error never
passes):

    id, title, sentence, why_it_matters, area, themes, author, checker, reviewed, next_review, source
    kind         count | percent | rate | median | mean | ratio (all values over all weights of the rows)
    unit         as shown after the value ("percent", "per 10,000", "children", "working days")
    counts       met | not met | all: which rows are the numerator
    better       higher | lower | neutral
    basis        stock (one row a child and month end) | flow (one row an event, in the month it fell)
    denominator  rows (rows that can be told) | population (children aged 0 to 17)
    among        the measure among whose rows these rows are, if any: what is hidden there is hidden here (optional)
    window       month | year: what a flow measure's headline covers (optional; month)
    timescales   keys of the policy that the SQL uses (optional)
    lait         the published measure it compares with, a LAIT code (optional)
    exception, exception_kind   whether rows not met are exceptions, of a child or a worker (optional)
    rows_of      children | workers | posts: what its rows are, where no exception says so (optional; children)
    headline     true for the measures shown first, whose lead writes three lines each month (optional; false)
    history      false where its tables hold the present alone, so that no earlier day can be told (optional; true)
    category     the title of what the column `category` of its rows tells, "Source of the contact" (optional)
    categories   the code list that gives its codes their words (optional)
    needs        {table = [columns]}: without these the answer is "not measured"
    rag          {green, amber, source, local} bounds of the value (optional)
"""

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

from lineofsight import policy, schema
from lineofsight.errors import PlainError

# Raised when the engine's own arithmetic or masking changes, so that old computations stay what they were.
ENGINE_VERSION = "3"

_CHOICES = {
    "kind": ("count", "percent", "rate", "median", "mean", "ratio"),
    "counts": ("met", "not met", "all"),
    "better": ("higher", "lower", "neutral"),
    "basis": ("stock", "flow"),
    "denominator": ("rows", "population"),
    "window": ("month", "year"),
    "exception_kind": ("child", "worker"),
    "rows_of": ("children", "workers", "posts"),
}
_REQUIRED = {
    "id": str,
    "title": str,
    "sentence": str,
    "why_it_matters": str,
    "area": str,
    "themes": list,
    "kind": str,
    "unit": str,
    "counts": str,
    "better": str,
    "basis": str,
    "denominator": str,
    "needs": dict,
    "author": str,
    "checker": str,
    "reviewed": date,
    "next_review": date,
    "source": str,
}
_OPTIONAL = {
    "among": str,
    "window": str,
    "timescales": list,
    "lait": str,
    "exception": bool,
    "exception_kind": str,
    "rows_of": str,
    "headline": bool,
    "history": bool,
    "category": str,
    "categories": str,
    "rag": dict,
}


@dataclass(frozen=True)
class Bands:
    """Where a value is green, amber or red. `green` and `amber` are the last values still of that colour."""

    green: float
    amber: float
    source: str
    local: bool


@dataclass(frozen=True)
class Definition:
    """One measure as the catalogue gives it; field by field as the head of this module says."""

    id: str
    title: str
    sentence: str
    why_it_matters: str
    area: str
    themes: tuple[str, ...]
    kind: str
    unit: str
    counts: str
    better: str
    basis: str
    denominator: str
    among: str | None
    window: str
    timescales: tuple[str, ...]
    lait: str | None
    exception: bool
    exception_kind: str
    needs: Mapping[str, tuple[str, ...]]
    rag: Bands | None
    author: str
    checker: str
    reviewed: date
    next_review: date
    source: str
    sql: str
    folder: Path
    category: str | None = None
    categories: str | None = None
    rows_of: str = "children"
    history: bool = True
    headline: bool = False

    @property
    def of_workers(self) -> bool:
        """Whether its rows are workers, or posts, and not children."""
        return self.exception_kind == "worker" or self.rows_of != "children"

    @property
    def optional_columns(self) -> frozenset[str]:
        """The columns of the row contract that not every measure gives, and this one does."""
        asked = {"category": self.category is not None, "weight": self.kind == "ratio"}
        return frozenset(name for name, given in asked.items() if given)

    @property
    def headline_window(self) -> str:
        """'month' or 'year': the window of the value shown first. A stock has no other than 'month'."""
        return self.window if self.basis == "flow" else "month"

    def rag_of(self, value: float | None) -> str | None:
        """'green', 'amber' or 'red' by the measure's bands; None without bands or value."""
        if value is None or self.rag is None:
            return None
        for colour, bound in (("green", self.rag.green), ("amber", self.rag.amber)):
            if value <= bound if self.better == "lower" else value >= bound:
                return colour
        return "red"


@dataclass(frozen=True)
class Catalogue(Mapping[str, Definition]):
    """Every measure by its id, in order of area and id, with the shared views their SQL stands on."""

    measures: Mapping[str, Definition]
    views: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, key: str) -> Definition:
        return self.measures[key]

    def __iter__(self) -> Any:
        return iter(self.measures)

    def __len__(self) -> int:
        return len(self.measures)

    @cached_property
    def hash(self) -> str:
        """SHA-256 over every measure's SQL and facts, the views, the code lists and the engine's version."""
        total = hashlib.sha256(f"engine {ENGINE_VERSION}\n".encode())
        parts = [(f"view {name}", sql.encode()) for name, sql in self.views.items()]
        for one in self.measures.values():
            parts.append((f"sql {one.id}", one.sql.encode()))
            parts.append((f"facts {one.id}", (one.folder / "measure.toml").read_bytes()))
        parts.append(("codes", (files(schema) / "codes.toml").read_bytes()))
        for name, content in sorted(parts):
            total.update(f"{name} {len(content)}\n".encode() + content)
        return total.hexdigest()

    def only(self, ids: list[str] | None) -> "Catalogue":
        """The same catalogue with these measures alone. Raises PlainError for an id that is not in it."""
        if ids is None:
            return self
        for one in ids:
            if one not in self.measures:
                raise PlainError(f"There is no measure called '{one}'.")
        kept = {name: one for name, one in self.measures.items() if name in ids}
        return Catalogue(MappingProxyType(kept), self.views)


def catalogue_folder() -> Path:
    """Where the shipped measures are."""
    return Path(str(files(__package__) / "catalogue"))


def views_folder() -> Path:
    """Where the shared views are."""
    return Path(str(files(__package__) / "views"))


@lru_cache(maxsize=4)
def load(folder: Path | None = None, views: Path | None = None) -> Catalogue:
    """Read and check the catalogue (default: the shipped one). Raises PlainError naming the wrong file."""
    where = folder or catalogue_folder()
    found: dict[str, Definition] = {}
    for path in sorted(where.glob("*/*/measure.toml")):
        one = read(path.parent)
        if one.id in found:
            raise PlainError(f"Two measures are called '{one.id}'.")
        found[one.id] = one
    for one in found.values():
        if wrong := _wrong_among(one, found):
            raise PlainError(f"{one.id}/measure.toml: {wrong}.")
    ordered = dict(sorted(found.items(), key=lambda item: (item[1].area, item[0])))
    return Catalogue(MappingProxyType(ordered), MappingProxyType(_views(views or views_folder())))


def read(folder: Path) -> Definition:
    """One measure's folder as a Definition. Raises PlainError naming what is wrong in it."""
    try:
        facts = tomllib.loads((folder / "measure.toml").read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise PlainError(f"{folder.name}/measure.toml is not a TOML file: {error}.") from None
    sql_file = folder / "measure.sql"
    if not sql_file.exists():
        raise PlainError(f"The measure '{folder.name}' has no measure.sql.")
    wrong = _wrong(facts, folder.name)
    if wrong:
        raise PlainError(f"{folder.name}/measure.toml: {wrong}.")
    rest = {name: facts[name] for name in _REQUIRED if name not in ("themes", "needs")}
    return Definition(
        **rest,
        themes=tuple(facts["themes"]),
        needs=MappingProxyType({table: tuple(columns) for table, columns in facts["needs"].items()}),
        among=facts.get("among"),
        window=facts.get("window", "month"),
        timescales=tuple(facts.get("timescales", ())),
        lait=facts.get("lait"),
        exception=facts.get("exception", False),
        exception_kind=facts.get("exception_kind", "child"),
        category=facts.get("category"),
        categories=facts.get("categories"),
        rows_of=facts.get("rows_of", "children"),
        history=facts.get("history", True),
        headline=facts.get("headline", False),
        rag=_bands(facts.get("rag")),
        sql=sql_file.read_text("utf-8").strip().rstrip(";"),
        folder=folder,
    )


def missing_words(missing: list[str] | tuple[str, ...]) -> str:
    """What a "not measured" lacks, as a plain sentence, from the names that `missing` holds."""
    told = []
    for name in missing:
        table, _, column = name.partition(".")
        known = schema.tables().get(table)
        if known is None:
            told.append(name)
        elif column:
            told.append(f"the column {column} of '{known.title}' ({table})")
        else:
            told.append(f"the table '{known.title}' ({table})")
    if not told:
        return "Nothing is missing."
    return f"Not measured: the extract lacks {' and '.join(filter(None, [', '.join(told[:-1]), told[-1]]))}."


def _wrong_among(one: Definition, found: Mapping[str, Definition]) -> str | None:
    """What is wrong with the measure this one says its rows are among; None when all is well."""
    passed, other = {one.id}, one
    while other.among is not None:
        if other.among not in found:
            return f"its rows are among those of '{other.among}', which is no measure"
        if found[other.among].basis != one.basis:
            return f"its rows are among those of {other.among}, which is no {one.basis}"
        if other.among in passed:
            return "its rows are among their own"
        passed.add(other.among)
        other = found[other.among]
    return None


def _views(folder: Path) -> dict[str, str]:
    """The shared views in order of their file names; '10_month_spans.sql' is the view `month_spans`."""
    return {
        path.stem.split("_", 1)[1] if path.stem[0].isdigit() else path.stem: path.read_text("utf-8").strip().rstrip(";")
        for path in sorted(folder.glob("*.sql"))
    }


def _bands(rag: Mapping[str, Any] | None) -> Bands | None:
    if rag is None:
        return None
    return Bands(float(rag["green"]), float(rag["amber"]), str(rag["source"]), bool(rag["local"]))


def _wrong(facts: Mapping[str, Any], folder: str) -> str | None:
    """The first thing wrong with these facts, in words; None when all is well."""
    for check in (_wrong_shape, _wrong_choice, _wrong_people, _wrong_needs, _wrong_rag, _wrong_fit):
        wrong = check(facts)
        if wrong:
            return wrong
    return None if facts["id"] == folder else f"its id is '{facts['id']}', not the folder's name"


def _wrong_shape(facts: Mapping[str, Any]) -> str | None:
    strange = sorted(set(facts) - set(_REQUIRED) - set(_OPTIONAL))
    if strange:
        return f"unknown keys: {', '.join(strange)}"
    missing = sorted(set(_REQUIRED) - set(facts))
    if missing:
        return f"missing keys: {', '.join(missing)}"
    for name, kind in {**_REQUIRED, **_OPTIONAL}.items():
        if name in facts and type(facts[name]) is not kind:
            return f"'{name}' is not a {kind.__name__}"
        if kind is str and name in facts and not facts[name].strip():
            return f"'{name}' is empty"
    return None


def _wrong_choice(facts: Mapping[str, Any]) -> str | None:
    for name, choices in _CHOICES.items():
        if name in facts and facts[name] not in choices:
            return f"'{name}' is '{facts[name]}'; it must be {', '.join(choices[:-1])} or {choices[-1]}"
    return None


def _wrong_people(facts: Mapping[str, Any]) -> str | None:
    if facts["author"].strip().casefold() == facts["checker"].strip().casefold():
        return "the author cannot be the checker"
    if facts["next_review"] <= facts["reviewed"]:
        return "the next review is not after the last one"
    return None


def _wrong_needs(facts: Mapping[str, Any]) -> str | None:
    for table, columns in facts["needs"].items():
        known = schema.tables().get(table)
        if known is None:
            return f"it needs a table nobody knows: {table}"
        for column in columns:
            if column not in {one.name for one in known.columns}:
                return f"it needs a column that {table} does not have: {column}"
    strange = sorted(set(facts.get("timescales", ())) - policy.load().keys())
    return f"no rule of the policy is called {', '.join(strange)}" if strange else None


def _wrong_rag(facts: Mapping[str, Any]) -> str | None:
    rag = facts.get("rag")
    if rag is None:
        return None
    if set(rag) != {"green", "amber", "source", "local"}:
        return "'rag' needs green, amber, source and local, and nothing else"
    if facts["better"] == "neutral":
        return "a measure that is better neither high nor low cannot be red or green"
    ordered = rag["green"] <= rag["amber"] if facts["better"] == "lower" else rag["green"] >= rag["amber"]
    return None if ordered else "green and amber are the wrong way round"


def _wrong_fit(facts: Mapping[str, Any]) -> str | None:
    if (facts["kind"] == "rate") != (facts["denominator"] == "population"):
        return "a rate has the population as its denominator, and nothing else has"
    if facts["kind"] == "percent" and facts["counts"] == "all":
        return "a percentage of all rows is always 100"
    if facts.get("window") == "year" and facts["basis"] == "stock":
        return "a stock has no year: it is counted at a month's end"
    if not re.fullmatch(r"[A-Z][A-Z0-9]{2,7}", facts["id"]):
        return "its id is not capital letters and digits, like CP10"
    if "exception_kind" in facts and not facts.get("exception", False):
        return "it has a kind of exception but is not one"
    if facts.get("exception", False) and "rows_of" in facts:
        return "what its rows are is said by its kind of exception"
    if not facts.get("history", True) and facts["basis"] == "flow":
        return "what has no history has no months to count events in"
    if "categories" in facts and "category" not in facts:
        return "it has a code list for a category that has no title"
    if "categories" in facts and facts["categories"] not in schema.code_lists():
        return f"no code list is called '{facts['categories']}'"
    return None
