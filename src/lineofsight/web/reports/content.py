"""What a pack says: every figure, what has changed, what is unallocated, commitments, and how it was made.

It is written for an office, not for a person: the same words whoever makes it. No child's name, key or ref is in
it, at any level; what an office sees beyond this is asked of the practice room when the page is opened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow.compute as pc
from dateutil.relativedelta import relativedelta

from lineofsight import policy
from lineofsight.measures import benchmark, disclosure
from lineofsight.measures.definitions import Definition
from lineofsight.web.access.house import home_in_use
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.commitments.models import OccurrenceHolder, State
from lineofsight.web.commitments.protocol import in_force
from lineofsight.web.practice import charts, wording
from lineofsight.web.practice.queries import figures, measures
from lineofsight.web.practice.queries.figures import Series
from lineofsight.web.practice.queries.ledger import UNALLOCATED
from lineofsight.web.practice.queries.standing import Standing, catalogue, team_name
from lineofsight.web.reports import counting, lines, ten
from lineofsight.web.reports.models import Release
from lineofsight.web.reports.standings import reader

FORMAT = 1


@dataclass(frozen=True)
class Built:
    """What a pack is made of: its content, and the digests of the children behind each figure."""

    content: dict[str, Any]
    rows: dict[str, Any]


def build(office: str, month: date, stand: Standing, earlier: Sequence[str] = ()) -> Built:
    """The pack of `office` for `month` on one computation. `earlier` says how the last pack's figures stand now."""
    viewer = reader(office)
    told, rows = [], {}
    for key, series in figures.authority(stand, viewer.level).items():
        definition = catalogue()[key]
        found = counting.behind(stand, definition)
        told.append(_figure(stand, viewer, definition, series))
        rows[key] = counting.digests(definition, found)
    told.sort(key=lambda one: (_along(one["area"]), one["measure"]))
    content = {
        "format": FORMAT,
        "office": office,
        "office_title": viewer.office_title,
        "level": viewer.level,
        "month": month.isoformat(),
        "authority": stand.snapshot.authority,
        "authority_name": stand.snapshot.authority_name,
        "synthetic": stand.snapshot.synthetic,
        "as_at": stand.as_at.isoformat(),
        "loaded_at": stand.snapshot.loaded_at.isoformat(),
        "snapshot": stand.snapshot.id,
        "computation": stand.computation.id,
        "policy": stand.computation.policy_hash,
        "definitions": stand.computation.definitions_hash,
        "lead": _lead(told),
        "unallocated": _unallocated(stand, viewer, told),
        "changes": [_change(one) for one in told if one["tone"] != "none" and one["status"] == "measured"],
        "earlier": list(earlier),
        "figures": told,
        "comparators_source": benchmark.SOURCE,
        "released": [_release(one) for one in released(office, month)],
        "ten": ten.part(office, month, stand),
        "lines": lines.part(office, month, stand),
        "commitments": _commitments(office, stand.as_at),
    }
    return Built(content, rows)


def released(office: str, month: date) -> list[Release]:
    """The texts that stand released to an office for a month, the first one first."""
    return list(Release.objects.filter(office=office, month=month, taken_back_at=None))


def _along(area: str) -> int:
    """Where an area stands on the child's journey."""
    return measures.JOURNEY.index(area) if area in measures.JOURNEY else len(measures.JOURNEY)


def _figure(stand: Standing, viewer: Viewer, definition: Definition, series: Series) -> dict[str, Any]:
    """One measure, frozen: its numbers, its words, its series, and what it was counted by."""
    line = measures.line_of(stand, viewer, definition, series, None, None)
    headline, drawn = series.headline, measures.chart_series(definition, series, line.signal)
    return {
        "measure": definition.id,
        "title": definition.title,
        "area": definition.area,
        "kind": definition.kind,
        "counts": definition.counts,
        "denominator_is": definition.denominator,
        "unit": definition.unit,
        "window": definition.headline_window,
        "as_at": headline.as_at.isoformat(),
        "status": "measured" if headline.measured else "not measured",
        "hidden": headline.hidden,
        "missing": list(headline.missing),
        "numerator": headline.numerator,
        "denominator": headline.denominator,
        "unknown": headline.unknown,
        "value": headline.value,
        "value_words": line.value,
        "of_words": line.of,
        "sentence": f"{measures.answer(stand, viewer, definition, headline)} {line.older}".strip(),
        "change": line.change,
        "tone": line.tone,
        "signal": line.signal.sentence if headline.measured and not headline.hidden else "",
        "england": line.england,
        "neighbours": line.neighbours,
        "comparators_year": line.comparators.label or "",
        "why": definition.why_it_matters,
        "source": definition.source,
        "chart": _chart(drawn),
    }


