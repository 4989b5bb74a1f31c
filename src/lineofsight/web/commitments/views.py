"""Pages of this room: commitments, how they were kept, and the formal records."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

from dateutil.relativedelta import relativedelta
from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access.known import looks_back
from lineofsight.web.access.permissions import Capability, check, may
from lineofsight.web.access.viewer import Viewer, viewer_of
from lineofsight.web.commitments import actions, protocol, queries, seeing
from lineofsight.web.commitments.forms import (
    AnswerForm,
    AskForm,
    ChangeForm,
    MeetingForm,
    PlanForm,
    answers_of,
    read_month,
)
from lineofsight.web.commitments.models import Record
from lineofsight.web.commitments.permissions import (
    check_prepare,
    check_say,
    check_sign,
    holds,
    may_prepare,
    may_sign,
    office_kept_by,
    office_title,
)
from lineofsight.web.commitments.protocol import Commitment
from lineofsight.web.commitments.schedule import BROKEN
from lineofsight.web.evidence.withdrawn import withdrawn_under

CHANGED = "What this page shows has changed while you were writing. Read it again below, then send."


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """My commitments in one month."""
    viewer = viewer_of(request)
    asked = request.GET.get("month", "")
    first = read_month(asked) if asked else None
    if asked and first is None:
        raise Http404
    if not may(viewer, Capability.KEEP_COMMITMENTS) and may(viewer, Capability.SEE_RECORDS):
        return redirect("commitments:coverage")
    found = queries.month_of(viewer, first)
    context = {
        "found": found,
        "own": holds(viewer, found.office),
        "earlier": found.month - relativedelta(months=1),
        "later": found.month + relativedelta(months=1),
        "this_month": found.month == clock.today().replace(day=1),
    }
    return render(request, "commitments/mine.html", context)


@require_GET
def coverage(request: HttpRequest) -> HttpResponse:
    """How both offices kept their commitments over two years."""
    return render(request, "commitments/coverage.html", {"offices": queries.coverage(viewer_of(request))})


@require_http_methods(["GET", "POST"])
def commitment(request: HttpRequest, slug: str) -> HttpResponse:
    """One commitment: what it asks, where it comes from, and each time it was due."""
    viewer, found = viewer_of(request), _commitment(slug)
    parts = queries.history(viewer, found)
    prepares = any(may_prepare(viewer, office) for office in found.offices)
    form = PlanForm(_posted(request))
    if request.method == "POST":
        check_prepare(viewer, _own_office(viewer, found))
        if found.text_broken:
            raise PlainError(BROKEN)
        if form.is_valid() and _done(
            form, "due_on", lambda: actions.plan(found, form.cleaned_data["due_on"], by=viewer)
        ):
            messages.success(request, "The date is in the diary.")
            return redirect("commitments:commitment", slug=slug)
    seats = [(office_title(seat.office), seat) for seat in found.seats]
    context = {"commitment": found, "seats": seats, "parts": parts, "prepares": prepares, "form": form}
    return render(request, "commitments/commitment.html", context)


@require_http_methods(["GET", "POST"])
def hold(request: HttpRequest, slug: str, due_on: date | None = None) -> HttpResponse:
    """Write the record of having kept a commitment."""
    viewer, found = viewer_of(request), _commitment(slug)
    if found.pack:  # kept by signing the month's pack, so that what was read is bound to it
        return redirect("reports:packs")
    occurrence = queries.occurrence_of(viewer, found, due_on) if due_on else None
    office = _own_office(viewer, found)
    check_prepare(viewer, office)
    subject = actions.Subject(found.title, "commitment", found.slug)
    first = {"held_on": min(clock.today(), occurrence.due_on) if occurrence else clock.today()}
    form = MeetingForm(_posted(request), initial=first, viewer=viewer, commitment=found, office=office)
    if request.method == "POST" and form.is_valid():
        made = _written(request, form, subject, office, occurrence=occurrence)
        if made:
            return redirect("commitments:record", key=made.pk)
    context = {"commitment": found, "occurrence": occurrence, "form": form, **_who_signs(viewer, office)}
    return render(request, "commitments/hold.html", context)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, slug: str, due_on: date) -> HttpResponse:
    """Move an occurrence, or say why it will not be held."""
    viewer, found = viewer_of(request), _commitment(slug)
    occurrence = queries.occurrence_of(viewer, found, due_on)
    form = ChangeForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data

        def act() -> object:
            if given["what"] == "move":
                return actions.move(occurrence, given["due_on"], given["reason"], by=viewer)
            return actions.cancel(occurrence, given["reason"], by=viewer)

        if _done(form, "due_on" if given["what"] == "move" else "reason", act):
            messages.success(request, "It is moved." if given["what"] == "move" else "It says why it is not held.")
            return redirect("commitments:mine")
    return render(request, "commitments/change.html", {"commitment": found, "occurrence": occurrence, "form": form})


@require_GET
def records(request: HttpRequest) -> HttpResponse:
    """The formal records, newest first."""
    viewer = viewer_of(request)
    office, page = request.GET.get("office", ""), request.GET.get("page", "1")
    if not page.isdecimal():
        raise Http404
    found, pages = queries.records(viewer, office, int(page))
    context = {
        "records": found,
        "page": int(page),
        "pages": pages,
        "office": office,
        "offices": queries.offices_with_records(),
    }
    return render(request, "commitments/records.html", context)


@require_GET
def record(request: HttpRequest, key: UUID) -> HttpResponse:
    """One record, with what it rests on."""
    viewer = viewer_of(request)
    told = queries.record(viewer, key)
    context = {
        "told": told,
        "record": told.record,
        "rests_on": seeing.rests_on(viewer, told.record),
        "withdrawn": withdrawn_under(viewer, "record", str(told.record.pk)),
    }
    return render(request, "commitments/record.html", context)


@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, key: UUID) -> HttpResponse:
    """Read a draft through, change it, and sign it (or leave it for the office-holder)."""
    viewer = viewer_of(request)
    told = queries.record(viewer, key)
    draft = told.record
    if draft.signed:
        return redirect("commitments:record", key=key)
    if holds(viewer, draft.office):
        check_sign(viewer, draft.office, draft.about_kind)
    else:
        check_prepare(viewer, draft.office)
    found = protocol.in_force().by_slug().get(draft.about_key) if draft.about_kind == "commitment" else None
    form = MeetingForm(
        _posted(request), initial=answers_of(draft), viewer=viewer, commitment=found, office=draft.office
    )
    if request.method == "POST" and form.is_valid() and not form.written_over(draft, request.POST.get("draft", "")):
        subject = actions.Subject(draft.title, draft.about_kind, draft.about_key)
        bound = tuple(actions.Frozen(**one) for one in draft.rests_on)
        made = _written(request, form, subject, draft.office, occurrence=draft.occurrence, rests_on=bound, draft=draft)
        if made:
            return redirect("commitments:record", key=made.pk)
    context = {"told": told, "record": draft, "draft": draft, "form": form, **_who_signs(viewer, draft.office)}
    return render(request, "commitments/sign.html", context)


@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, key: UUID) -> HttpResponse:
    """Write a new version of a signed record; the first stands."""
    viewer = viewer_of(request)
    told = queries.record(viewer, key)
    first = told.record
    check_sign(viewer, first.office, first.about_kind, asking=first.judgement == "asked")
    found = protocol.in_force().by_slug().get(first.about_key) if first.about_kind == "commitment" else None
    form = MeetingForm(
        _posted(request), initial=answers_of(first), viewer=viewer, commitment=found, office=first.office
    )
    if request.method == "POST" and form.is_valid():
        made: list[Record] = []
        if _done(form, None, lambda: made.append(actions.correct_record(first, form.told(), by=viewer))):
            messages.success(request, "The correction is signed. The first version stands as it was.")
            return redirect("commitments:record", key=made[0].pk)
    return render(request, "commitments/correct.html", {"told": told, "record": first, "form": form})


@require_http_methods(["GET", "POST"])
@looks_back
def seen(request: HttpRequest) -> HttpResponse:
    """Record that I have seen what is on a page: it is frozen as evidence, and bound to the record."""
    viewer = viewer_of(request)
    check_say(viewer)
    return _about_a_page(request, viewer, AnswerForm(_posted(request), viewer=viewer), "commitments/seen.html")


@require_http_methods(["GET", "POST"])
@looks_back
def ask(request: HttpRequest) -> HttpResponse:
    """Ask about what is on a page: the question, and what was seen when it was asked."""
    viewer = viewer_of(request)
    check(viewer, Capability.ASK)
    check_say(viewer, asking=True)
    return _about_a_page(request, viewer, AskForm(_posted(request), viewer=viewer), "commitments/ask.html")


def _about_a_page(request: HttpRequest, viewer: Viewer, form: AnswerForm | AskForm, template: str) -> HttpResponse:
    page = seeing.look(viewer, request.GET.get("kind", ""), request.GET.get("key", ""))
    if request.method == "POST" and form.is_valid():
        made: list[Record] = []
        if request.POST.get("seen", "") != page.mark:
            form.add_error(None, CHANGED)
        elif _done(form, None, lambda: made.append(seeing.record_page(page, form.told(), by=viewer))):
            waits = f"The draft is kept, with what you saw. The {office_title(made[0].office)} signs it."
            messages.success(request, "It is on the record, with what you saw." if made[0].signed else waits)
            return redirect("commitments:record", key=made[0].pk)
    own = may_sign(viewer, viewer.office, asking=isinstance(form, AskForm))
    about = {"signs": own, "signs_title": office_title(office_kept_by(viewer))}
    return render(request, template, {"page": page, "form": form, **about})


def _written(
    request: HttpRequest,
    form: AnswerForm,
    subject: actions.Subject,
    office: str,
    **told: object,
) -> Record | None:
    """Sign for oneself, or leave a draft: None, with the errors on the form, where an answer is missing."""
    viewer = viewer_of(request)
    made: list[Record] = []
    signing = may_sign(viewer, office, subject.kind) and request.POST.get("then") != "draft"

    def act() -> None:
        if signing:
            made.append(actions.sign_now(subject, form.told(), by=viewer, **told))  # type: ignore[arg-type]
        else:
            made.append(actions.prepare_record(subject, form.told(), by=viewer, office=office, **told))  # type: ignore[arg-type]

    if not _done(form, None, act):
        return None
    said = "It is signed." if signing else f"The draft is kept. The {office_title(office)} signs it."
    messages.success(request, said)
    return made[0]


def _done(form: forms.Form, field: str | None, act: Callable[[], object]) -> bool:
    """Whether the action was done; what it refuses in plain words becomes an error on the form."""
    try:
        act()
    except actions.Incomplete as lacking:
        form.add_error(lacking.field if lacking.field in form.fields else None, str(lacking))
        return False
    except PlainError as refused:
        form.add_error(field, str(refused))
        return False
    return True


def _commitment(slug: str) -> Commitment:
    found = protocol.in_force().by_slug().get(slug)
    if found is None:
        raise Http404
    return found


def _own_office(viewer: Viewer, found: Commitment) -> str:
    """The office of a commitment that `viewer` keeps, else the first it belongs to (which then refuses)."""
    kept = office_kept_by(viewer)
    return kept if found.seat(kept) else found.offices[0]


def _who_signs(viewer: Viewer, office: str) -> dict[str, object]:
    return {"signs": holds(viewer, office), "signs_title": office_title(office)}


def _posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, an empty form too; None for a page that is only read."""
    return request.POST if request.method == "POST" else None
