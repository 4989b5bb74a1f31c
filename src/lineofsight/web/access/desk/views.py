"""Pages of the desk of information governance."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access.desk import actions, files, looks, subject_access
from lineofsight.web.access.desk import front as desk
from lineofsight.web.access.desk import log as desk_log
from lineofsight.web.access.desk.forms import ChildForm, LogFilterForm, LookIntoForm, PeriodForm, SubjectAccessForm
from lineofsight.web.access.desk.period import Period
from lineofsight.web.access.permissions import Capability, check
from lineofsight.web.access.viewer import viewer_of


@require_GET
def front(request: HttpRequest) -> HttpResponse:
    """What is worth a look, and the ways into the log."""
    page = desk.front(viewer_of(request))
    return render(request, "access/desk/front.html", {"page": page, "form": ChildForm()})


@require_GET
def log(request: HttpRequest) -> HttpResponse:
    """Who looked at what, newest first, as a page or a file."""
    viewer = viewer_of(request)
    form = LogFilterForm(request.GET)
    asked = _asked(form)
    if request.GET.get("format") == "csv":
        content = files.as_csv(desk_log.COLUMNS, desk_log.taken(viewer, asked))
        return _attached(content, "text/csv; charset=utf-8", f"log-{clock.today().isoformat()}.csv")
    before = request.GET.get("before", "")
    page = desk_log.page(viewer, asked, before=int(before) if before.isdecimal() else None)
    form.offer(people=page.people, actions=page.actions, reasons=page.reasons)
    told = {"page": page, "form": form, "asked": asked, "filtered": asked != desk_log.Asked(), "begun": bool(before)}
    return render(request, "access/desk/log.html", told)


@require_http_methods(["GET", "POST"])
def find_child(request: HttpRequest) -> HttpResponse:
    """Ask who looked at one child. What is typed goes no further than this."""
    check(viewer_of(request), Capability.SEE_LOG)
    form = ChildForm(_posted(request))
    if form.is_valid() and (ref := looks.ref_of(form.cleaned_data["child"])):
        return redirect("access:desk-of-child", ref=ref)
    return render(request, "access/desk/find_child.html", {"form": form})


@require_GET
def of_child(request: HttpRequest, ref: str) -> HttpResponse:
    """Who looked at one child, when and why."""
    return render(request, "access/desk/of_child.html", {"found": looks.by_child(viewer_of(request), ref)})


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """What each person was shown."""
    form, period = _period(request)
    found = looks.people(viewer_of(request), period)
    return render(request, "access/desk/people.html", {"people": found, "form": form, "period": period})


@require_GET
def reasons(request: HttpRequest) -> HttpResponse:
    """Why children were looked at."""
    form, period = _period(request)
    found = looks.reasons(viewer_of(request), period)
    looks_at = sum(one.events for one in found)
    given = sum(one.events for one in found if one.digest)
    told = {"reasons": found, "form": form, "period": period, "looks": looks_at, "given": given}
    return render(request, "access/desk/reasons.html", told)


@require_GET
def pattern(request: HttpRequest, pattern: str) -> HttpResponse:
    """All that one pattern found."""
    return render(request, "access/desk/pattern.html", {"section": desk.section(viewer_of(request), pattern)})


@require_http_methods(["GET", "POST"])
def sighting(request: HttpRequest, pattern: str, actor: str, what: str) -> HttpResponse:
    """One sighting: why it is shown, the events, and what was found."""
    viewer = viewer_of(request)
    form = LookIntoForm(_posted(request))
    if form.is_valid():
        try:
            actions.look_into(pattern, actor, what, form.cleaned_data["words"], by=viewer)
            messages.success(request, "Looked into. It is kept under what was looked into.")
            return redirect("access:desk")
        except PlainError as refused:
            form.add_error(None, str(refused))
    one = desk.one(viewer, pattern, actor, what)
    return render(request, "access/desk/sighting.html", {"one": one, "form": form})


@require_GET
def looked_into(request: HttpRequest) -> HttpResponse:
    """What was looked into, and what was found."""
    return render(request, "access/desk/looked_into.html", {"looked": desk.looked_into(viewer_of(request))})


@require_http_methods(["GET", "POST"])
def subject_access_requests(request: HttpRequest) -> HttpResponse:
    """Take one child's record out for a subject access request; the register of those taken."""
    viewer = viewer_of(request)
    form = SubjectAccessForm(_posted(request))
    if form.is_valid():
        given = form.cleaned_data
        try:
            made = subject_access.export(given["reference"], given["asked_by"], given["person_id"], by=viewer)
            return _attached(made.content, "application/zip", made.name)
        except PlainError as refused:
            form.add_error("person_id", str(refused))
    register = subject_access.past(viewer)
    return render(request, "access/desk/subject_access.html", {"form": form, "register": register})


def _asked(form: LogFilterForm) -> desk_log.Asked:
    """The log as the address asks for it. A child's ref that is not this desk's is no page."""
    period = form.period()
    given = {name: form.data.get(name, "") for name in ("person", "action", "reason", "child")}
    child = looks.child_key(given["child"]) if given["child"] else ""
    return desk_log.Asked(given["person"], given["action"], child, given["reason"], period)


def _period(request: HttpRequest) -> tuple[PeriodForm, Period]:
    """The days asked for, the last month where none are."""
    if not request.GET:
        period = Period.lately()
        return PeriodForm(initial={"begins": period.begins}), period
    form = PeriodForm(request.GET)
    return form, form.period()


def _attached(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return response


def _posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, an empty form too; None for a page that is only read."""
    return request.POST if request.method == "POST" else None
