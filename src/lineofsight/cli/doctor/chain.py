"""Checks of the audit chain and of the worker that looks after it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from lineofsight import clock
from lineofsight.chain import anchor_days
from lineofsight.cli.doctor.findings import Finding, Installation, look, ok, wrong

# The worker looks every minute; a long round (packs of a new month) takes a few.
SILENT = timedelta(minutes=15)


def audit_chain(at: Installation) -> Iterator[Finding]:
    """Every entry, re-computed against the head and the anchors; deep: what each tells, too."""
    from lineofsight.web.access.chain import verify_chain

    verdict = verify_chain(at.home, payloads=at.deep)
    if not verdict.ok:
        more = f" ({len(verdict.problems) - 1} more)" if len(verdict.problems) > 1 else ""
        yield wrong(
            "audit chain",
            f"{verdict.problems[0].what}{more}",
            "Change nothing. Keep a copy of the database and of the anchors, and tell information governance.",
        )
    else:
        yield ok("audit chain", f"{verdict.count:,} entries, each where and as it was written.")


def anchor(at: Installation) -> Iterator[Finding]:
    """The chain's head stood outside the database yesterday."""
    from lineofsight.web.access.models import ChainEvent

    days = anchor_days(at.home)
    yesterday = clock.today() - timedelta(days=1)
    began = ChainEvent.objects.order_by("sequence").values_list("at", flat=True).first()
    if not days and (began is None or _day(began) > yesterday):
        yield ok("anchor", "The chain began today: its first anchor is written by the worker, or tomorrow.")
    elif not days or days[-1] < yesterday:
        last = f"the newest is of {days[-1]:%-d %B %Y}" if days else "there is none at all"
        yield wrong("anchor", f"There is no anchor of yesterday: {last}.", "Start the worker: it writes one each day.")
    else:
        yield ok("anchor", f"{len(days)} anchors, the newest of {days[-1]:%-d %B %Y}.")


def worker(at: Installation) -> Iterator[Finding]:
    """The background worker ended a round lately, and no step of it failed."""
    from lineofsight.web.site.work import LAST_ROUND

    try:
        told = json.loads((at.home.path / LAST_ROUND).read_text())
        ended, failed = datetime.fromisoformat(told["at"]), [str(name) for name in told["failed"]]
    except (OSError, ValueError, KeyError, TypeError):
        yield look("worker", "The background worker has left no word in this home.", "Start it: lineofsight worker.")
        return
    if clock.now() - ended > SILENT:
        when = f"{ended.astimezone(clock.LONDON):%-d %B %Y, %H:%M}"
        yield wrong("worker", f"The background worker was last heard of on {when}.", "Start it: lineofsight worker.")
    elif failed:
        steps = ", ".join(name.replace("_", " ") for name in failed)
        yield wrong(
            "worker", f"The last round failed to {steps}.", "Its log has the error; the next round tries again."
        )
    else:
        yield ok("worker", f"The background worker ended a round at {ended.astimezone(clock.LONDON):%H:%M}.")


def _day(stamp: str) -> date:
    return datetime.fromisoformat(stamp).astimezone(clock.LONDON).date()
