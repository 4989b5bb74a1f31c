"""The command line's way to plans: load a committee's table, and take one out, as whoever runs the command."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any
from uuid import UUID

from lineofsight.errors import PlainError
from lineofsight.home import Home
from lineofsight.plans.table import PlanTable
from lineofsight.plans.writing import Form, write
from lineofsight.web.site.console import start

NO_PLAN = "There is no action plan yet: load one with 'lineofsight actions import'."


def load(
    home: Home,
    *,
    plan: UUID | tuple[str, str, date, str],
    table: PlanTable,
    file: tuple[str, bytes],
    as_at: date,
    cleared: bool,
    who: tuple[str, str],
) -> dict[str, Any]:
    """Load a table: of a new plan (as NewPlan takes it), or the next of one that is there.

    `file` is its name and bytes, `who` the account and the purpose. Gives what is told of it. Raises PlainError.
    """
    start(home)
    from lineofsight.web.access.viewer import console_viewer
    from lineofsight.web.improvement.actions.loading import NewPlan, load_table

    viewer, (name, data) = console_viewer(*who), file
    made = load_table(
        by=viewer,
        plan=_plan(viewer, plan) if isinstance(plan, UUID) else NewPlan(*plan),
        table=table,
        file_name=name,
        sha256=hashlib.sha256(data).hexdigest(),
        as_at=as_at,
        cleared=cleared,
    )
    return _told(viewer, made, again=isinstance(plan, UUID))


def _told(viewer: Any, made: Any, *, again: bool) -> dict[str, Any]:
    """What a load came to: its plan's actions by colour as at its day, and whatever has to be asked."""
    from lineofsight.web.improvement.queries.plans import one_plan

    found = one_plan(viewer, made.plan_id, made.as_at)
    return {
        "plan": str(made.plan_id),
        "title": found.title,
        "as_at": made.as_at.isoformat(),
        "sentence": found.sentence,
        "actions": len(found.lines),
        **{colour: found.counts.get(colour, 0) for colour in ("green", "amber", "red")},
        "late": sum(one.late and one.colour != "green" for one in found.lines),
        **{name: len(made.told[name]) if again else None for name in ("moved", "new", "gone")},
        "perhaps": [{"place": one["place"], "number": one["number"]} for one in made.told["perhaps"]],
        "not_understood": made.told["not_understood"],
    }


def taken(home: Home, *, key: UUID | None, form: Form, on: date | None, who: tuple[str, str]) -> tuple[bytes, int]:
    """A plan's table as a file, and how many actions it holds; written in the log first. Raises PlainError."""
    start(home)
    from lineofsight.web.access.chain import record_read
    from lineofsight.web.access.viewer import console_viewer
    from lineofsight.web.improvement.queries.called import plan_called
    from lineofsight.web.improvement.queries.tables import table_of

    viewer = console_viewer(*who)
    plan = _plan(viewer, key)
    table = table_of(viewer, plan, on)
    content = write(table, form, plan_called(viewer, plan))
    record_read(
        viewer=viewer,
        action="console.plan",
        subject=f"plan {plan.pk}",
        detail={"format": form, "rows": len(table.rows)},
    )
    return content, len(table.rows)


def _plan(viewer: Any, key: UUID | None) -> Any:
    """The plan of that id, or the one open plan that there is. Raises PlainError, naming those there are."""
    from lineofsight.web.improvement.models import Plan

    if key is not None:
        found = Plan.objects.filter(pk=key).first()
        if found is None:
            raise PlainError(f"There is no plan {key} here. {_named(viewer) or NO_PLAN}")
        return found
    still = list(Plan.objects.filter(closed_on=None))
    if len(still) == 1:
        return still[0]
    raise PlainError(f"Say which plan: add --plan with its id. {_named(viewer)}" if Plan.objects.exists() else NO_PLAN)


def _named(viewer: Any) -> str:
    """What each plan is called, with its id; nothing for who may not see plans."""
    from lineofsight.web.improvement.models import Plan
    from lineofsight.web.improvement.permissions import may_see
    from lineofsight.web.improvement.queries.called import plan_called

    if not may_see(viewer):
        return ""
    named = [f"{one.pk} is “{plan_called(viewer, one)}”" for one in Plan.objects.all()[:20]]
    return f"{'; '.join(named)}." if named else ""
