"""Pages of this desk: what one was told of, and information governance's monthly report."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from lineofsight.errors import PlainError
from lineofsight.web.access.downloads import as_csv
from lineofsight.web.access.need import actions, queries, report
from lineofsight.web.access.need.forms import AnswerForm, ReviewForm
from lineofsight.web.access.viewer import viewer_of

_MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")


@require_safe
def told(request: HttpRequest) -> HttpResponse:
    """What this person was told of: who opened a child they answer for, and why."""
    return _told_page(request)


@require_POST
def answer(request: HttpRequest, telling: int) -> HttpResponse:
    """Whether the person who was told knew of it."""
    viewer = viewer_of(request)
    found = queries.telling_of(viewer, telling)
    form = AnswerForm(request.POST, prefix=str(telling))

    def act() -> None:
        given = form.cleaned_data
        actions.answer_telling(found, by=viewer, answer=given["answer"], words=given["words"])

    if form.is_valid() and _done(form, act):
        messages.success(request, "Your answer is with information governance.")
        return redirect("access:told")
    return _told_page(request, {telling: form})


@require_POST
def close(request: HttpRequest, key: UUID) -> HttpResponse:
    """“I am finished”: the need opens nothing any more."""
    viewer = viewer_of(request)
    actions.close_need(queries.need_of(viewer, str(key)), by=viewer)
    messages.success(request, "It is closed. To open the child again, state the need again.")
    return redirect("today")


@require_safe
def needs(request: HttpRequest) -> HttpResponse:
    """The months of the report."""
    viewer = viewer_of(request)
    months = report.months(viewer)
    told = {
        "months": months,
        "openings": sum(line.needs for line in months),
        "waiting": sum(line.waiting for line in months),
    }
    return render(request, "access/need/months.html", told)


@require_safe
def month(request: HttpRequest, month: str) -> HttpResponse:
    """One month of the report, as a page or a file."""
    form = request.GET.get("format", "page")
    if form not in ("page", "csv"):
        raise Http404
    found = report.report(viewer_of(request), _month(month), form=form)
    if form == "csv":
        return as_csv(report.sheet(found))
    return _month_page(request, found)


@require_POST
def review(request: HttpRequest, key: UUID) -> HttpResponse:
    """What information governance makes of one need."""
    viewer = viewer_of(request)
    need = queries.need_to_review(viewer, str(key))
    form = ReviewForm(request.POST, prefix=str(key))

    def act() -> None:
        given = form.cleaned_data
        actions.review_need(need, by=viewer, outcome=given["outcome"], words=given["words"])

    on = report.month_of(need.opened_at)
    if form.is_valid() and _done(form, act):
        messages.success(request, "Your review is kept.")
        return redirect("access:needs-month", month=f"{on:%Y-%m}")
    return _month_page(request, report.report(viewer, on), {str(key): form})


def _told_page(request: HttpRequest, sent: dict[int, AnswerForm] | None = None) -> HttpResponse:
    viewer = viewer_of(request)
    waiting = queries.waiting_answers(viewer)
    rows = queries.told_page(viewer)
    forms_of = {
        one.telling.pk: (sent or {}).get(one.telling.pk) or AnswerForm(prefix=str(one.telling.pk))
        for one in rows
        if not one.telling.answer
    }
    response = render(
        request,
        "access/need/told.html",
        {
            "rows": [(one, forms_of.get(one.telling.pk)) for one in rows],
            "waiting": waiting,
            "elsewhere": viewer.level != "identified" and waiting,
            "wrong": next(iter((sent or {}).values()), None),
        },
    )
    actions.note_told([one.telling for one in rows], by=viewer)
    return response


def _month_page(request: HttpRequest, found: report.Report, sent: dict[str, ReviewForm] | None = None) -> HttpResponse:
    forms_of = [
        (one, None if one.review == actions.IN_ORDER or one.own else (sent or {}).get(one.key) or _review_form(one))
        for one in found.rows
    ]
    context = {"report": found, "rows": forms_of, "wrong": next(iter((sent or {}).values()), None)}
    return render(request, "access/need/month.html", context)


def _review_form(row: report.NeedRow) -> ReviewForm:
    return ReviewForm(prefix=row.key, initial={"outcome": row.review, "words": row.review_words})


def _month(text: str) -> date:
    """The first day of the month in the address. Raises Http404 for anything else."""
    if not _MONTH.fullmatch(text):
        raise Http404
    return date.fromisoformat(f"{text}-01")


def _done(form: forms.Form, act: Callable[[], None]) -> bool:
    """Whether the action was done; what it refuses in plain words becomes an error on the form."""
    try:
        act()
    except actions.Incomplete as lacking:
        form.add_error(lacking.field if lacking.field in form.fields else None, str(lacking))
        return False
    except PlainError as refused:
        form.add_error(None, str(refused))
        return False
    return True
