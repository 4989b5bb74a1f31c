"""Pages of late recording: how long after the event things were entered, and the children behind it."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from lineofsight.web.access.viewer import viewer_of
from lineofsight.web.practice import sheets
from lineofsight.web.practice.bars import bars
from lineofsight.web.practice.queries import late
from lineofsight.web.practice.views import FORMS, day_asked, loaded, number_asked

TITLE = "Events by how late they were entered, at the least"


@loaded
def late_recording(request: HttpRequest) -> HttpResponse:
    """How late things were entered: the sentence, the chart, the teams, the kinds and the extracts."""
    asked = late.Asked(kind=request.GET.get("kind", ""), month=_month(request))
    page = late.late_page(viewer_of(request), asked)
    rows = [] if page.hidden else list(zip(late.BANDS, page.whole.bands, strict=True))
    charts = [
        bars(rows, TITLE, name=name, width=width, text=15) for name, width in (("wide", 960.0), ("narrow", 300.0))
    ]
    context = {"page": page, "charts": charts, "bands": rows}
    return render(request, "practice/late.html", context)


@loaded
def late_children(request: HttpRequest) -> HttpResponse:
    """The children whose events were entered late with this extract, as a page or a file."""
    form = request.GET.get("format", "page")
    asked = late.Asked(
        kind=request.GET.get("kind", ""),
        team=request.GET.get("team", ""),
        page=number_asked(request.GET.get("page", "1")),
        whole=form in FORMS,
        form=form,
    )
    found = late.late_children(viewer_of(request), asked)
    if form in FORMS:
        return FORMS[form](sheets.of_late(found))
    if form != "page":
        raise Http404
    return render(request, "practice/late_children.html", {"found": found})


def _month(request: HttpRequest) -> date | None:
    return day_asked(request.GET.get("month", ""))