def _chart(drawn: charts.Series) -> dict[str, Any]:
    """A series as JSON, from which `rendering.chart_of` draws the same chart again."""
    return {
        "title": drawn.title,
        "description": drawn.description,
        "readings": [[one.on.isoformat(), one.value] for one in drawn.readings],
        "limits": [drawn.limits.centre, drawn.limits.lower, drawn.limits.upper] if drawn.limits else None,
        "changed_on": drawn.changed_on.isoformat() if drawn.changed_on else None,
        "tone": drawn.tone,
        "ceiling": drawn.ceiling,
        "says_month": drawn.says_month,
    }


def _change(figure: Mapping[str, Any]) -> dict[str, str]:
    of = f" ({figure['of_words']})" if figure["of_words"] else ""
    said = f"{figure['value_words']}{of}. {figure['signal']}"
    return {"measure": figure["measure"], "title": figure["title"], "tone": figure["tone"], "sentence": said}


def _lead(told: Sequence[Mapping[str, Any]]) -> str:
    """The first sentence: how much has really changed, and which way."""
    missing = sum(one["status"] != "measured" for one in told)
    tones = [one["tone"] for one in told if one["status"] == "measured"]
    said = f"Of {wording.counted(len(told), 'measure')}, {measures.changes_said(tones)}"
    if missing:
        count = wording.spelled(missing)
        names = wording.listed([one["title"] for one in told if one["status"] != "measured"])
        said += f" {count[:1].upper()}{count[1:]} could not be measured: {names}."
    return said


def _unallocated(stand: Standing, viewer: Viewer, told: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """Children on a plan without a social worker: counts by team and reason, or by reason alone where the office
    sees no team so small."""
    figure = next((one for one in told if one["measure"] == UNALLOCATED), None)
    if figure is None or not (figure["numerator"] or figure["unknown"]):
        return None
    definition = catalogue()[UNALLOCATED]
    rows = counting.behind(stand, definition).listed(definition)
    groups: list[dict[str, Any]] = []
    if viewer.level == "identified":
        for team in pc.unique(rows["team_id"]).to_pylist():
            mask = pc.is_null(rows["team_id"]) if team is None else pc.equal(rows["team_id"], team)
            inside = rows.filter(mask)
            name = team_name(stand, team, "No team recorded")
            reasons = counting.grouped_reasons(inside["reason"].to_pylist())
            groups.append({"team": name, "children": inside.num_rows, "reasons": _listed(reasons)})
        groups.sort(key=lambda one: (-one["children"], one["team"]))
    else:
        reasons = _not_small(counting.grouped_reasons(rows["reason"].to_pylist()), stand)
        groups = [{"team": "", "children": count, "reasons": words} for words, count in reasons.items()]
    few = viewer.level != "identified" and sum(one["children"] for one in groups) < rows.num_rows
    return {"sentence": figure["sentence"], "count": figure["numerator"], "groups": groups, "few": few}


def _not_small(reasons: Mapping[str, int], stand: Standing) -> dict[str, int]:
    """The reasons that may be shown beside how many there are in all: none so small, nor to be worked out."""
    below = int(policy.load(home_in_use()).number("disclosure.suppress_below", stand.as_at))
    hidden = disclosure.hidden_groups([disclosure.Cell(words, (count,)) for words, count in reasons.items()], below)
    return {words: count for words, count in reasons.items() if words not in hidden}


def _listed(reasons: Mapping[str, int]) -> str:
    if len(reasons) == 1:
        return next(iter(reasons))
    return "; ".join(f"{count}: {words}" for words, count in reasons.items())


def _release(one: Release) -> dict[str, Any]:
    return {
        "id": one.pk,
        "text": one.text,
        "by": one.released_by_name,
        "on": one.released_at.date().isoformat(),
    }


def _commitments(office: str, as_at: date) -> list[dict[str, str]]:
    """The office's commitments that fell due in the three months to the end of the pack's month."""
    last = as_at + relativedelta(day=31)
    known = in_force().by_slug()
    parts = (
        OccurrenceHolder.objects.filter(
            office=office, occurrence__due_on__range=(last - relativedelta(months=2, day=1), last)
        )
        .select_related("occurrence")
        .order_by("occurrence__due_on", "occurrence__commitment")
    )
    return [
        {
            "title": known[part.occurrence.commitment].title,
            "due": part.occurrence.due_on.isoformat(),
            "state": str(State(part.state).label),
        }
        for part in parts
        if part.occurrence.commitment in known
    ]
