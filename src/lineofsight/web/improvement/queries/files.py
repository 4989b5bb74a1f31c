"""A plan's table as a file, in any form a committee keeps it in: logged before it is given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import get_args
from uuid import UUID

from django.http import Http404

from lineofsight import clock
from lineofsight.plans.writing import Form, write
from lineofsight.web.access.chain import record_read
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.improvement.queries.called import plan_called
from lineofsight.web.improvement.queries.plans import get_plan
from lineofsight.web.improvement.queries.tables import table_of

FORMS: tuple[Form, ...] = get_args(Form)
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
KINDS: dict[str, str] = {
    "docx": DOCX,
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "pdf": "application/pdf",
}


@dataclass(frozen=True)
class File:
    """A file to keep; its name says nothing about anybody."""

    name: str
    kind: str
    content: bytes
    rows: int


def table_file(viewer: Viewer, key: UUID | str, form: str, on: date | None = None) -> File:
    """The five columns of a plan as a file, today or as at a day: what the page shows this viewer, and no more.

    Raises as `table_of` does, and Http404 for a form that is not known.
    """
    wanted = next((one for one in FORMS if one == form), None)
    if wanted is None:
        raise Http404
    plan = get_plan(viewer, key)
    table = table_of(viewer, plan, on)
    content = write(table, wanted, plan_called(viewer, plan))
    as_at = on or clock.today()
    record_read(
        viewer=viewer,
        action="improvement.table taken",
        subject=f"plan {plan.pk}",
        detail={"format": form, "rows": len(table.rows), "as_at": as_at.isoformat()},
    )
    return File(f"plan-table-{as_at}.{form}", KINDS[form], content, len(table.rows))
