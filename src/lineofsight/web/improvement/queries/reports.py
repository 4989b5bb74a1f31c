"""A committee's report as a file, logged before it is given; and what of its plan nobody has cleared yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from lineofsight import clock
from lineofsight.web.access.chain import record_read
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.improvement.permissions import may_clear
from lineofsight.web.improvement.queries.clearing import to_clear
from lineofsight.web.improvement.queries.files import KINDS, File
from lineofsight.web.improvement.queries.plans import get_plan
from lineofsight.web.improvement.report import Told, document
from lineofsight.web.improvement.report_pdf import as_pdf


def report_file(
    viewer: Viewer, key: UUID | str, form: str, told: Callable[[date], Told], on: date | None = None
) -> File:
    """The report on a plan as it stands today, or stood on a day. `told` gives what a person wrote for that day.

    Raises as `one_plan` does.
    """
    plan = get_plan(viewer, key)
    as_at = on or clock.today()
    made = document(viewer, plan.pk, told(as_at))
    content, rows = _written(made, form), len(made["table"]["rows"])
    record_read(
        viewer=viewer,
        action="improvement.report taken",
        subject=f"plan {plan.pk}",
        detail={"format": form, "rows": rows, "as_at": as_at.isoformat()},
    )
    return File(f"plan-report-{as_at}.{form}", KINDS[form], content, rows)


def _written(made: Mapping[str, Any], form: str) -> bytes:
    if form == "pdf":
        return as_pdf(made)
    from lineofsight.web.improvement.report_docx import as_docx  # what writes Word is held by who makes one

    return as_docx(made)


def waiting(viewer: Viewer, key: UUID | str) -> int:
    """How many texts of a plan nobody has cleared, for who may clear them: a report of theirs would hold them."""
    return to_clear(viewer, plan=get_plan(viewer, key)).total if may_clear(viewer) else 0
