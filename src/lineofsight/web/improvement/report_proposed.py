"""What a report proposes to say before anybody has written a word of it: in plain words, from the plan and its trail.

Everything here is a proposal that a person reads and changes. It holds numbers and
colours, and of what was typed the plan's title and the bodies, where the viewer may read them.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from lineofsight.web.access.viewer import Viewer
from lineofsight.web.improvement import wording
from lineofsight.web.improvement.queries.plan_page import last_report
from lineofsight.web.improvement.queries.plans import OnePlan, one_plan, turned_since
from lineofsight.web.improvement.report import MANY, since_words


def proposed(viewer: Viewer, key: UUID | str, on: date | None = None) -> tuple[OnePlan, dict[str, str]]:
    """The plan as at a day, and the texts that a report on it may begin with. Raises as `one_plan` does."""
    found = one_plan(viewer, key, on)
    return found, {
        "title": f"Progress on the plan “{found.title}”",
        "purpose": f"To tell the committee how the plan stands as at {wording.day(found.on)}, what is late and what is "
        "done about it, so that it can ask and challenge.",
        "asked_1": "Note the progress, and say where it is not enough.",
        "introduction": f"{since_words(found)} Deadlines are counted from that day. Each action has one or more people "
        "who answer for it, and a colour: green, amber or red. An action is closed only on proof.",
        "background": _trail(found),
        "progress": "\n\n".join(_progress(viewer, found, on)),
    }


def _trail(found: OnePlan) -> str:
    steps = [one for one in found.steps if one.on <= found.on]
    if not steps:
        return "This is the first report on the plan."
    told = [f"• {one.what} {one.body} on {wording.day(one.on)}." for one in steps]
    return "The plan was agreed and reported before:\n\n" + "\n".join(told)


def _progress(viewer: Viewer, found: OnePlan, on: date | None) -> list[str]:
    told = [f"As at {wording.day(found.on)}: {found.sentence}"]
    closed = sum(one.closed_on is not None for one in found.lines)
    if closed:
        told.append(f"{wording.begun(wording.spelled(closed))} {wording.verb(closed, 'is', 'are')} closed on proof.")
    since = last_report(found)
    if since is None:
        return told
    turned = turned_since(viewer, found.plan, since.on, on, found.lines)
    when = f"the report to {since.body} on {wording.day(since.on)}"
    if not turned:
        return [*told, f"No action has another colour than at {when}."]
    many = f"{wording.spelled(len(turned))} {wording.verb(len(turned), 'action has', 'actions have')}"
    items = [f"• Action {one.line.number} was {one.before} and is {one.line.colour}." for one in turned[:MANY]]
    if len(turned) > MANY:
        items.append(f"• And {len(turned) - MANY} more.")
    return [*told, f"Since {when}, {many} turned:", "\n".join(items)]
