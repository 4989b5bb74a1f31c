"""The only readers of child data in the web. Every query takes a Viewer and gives what that viewer may see."""

from lineofsight.web.practice.queries.alerts import systemic_for
from lineofsight.web.practice.queries.changes import real_changes
from lineofsight.web.practice.queries.children import chronology, get_child
from lineofsight.web.practice.queries.ledger import UNALLOCATED, exceptions
from lineofsight.web.practice.queries.measures import measures_list
from lineofsight.web.practice.queries.page import measure_page
from lineofsight.web.practice.queries.rows import rows_behind
from lineofsight.web.practice.queries.waiting import unallocated, urgent, urgent_beside

__all__ = [
    "UNALLOCATED",
    "chronology",
    "exceptions",
    "get_child",
    "measure_page",
    "measures_list",
    "real_changes",
    "rows_behind",
    "systemic_for",
    "unallocated",
    "urgent",
    "urgent_beside",
]
