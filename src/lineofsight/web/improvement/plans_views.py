"""Pages of plans: the list, one plan as its committee's table, begun, agreed, added to and closed."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from lineofsight import clock
from lineofsight.web.access.forms import read_date
from lineofsight.web.access.viewer import viewer_of
from lineofsight.web.improvement.actions import plans as actions
from lineofsight.web.improvement.answering import key_of, made_by, posted
from lineofsight.web.improvement.permissions import check_judge, check_keep, may_clear, may_keep
from lineofsight.web.improvement.plans_forms import ActionForm, PlanForm, StepForm
from lineofsight.web.improvement.queries import plan_page, plans
from lineofsight.web.improvement.queries.called import finding_called, plan_called
from lineofsight.web.improvement.queries.files import FORMS
from lineofsight.web.improvement.queries.one_finding import get_finding, recommendations_to_answer


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """Every plan."""
    viewer = viewer_of(request)
    found = plans.plans(viewer)
    still = sum(one.plan.closed_on is None for one in found)
    context = {"plans": found, "open": still, "keeps": may_keep(viewer)}
    return render(request, "improvement/plans.html", context)


@require_GET
def plan(request: HttpRequest, key: UUID) -> HttpResponse:
    """One plan as its table stands today, or stood on a day."""
    viewer = viewer_of(request)
    asked = request.GET.get("on", "").strip()
    on, wrong = day_asked(asked)
    page = request.GET.get("page", "1")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1
    found = plan_page.plan_page(viewer, key, on, number)
    context = {"page": found, "found": found.found, "asked": asked, "wrong": wrong, "on": on, "forms": FORMS}
    context["clears"] = may_clear(viewer)
    return render(request, "improvement/plan.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin a plan without a table."""
    viewer = viewer_of(request)
    check_keep(viewer)
    form = PlanForm(posted(request))
    if request.method == "POST" and form.is_valid():
        made = made_by(form, lambda: actions.begin_plan(by=viewer, **vars(form.told())))
        if made is not None:
            messages.success(request, "The plan is begun. Add its actions now, or load its table.")
            return redirect("improvement:plan", key=made.pk)
    return render(request, "improvement/plan_new.html", {"form": form})


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, key: UUID) -> HttpResponse:
    """Say which body agreed a plan or was told of it."""
    viewer = viewer_of(request)
    check_keep(viewer)
    found = plans.get_plan(viewer, key)
    form = StepForm(posted(request), initial={"on": clock.today()})
    if request.method == "POST" and form.is_valid():
        made = made_by(form, lambda: actions.add_step(by=viewer, plan=found, **form.cleaned_data))
        if made is not None:
            messages.success(request, "It is on the trail of the plan.")
            return redirect("improvement:plan", key=key)
    return render(
        request, "improvement/plan_step.html", {"plan": found, "called": plan_called(viewer, found), "form": form}
    )


@require_http_methods(["GET", "POST"])
def new_action(request: HttpRequest, key: UUID) -> HttpResponse:
    """Add an action to a plan; `?finding=` says which finding it answers."""
    viewer = viewer_of(request)
    check_keep(viewer)
    found = plans.get_plan(viewer, key)
    answers = key_of(request.GET.get("finding", ""))
    finding = get_finding(viewer, answers) if answers else None
    recommended = recommendations_to_answer(viewer, finding) if finding else ()
    form = ActionForm(posted(request), recommended=recommended)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        told = actions.Told(given["words"], form.named(), given["deadline"], finding, form.answers)
        made = made_by(form, lambda: actions.add_action(by=viewer, plan=found, told=told))
        if made is not None:
            messages.success(request, f"Action {made.number} is in the plan.")
            return redirect("improvement:plan", key=key)
    context = {"plan": found, "called": plan_called(viewer, found), "form": form}
    context["answers"] = finding_called(viewer, finding) if finding else ""
    return render(request, "improvement/plan_action.html", context)


@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, key: UUID) -> HttpResponse:
    """Close a plan whose every action is closed on proof."""
    viewer = viewer_of(request)
    check_judge(viewer)
    found = plans.one_plan(viewer, key)
    form = forms.Form(posted(request))
    if request.method == "POST" and form.is_valid():
        made = made_by(form, lambda: actions.close_plan(by=viewer, plan=found.plan))
        if made is not None:
            messages.success(request, "The plan is closed. It stays here, with all its history.")
            return redirect("improvement:plan", key=key)
    return render(request, "improvement/plan_close.html", {"found": found, "form": form})


def day_asked(text: str) -> tuple[date | None, str]:
    """The day an address asks for, and what is wrong with it: today's page then says so."""
    on = read_date(text)
    if text and on is None:
        return None, "That is no day as it was written, so this is today."
    if on is not None and on > clock.today():
        return None, "How things stand on a day to come is not known, so this is today."
    return on, ""
