"""The report to a committee: its form, begun from the plan, and the document it makes. Nothing of it is kept."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from lineofsight.errors import PlainError
from lineofsight.web.access.downloads import attachment
from lineofsight.web.access.viewer import viewer_of
from lineofsight.web.improvement.plans_views import day_asked
from lineofsight.web.improvement.queries.plans import get_plan
from lineofsight.web.improvement.queries.reports import report_file, waiting
from lineofsight.web.improvement.report_forms import ASKS, ReportForm
from lineofsight.web.improvement.report_proposed import proposed

FORMS = ("docx", "pdf")


@require_GET
def write(request: HttpRequest, key: UUID) -> HttpResponse:
    """The form of the report, with what is proposed from the plan."""
    viewer = viewer_of(request)
    asked = request.GET.get("on", "").strip()
    on, wrong = day_asked(asked)
    _, texts = proposed(viewer, key, on)
    return _page(request, key, ReportForm(initial={**texts, "lead": viewer.office_title}), wrong)


@require_http_methods(["GET", "POST"])
def file(request: HttpRequest, key: UUID, form: str) -> HttpResponse:
    """The report as a Word document or a PDF, from what was written in its form."""
    if form not in FORMS:
        raise Http404
    viewer = viewer_of(request)
    get_plan(viewer, key)
    if request.method == "GET":
        return redirect("improvement:plan-report", key=key)
    on, _ = day_asked(request.POST.get("as_at", ""))
    written = ReportForm(request.POST)
    if written.is_valid():
        try:
            made = report_file(viewer, key, form, written.told, on)
        except PlainError as refused:
            written.add_error(None, str(refused))
        else:
            return attachment(made.content, made.kind, made.name)
    return _page(request, key, written)


def _page(request: HttpRequest, key: UUID, form: ReportForm, wrong: str = "") -> HttpResponse:
    viewer = viewer_of(request)
    asked = request.POST.get("as_at", "") if request.method == "POST" else request.GET.get("on", "")
    on, _ = day_asked(asked.strip())
    found, _ = proposed(viewer, key, on)
    asks = [(form[f"asked_{place}"], form[f"due_{place}"]) for place in range(1, ASKS + 1)]
    context = {"found": found, "form": form, "asks": asks, "wrong": wrong, "on": on, "waiting": waiting(viewer, key)}
    return render(request, "improvement/plan_report.html", context)
