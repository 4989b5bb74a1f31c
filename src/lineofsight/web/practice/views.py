"""Pages of the practice room: each asks a query for what the viewer may see, and draws it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lineofsight import clock
from lineofsight.web.access.known import looks_back
from lineofsight.web.access.viewer import viewer_of
from lineofsight.web.practice import downloads, queries, sheets
from lineofsight.web.practice.monthly import queries as monthly
from lineofsight.web.practice.monthly.permissions import may_see_lines
from lineofsight.web.practice.queries import known, ledger
from lineofsight.web.practice.queries import rows as rows_of
from lineofsight.web.practice.queries.standing import NothingLoaded
from lineofsight.web.practice.seen import records_of_child, thread_of

View = Callable[..., HttpResponse]
FORMS = {"csv": downloads.as_csv, "xlsx": downloads.as_xlsx}


def answers_when_loaded(view: View) -> View:
    """A page that says what to do next where nothing has been loaded yet."""

    @wraps(view)
    def drawn(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NothingLoaded as nothing:
            return render(request, "practice/nothing.html", {"sentence": str(nothing)})

    return drawn


def loaded(view: View) -> View:
    """The same for a page that is only read, now or as it was known at a past snapshot."""
    return require_safe(answers_when_loaded(looks_back(view)))


def loaded_now(view: View) -> View:
    """A page that is only read and is itself about the past: it is never looked at as it was."""
    return require_safe(answers_when_loaded(view))


@loaded
def measures(request: HttpRequest) -> HttpResponse:
    """What we know: the headline measures along the child's journey, or every one."""
    viewer = viewer_of(request)
    listed, every = queries.measures_list(viewer), request.GET.get("show") == "every"
    shown = [(area.title, [line for line in area.lines if every or line.definition.headline]) for area in listed.areas]
    context = {
        "list": listed,
        "areas": [(title, lines) for title, lines in shown if lines],
        "headline": sum(line.definition.headline for line in listed.lines),
        "every": every,
        "sees_lines": may_see_lines(viewer),
    }
    return render(request, "practice/measures.html", context)


@loaded
def measure(request: HttpRequest, measure: str) -> HttpResponse:
    """One measure: the sentence, the chart, where, against others, and what it stands on."""
    viewer = viewer_of(request)
    asked = request.GET.get("by", "team"), request.GET.get("window", "month")
    page = queries.measure_page(viewer, measure, *asked)
    context = {
        "page": page,
        "thread": thread_of(viewer, "measure", measure),
        "story": monthly.story(viewer, measure) if may_see_lines(viewer) else None,
    }
    return render(request, "practice/measure.html", context)


@loaded
def rows(request: HttpRequest, measure: str) -> HttpResponse:
    """The children (or workers) behind a number, as a page or a file."""
    form = request.GET.get("format", "page")
    asked = rows_of.Asked(
        as_at=day_asked(request.GET.get("as_at", "")),
        which=request.GET.get("which", ""),
        team=request.GET.get("team", ""),
        page=number_asked(request.GET.get("page", "1")),
        whole=form in FORMS,
        form=form,
    )
    found = queries.rows_behind(viewer_of(request), measure, asked)
    if form in FORMS:
        return FORMS[form](sheets.of_rows(found))
    if form != "page":
        raise Http404
    return render(request, "practice/rows.html", {"found": found, "columns": sheets.row_columns(found)})


@loaded
def exceptions(request: HttpRequest) -> HttpResponse:
    """What is owed and not done, as a page or a file."""
    form = request.GET.get("format", "page")
    asked = ledger.Asked(
        kind=request.GET.get("kind", ""),
        team=request.GET.get("team", ""),
        worker=request.GET.get("worker", ""),
        state=request.GET.get("state", "open"),
        age=request.GET.get("age", ""),
        page=number_asked(request.GET.get("page", "1")),
        whole=form in FORMS,
        form=form,
    )
    viewer = viewer_of(request)
    found = queries.exceptions(viewer, asked)
    if form in FORMS:
        return FORMS[form](sheets.of_exceptions(found))
    if form != "page":
        raise Http404
    urgent = queries.urgent_beside(viewer, found.longest_unallocated)
    return render(request, "practice/exceptions.html", {"found": found, "urgent": urgent})


@loaded
def unallocated(request: HttpRequest) -> HttpResponse:
    """Children on a plan with no allocated social worker."""
    viewer = viewer_of(request)
    context = {"found": queries.unallocated(viewer), "systemic": queries.systemic_for(viewer)}
    return render(request, "practice/unallocated.html", context)


@loaded
def child(request: HttpRequest, ref: str) -> HttpResponse:
    """One child: who is responsible, what is owed, the plans, the people, and one chronology."""
    viewer, asked = viewer_of(request), request.GET
    found = queries.get_child(viewer, ref)
    chronology = queries.chronology(
        found,
        asked.get("kind", ""),
        number_asked(asked.get("page", "1")),
        since=day_asked(asked.get("from", "")),
        until=day_asked(asked.get("to", "")),
    )
    looked_at = () if viewer.known or found.opening else records_of_child(viewer, found.key)
    context = {"child": found, "chronology": chronology, "thread": looked_at, "printed_at": clock.now()}
    return render(request, "practice/child.html", context)


@loaded_now
def as_known(request: HttpRequest) -> HttpResponse:
    """What was known when: the extracts that are held, as a timeline."""
    return render(request, "practice/as_known.html", {"timeline": known.timeline(viewer_of(request))})


@loaded_now
def child_known(request: HttpRequest, ref: str) -> HttpResponse:
    """One child's record over the extracts."""
    return render(request, "practice/child_known.html", {"child": known.child_known(viewer_of(request), ref)})


def number_asked(text: str) -> int:
    """A page's number from the address. Raises Http404 for anything else."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:6]) < 100_000:
        raise Http404
    return int(text[:6])


def day_asked(text: str) -> date | None:
    """A date from the address, None where none is asked for. Raises Http404 for anything else."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Http404 from None
