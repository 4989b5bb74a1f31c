"""Loading a plan's table, the first and the next, and taking it out as a file."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.plans.grid import MOST_BYTES
from lineofsight.plans.table import PlanTable
from lineofsight.web.access.downloads import attachment
from lineofsight.web.access.viewer import Viewer, viewer_of
from lineofsight.web.improvement import taking
from lineofsight.web.improvement.actions.loading import NewPlan, load_table
from lineofsight.web.improvement.answering import day_of, posted
from lineofsight.web.improvement.models import Plan, PlanLoad
from lineofsight.web.improvement.permissions import check_keep, may_clear
from lineofsight.web.improvement.plans_forms import (
    FirstTableForm,
    LoadForm,
    QuestionsForm,
    TableForm,
    said_of_rows,
)
from lineofsight.web.improvement.queries.called import plan_called
from lineofsight.web.improvement.queries.comparing import compare
from lineofsight.web.improvement.queries.files import table_file
from lineofsight.web.improvement.queries.plans import get_plan

NOTHING_KEPT = "Choose the file again: nothing is kept of a form that is not complete."


@require_http_methods(["GET", "POST"])
def first(request: HttpRequest) -> HttpResponse:
    """Load the first table of a new plan."""
    viewer = viewer_of(request)
    check_keep(viewer)
    form = FirstTableForm(posted(request), clears=may_clear(viewer))
    if request.method == "POST":
        if not form.is_valid():
            form.add_error(taking.FIELD, NOTHING_KEPT)
        else:
            try:
                file = taking.taken(request)
                table = file.table()
                as_at = form.cleaned_data["as_at"] or table.progress_as_at or clock.today()
                load = _load(viewer, form.told(), file, table, as_at, form.cleared_said)
            except PlainError as refused:
                form.add_error(taking.FIELD, str(refused))
            else:
                return _loaded(request, load)
    return render(request, "improvement/plan_load.html", {"form": form, "most": MOST_BYTES})


@require_http_methods(["GET", "POST"])
def following(request: HttpRequest, key: UUID) -> HttpResponse:
    """Load a plan's next table: first what it would change is shown, then a second press loads it."""
    viewer = viewer_of(request)
    check_keep(viewer)
    plan = get_plan(viewer, key)
    form = TableForm(posted(request), clears=may_clear(viewer))
    if request.method == "POST":
        if "kept" in request.POST:
            return _second_press(request, viewer, plan)
        if form.is_valid():
            try:
                return _compared(request, viewer, plan, form)
            except PlainError as refused:
                form.add_error(taking.FIELD, str(refused))
        else:
            form.add_error(taking.FIELD, NOTHING_KEPT)
    return _ask_for(request, plan, form)


@require_GET
def table(request: HttpRequest, key: UUID, form: str) -> HttpResponse:
    """The plan's table as a file, as at a day too."""
    on = day_of(request.GET.get("on", ""))
    made = table_file(viewer_of(request), key, form, on)
    return attachment(made.content, made.kind, made.name)


def _compared(request: HttpRequest, viewer: Viewer, plan: Plan, form: TableForm) -> HttpResponse:
    """What a table would change, with its file sealed until the second press. Raises PlainError."""
    file = taking.taken(request)
    table = file.table()
    as_at = form.cleaned_data["as_at"] or table.progress_as_at or clock.today()
    found = compare(viewer, plan, table)
    token = taking.keep(viewer, str(plan.pk), file)
    again = LoadForm(initial={"kept": token, "as_at": as_at, "cleared": form.cleared_said})
    return _comparison(request, plan, file, found, again, {}, as_at, form.cleared_said)


def _second_press(request: HttpRequest, viewer: Viewer, plan: Plan) -> HttpResponse:
    """Load the table that waits, compare it again with what was said of its rows, or let it go."""
    form, about = LoadForm(request.POST), str(plan.pk)
    token = request.POST.get("kept", "")
    if not form.is_valid():
        return _start_again(request, viewer, plan, taking.SEND_AGAIN)
    as_at, cleared, same = form.cleaned_data["as_at"], form.cleaned_data["cleared"], said_of_rows(request.POST)
    then, wrong = request.POST.get("then", ""), ""
    try:
        if then == "drop":
            taking.forget(viewer, about, token)
            messages.success(request, "Nothing was loaded, and the file is gone.")
            return redirect("improvement:plan", key=plan.pk)
        file = taking.kept(viewer, about, token)
        table = file.table()
    except PlainError as refused:
        return _start_again(request, viewer, plan, str(refused))
    if then == "load":
        try:
            load = _load(viewer, plan, file, table, as_at, cleared, same)
        except PlainError as refused:
            wrong = str(refused)
        else:
            taking.forget(viewer, about, token)
            return _loaded(request, load)
    try:
        found = compare(viewer, plan, table, same)
    except PlainError as refused:
        wrong, same = str(refused), {}
        found = compare(viewer, plan, table)
    if wrong:
        form.add_error(None, wrong)
    return _comparison(request, plan, file, found, form, same, as_at, cleared)


def _comparison(
    request: HttpRequest,
    plan: Plan,
    file: taking.Taken,
    found: Any,
    form: LoadForm,
    same: dict[int, int],
    as_at: date,
    cleared: bool,
) -> HttpResponse:
    context = {
        "plan": plan,
        "called": plan_called(viewer_of(request), plan),
        "file": file,
        "found": found,
        "form": form,
        "questions": QuestionsForm(found),
        "said": sorted(same.items()),
        "as_at": as_at,
        "cleared": cleared,
    }
    return render(request, "improvement/plan_compared.html", context)


def _start_again(request: HttpRequest, viewer: Viewer, plan: Plan, why: str) -> HttpResponse:
    """The page that asks for the file, with why it is asked for again."""
    form = TableForm({}, clears=may_clear(viewer))
    form.is_valid()
    form.add_error(taking.FIELD, why)
    return _ask_for(request, plan, form)


def _ask_for(request: HttpRequest, plan: Plan, form: TableForm) -> HttpResponse:
    called, last = plan_called(viewer_of(request), plan), plan.loads.defer("file_name", "told").last()
    context = {"plan": plan, "called": called, "form": form, "most": MOST_BYTES, "last": last}
    return render(request, "improvement/plan_load_next.html", context)


def _load(
    viewer: Viewer,
    plan: Plan | NewPlan,
    file: taking.Taken,
    table: PlanTable,
    as_at: date,
    cleared: bool,
    same: dict[int, int] | None = None,
) -> PlanLoad:
    return load_table(
        by=viewer,
        plan=plan,
        table=table,
        file_name=file.name,
        sha256=file.sha256,
        as_at=as_at,
        cleared=cleared,
        same=same,
    )


def _loaded(request: HttpRequest, load: PlanLoad) -> HttpResponse:
    asked = len(load.told["not_understood"])
    more = " What was not understood stands below, each with its row." if asked else ""
    messages.success(request, f"The table is loaded.{more}")
    return redirect("improvement:plan", key=load.plan_id)
