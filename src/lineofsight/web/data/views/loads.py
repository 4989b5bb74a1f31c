"""The pages of loads: all of them, one, the answer to one that waits, and taking one back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lineofsight.loading.issue_book import issues_csv, issues_xlsx
from lineofsight.web.access.downloads import attachment
from lineofsight.web.access.house import lake_in_use
from lineofsight.web.access.viewer import Viewer, viewer_of
from lineofsight.web.data.actions import loads as actions
from lineofsight.web.data.loads_forms import YES, AnswerForm, WithdrawForm
from lineofsight.web.data.permissions import check_load
from lineofsight.web.data.queries import fed, issues, likeness, load, loads, sent

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def front(request: HttpRequest) -> HttpResponse:
    """What was loaded and when, the newest first."""
    asked = request.GET.get("page", "1")
    number = int(asked) if asked.isdigit() and len(asked) < 7 else 1
    found = loads.front(viewer_of(request), number)
    under_way = [sent.progress_of(job) for job in found.under_way]
    return render(request, "data/front.html", {"found": found, "under_way": under_way})


@require_GET
def one(request: HttpRequest, snapshot: str) -> HttpResponse:
    """One load: its files, its rows at every step, what it changed, its issues."""
    viewer = viewer_of(request)
    form = request.GET.get("format", "page")
    if form in ("xlsx", "csv"):
        return _file(request, viewer, snapshot, form)
    if gone := load.removed(viewer, snapshot):
        return render(request, "data/removed.html", {"job": gone})
    return _page(request, viewer, snapshot, AnswerForm())


@require_POST
def answer(request: HttpRequest, snapshot: str) -> HttpResponse:
    """Yes or no to a load that waits."""
    viewer = viewer_of(request)
    check_load(viewer)
    form = AnswerForm(request.POST)
    if form.is_valid():
        decide = actions.say_yes if form.cleaned_data["answer"] == YES else actions.say_no
        try:
            job = decide(by=viewer, snapshot=snapshot, why=form.cleaned_data["why"])
        except actions.Incomplete as wrong:
            form.add_error("why", str(wrong))
        else:
            return redirect("data:sending", key=job.key)
    return _page(request, viewer, snapshot, form)


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, snapshot: str) -> HttpResponse:
    """Say what stands on a load, ask why, then have it withdrawn."""
    viewer = viewer_of(request)
    check_load(viewer)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            job = actions.withdraw(by=viewer, snapshot=snapshot, why=form.cleaned_data["why"])
        except actions.Incomplete as wrong:
            form.add_error("why", str(wrong))
        else:
            messages.info(request, "The withdrawal is asked for. Once it is done, what stands on the load says so.")
            return redirect("data:sending", key=job.key)
    context = {"load": load.standing(viewer, snapshot), "fed": fed.fed(viewer, snapshot), "form": form}
    return render(request, "data/withdraw.html", context)


def _page(request: HttpRequest, viewer: Viewer, snapshot: str, form: AnswerForm) -> HttpResponse:
    found = load.load_page(viewer, snapshot, request.GET)
    deciding = sent.progress_of(found.deciding) if found.deciding else None
    fed_by_it = fed.fed(viewer, snapshot) if found.withdrawn else None
    context = {"found": found, "form": form, "deciding": deciding, "fed": fed_by_it}
    context["unlike"] = likeness.unlike(viewer, snapshot)
    return render(request, "data/load.html", context)


def _file(request: HttpRequest, viewer: Viewer, snapshot_id: str, form: str) -> HttpResponse:
    """Exactly the issues that are asked for, as a file."""
    lake = lake_in_use()
    snapshot = load.found(lake, snapshot_id)
    taken = issues.take_issues(viewer, lake, snapshot, request.GET, form)
    name = f"issues-{snapshot.id}.{form}"
    if form == "csv":
        return attachment(issues_csv(taken), "text/csv; charset=utf-8", name)
    note = f"What was wrong in the files of the load as at {snapshot.as_at:%-d %B %Y} ({snapshot.id})."
    return attachment(issues_xlsx(taken, note), XLSX, name)
