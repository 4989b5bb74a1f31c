"""Pages of this room: packs made, read, signed and written out; texts released."""

from __future__ import annotations

from datetime import date
from typing import Any

from csp.decorators import csp_replace
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lineofsight.errors import PlainError
from lineofsight.web.access.chain import record_read
from lineofsight.web.access.permissions import Capability, check, may
from lineofsight.web.access.viewer import Viewer, viewer_of
from lineofsight.web.commitments import actions as commitments
from lineofsight.web.commitments.forms import AnswerForm, answers_of
from lineofsight.web.commitments.permissions import check_sign, check_stands, may_prepare, may_sign, office_title
from lineofsight.web.reports import packs, queries, rendering
from lineofsight.web.reports.forms import ReleaseForm
from lineofsight.web.reports.models import Pack, Release
from lineofsight.web.reports.permissions import check_read_pack

# What a page that stands alone may load: the one style inside it, and the empty icon it names.
ALONE = {"style-src": [f"'{rendering.style_hash()}'"], "script-src": ["'none'"], "img-src": ["data:"]}


@require_GET
def packs_list(request: HttpRequest) -> HttpResponse:
    """Every month's pack."""
    viewer = viewer_of(request)
    packs = queries.listed(viewer)
    signed = sum(one.signed_at is not None for one in packs)
    context = {"packs": packs, "signed": signed, "missing": queries.missing(viewer)}
    return render(request, "reports/packs.html", context)


@require_http_methods(["GET", "POST"])
def pack(request: HttpRequest, office: str, month: date) -> HttpResponse:
    """Read a pack and sign it, or prepare the answer for the office-holder."""
    viewer = viewer_of(request)
    found = queries.read(viewer, office, month, request.GET.get("pack", ""))
    signs = may_sign(viewer, office, "pack")
    unsigned = not (found.record and found.record.signed)
    writes = (signs or may_prepare(viewer, office)) and unsigned and found.listed.stands
    draft = found.record if found.record and not found.record.signed else None
    form = AnswerForm(_posted(request), initial=answers_of(draft) if draft else None, viewer=viewer)
    if request.method == "POST" and not writes:
        check_sign(viewer, office, "pack")
        if unsigned:
            check_stands("pack", str(found.pack.pk))
        raise PlainError("This pack is signed already. Its record can be corrected.")
    if request.method == "POST" and form.is_valid() and not form.written_over(draft, request.POST.get("draft", "")):
        answer = _answered(request, viewer, found, form)
        if answer is not None:
            return answer
    context: dict[str, Any] = {
        "found": found,
        "pack": found.document,
        "form": form if writes else None,
        "signs": signs,
        "signs_title": office_title(office),
        "draft": draft,
        "releases": may(viewer, Capability.RELEASE_TEXT) and office == "dcs",
        "release_form": ReleaseForm(),
    }
    return render(request, "reports/pack.html", context)


@require_POST
def make(request: HttpRequest, office: str, month: date) -> HttpResponse:
    """Make the month's pack."""
    viewer = viewer_of(request)
    made = packs.make(office, month, viewer)
    messages.success(request, "The pack is made. Nothing in it changes from now on.")
    return redirect("reports:pack", office=made.office, month=made.month)


@require_GET
def pdf(request: HttpRequest, office: str, month: date) -> HttpResponse:
    """The pack as a tagged PDF."""
    found, content = _written(request, office, month, "pdf")
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{_file_name(found)}.pdf"'
    return response


# The page stands alone, so its one style is inside it; everything else is refused as on every page.
@require_GET
@csp_replace(ALONE)  # type: ignore[arg-type]  # typed for views without arguments
def html(request: HttpRequest, office: str, month: date) -> HttpResponse:
    """The pack as one page that can be printed or kept."""
    _, content = _written(request, office, month, "html")
    return HttpResponse(content)


@require_POST
def release(request: HttpRequest, office: str, month: date) -> HttpResponse:
    """Release a text to the Lead Member."""
    viewer = viewer_of(request)
    check(viewer, Capability.RELEASE_TEXT)
    form = ReleaseForm(request.POST)
    if form.is_valid():
        try:
            packs.release("lead-member", month, form.cleaned_data["text"], by=viewer)
            messages.success(request, "The Lead Member can read it now.")
            return redirect("reports:pack", office=office, month=month)
        except PlainError as refused:
            form.add_error("text", str(refused))
    texts = queries.released(viewer, month)
    return render(request, "reports/release.html", {"form": form, "office": office, "month": month, "texts": texts})


@require_POST
def take_back(request: HttpRequest, key: int) -> HttpResponse:
    """Take a released text back."""
    viewer = viewer_of(request)
    check(viewer, Capability.RELEASE_TEXT)
    found = Release.objects.filter(pk=key).first()
    if found is None:
        raise Http404
    packs.take_back(found, by=viewer)
    messages.success(request, "The Lead Member can no longer read it.")
    return redirect("reports:pack", office="dcs", month=found.month)


def _answered(request: HttpRequest, viewer: Viewer, found: queries.Read, form: AnswerForm) -> HttpResponse | None:
    """Sign the pack, or keep a draft for the office-holder; None, with errors on the form, where it cannot be."""
    office, one = found.pack.office, found.pack
    title = f"{one.month:%B %Y} pack for the {office_title(office)}"
    subject = commitments.Subject(title, "pack", str(one.pk))
    bound = [commitments.Frozen("pack", str(one.pk), one.digest)]
    draft = found.record if found.record and not found.record.signed else None
    signing = may_sign(viewer, office, "pack") and request.POST.get("then") != "draft"
    try:
        if signing:
            made = commitments.sign_now(subject, form.told(), by=viewer, rests_on=bound, draft=draft)
        else:
            made = commitments.prepare_record(
                subject, form.told(), by=viewer, office=office, rests_on=bound, draft=draft
            )
    except commitments.Incomplete as lacking:
        form.add_error(lacking.field if lacking.field in form.fields else None, str(lacking))
        return None
    except PlainError as refused:
        form.add_error(None, str(refused))
        return None
    said = "The pack is signed." if signing else f"The draft is kept. The {office_title(office)} signs it."
    messages.success(request, said)
    return redirect("commitments:record", key=made.pk)


def _written(request: HttpRequest, office: str, month: date, form: str) -> tuple[Pack, bytes]:
    """The pack as a file, its reading logged first."""
    viewer = viewer_of(request)
    check_read_pack(viewer, office)
    found = queries.pack_of(office, month, request.GET.get("pack", ""))
    record_read(
        viewer=viewer, action="pack.taken", subject=f"pack {office} {month:%Y-%m}",
        detail={"pack": str(found.pk), "form": form},
    )  # fmt: skip
    return found, packs.render(found, form)


def _file_name(found: Pack) -> str:
    return f"line-of-sight-{found.office}-{found.month:%Y-%m}"


def _posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, an empty form too; None for a page that is only read."""
    return request.POST if request.method == "POST" else None
