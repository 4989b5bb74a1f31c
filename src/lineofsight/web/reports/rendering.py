"""A pack as a page that stands alone, and as a tagged PDF: both made from the frozen content and nothing else."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from lineofsight import clock
from lineofsight.web.practice import charts, wording
from lineofsight.web.practice.queries import measures
from lineofsight.web.reports import lines, ten, typesetting
from lineofsight.web.reports.models import Pack

STYLE = Path(__file__).with_name("pack.css")
MARK = "lineofsight-pack"
SEAL = "lineofsight-digest"
SYNTHETIC = "Demonstration. Nobody here is real: every child, family and worker is invented."
NOTHING = "–"
NO_CHANGE = "Nothing has changed beyond what is usual from month to month."
COMMITMENTS = "That does not say that children are safer for it: each record says what difference it made."


def pdf(pack: Pack) -> bytes:
    """The pack as PDF/UA-1; the same pack gives the same bytes. Its date is the day the pack was made."""
    return typesetting.pdf(document(pack))


def html(pack: Pack) -> bytes:
    """The pack as one HTML page with everything inside it: no script, no address of anything elsewhere."""
    told = {"pack": document(pack), "style": mark_safe(style())}  # noqa: S308  our own file
    return render_to_string("reports/pack_alone.html", told).encode()


@lru_cache(maxsize=1)
def style() -> str:
    """The style of the page that stands alone."""
    return STYLE.read_text("utf-8").strip()


@lru_cache(maxsize=1)
def style_hash() -> str:
    """What a Content-Security-Policy lets this one style in by."""
    return "sha256-" + base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()


def document(pack: Pack) -> dict[str, Any]:
    """Everything a rendering says, in words: the shape that pack.typ and pack_alone.html both read."""
    told, made = pack.content, pack.made_at.astimezone(clock.LONDON)
    as_at = date.fromisoformat(told["as_at"])
    loaded = datetime.fromisoformat(told["loaded_at"]).astimezone(clock.LONDON).date()
    month = date.fromisoformat(told["month"])
    return {
        "title": f"{month:%B %Y}: pack for the {told['office_title']}",
        "authority": told["authority_name"],
        "description": "What is known about the children the authority is responsible for, and how it is known.",
        "mark": {"pack": f"{MARK} {pack.pk}", "digest": f"{SEAL} {pack.digest}"},
        "made": {
            "year": made.year, "month": made.month, "day": made.day,
            "hour": made.hour, "minute": made.minute, "second": made.second,
        },
        "footer": f"{told['authority_name']}, {month:%B %Y}, {told['office_title']}. Seal {pack.digest[:16]}",
        "subtitle": f"{told['authority_name']}. As at {wording.day(as_at)}, loaded {wording.day(loaded)}, "
        f"made {wording.day(made.date())}.",
        "synthetic": told["synthetic"],
        "synthetic_note": SYNTHETIC,
        "lead": told["lead"],
        "unallocated": _unallocated(told["unallocated"]),
        "released": [_release(one) for one in told["released"]],
        "ten": ten.document(told.get("ten")),
        "lines": lines.document(told.get("lines")),
        "changes": [f"{one['title']}: {one['sentence']}" for one in told["changes"]],
        "no_changes": NO_CHANGE,
        "earlier": told["earlier"],
        "figures": [_figure(one) for one in told["figures"]],
        "some_missing": any(one["status"] != "measured" for one in told["figures"]),
        "comparators_note": f"England and similar councils are published yearly figures; {NOTHING} where none is "
        f"published. {told['comparators_source']}.",
        "commitments_note": f"{_kept(told['commitments'])} {COMMITMENTS}",
        "commitments": [
            {"title": one["title"], "due": wording.day(date.fromisoformat(one["due"])), "state": one["state"]}
            for one in told["commitments"]
            if one["state"] != "Held"
        ],
        "provenance": _provenance(pack),
    }  # fmt: skip


def chart_of(figure: Mapping[str, Any], frame: charts.Frame = charts.WIDE) -> charts.LineChart | None:
    """The chart of a frozen figure, drawn again from its frozen months."""
    told = figure["chart"]
    limits = charts.Limits(*told["limits"]) if told["limits"] else None
    return charts.line(
        charts.Series(
            readings=[charts.Reading(date.fromisoformat(on), value) for on, value in told["readings"]],
            limits=limits,
            changed_on=date.fromisoformat(told["changed_on"]) if told["changed_on"] else None,
            tone=told["tone"],
            form=measures.percent_form if figure["kind"] == "percent" else measures.number_form,
            title=told["title"],
            description=told["description"],
            ceiling=told["ceiling"],
            says_month=told["says_month"],
        ),
        frame,
    )


def _kept(parts: Sequence[Mapping[str, str]]) -> str:
    """'Of 20 commitments that fell due in three months, 16 were held. The others are below.'"""
    if not parts:
        return "No commitment fell due in the three months to this pack."
    held = sum(one["state"] == "Held" for one in parts)
    rest = " The others are below." if held < len(parts) else ""
    fell = wording.counted(len(parts), "commitment")
    return f"Of {fell} that fell due in three months, {held} {'was' if held == 1 else 'were'} held.{rest}"


FEW = "Where few wait for the same reason it is not shown: numbers this small could point to a child."


def _unallocated(told: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if told is None:
        return None
    by_team = any(one["team"] for one in told["groups"])
    return {
        "heading": "Children on a plan with no allocated social worker",
        "sentence": told["sentence"],
        "by_team": by_team,
        "groups": told["groups"],
        "note": FEW if told.get("few") else "No child is named in this document." if by_team else "",
    }


def _release(one: Mapping[str, Any]) -> dict[str, Any]:
    paragraphs = [part.strip() for part in one["text"].splitlines() if part.strip()]
    return {"paragraphs": paragraphs, "said": f"Released by {one['by']}, {wording.day(date.fromisoformat(one['on']))}."}


def _figure(one: Mapping[str, Any]) -> dict[str, Any]:
    chart = chart_of(one) if one["status"] == "measured" and not one["hidden"] else None
    svg = render_to_string("practice/charts/line.svg.html", {"chart": chart, "name": one["measure"]}) if chart else ""
    return {
        "measure": one["measure"],
        "title": one["title"],
        "words": one["value_words"],
        "counted": one["of_words"] or "",
        "measured": one["status"] == "measured",
        "change": one["change"] or NOTHING,
        "tone": one["tone"],
        "england": one["england"] or NOTHING,
        "neighbours": one["neighbours"] or NOTHING,
        "sentence": one["sentence"],
        "said": one["signal"],
        "svg": svg,
        "chart": _embedded(svg),
        "alt": f"{one['chart']['title']}. {one['chart']['description']}",
        "definition": f"{one['why']} Source: {one['source']}",
    }


def _embedded(svg: str) -> str:
    """The chart in the one font that a PDF made anywhere has, without the drawings' own titles (it has an alt text)."""
    start = svg.find("<svg")
    if start < 0:
        return ""
    before, _, rest = svg[start:].partition('font-family="')
    _, _, after = rest.partition('"')
    return f'{before}font-family="{typesetting.FONT}"{after}'.strip() if rest else svg[start:].strip()


def _provenance(pack: Pack) -> list[str]:
    told = pack.content
    return [
        f"Snapshot {pack.snapshot_id}, as at {told['as_at']}; computation {pack.computation_id}; "
        f"policy {told['policy'][:12]}; definitions {told['definitions'][:12]}.",
        "Every figure is counted from rows, one a child or event, and can be counted again from the snapshot: "
        "lineofsight verify, with this file.",
        f"Seal of the content: {pack.digest}.",
    ]
