"""The one address that takes files, and the page that is looked at while they are read."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods

from lineofsight.errors import PlainError
from lineofsight.web.access.viewer import Viewer, viewer_of
from lineofsight.web.data import uploads
from lineofsight.web.data.actions import loads as actions
from lineofsight.web.data.loads_forms import SendForm
from lineofsight.web.data.models import Job
from lineofsight.web.data.permissions import check_load
from lineofsight.web.data.queries import sent


@csrf_exempt  # asked below: until it is known who sends, no byte of what is sent is read
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Send files to be loaded."""
    viewer = viewer_of(request)
    check_load(viewer)
    handler = uploads.ToStaging(request)
    if request.method == "POST":
        try:
            uploads.check_length(request)
        except uploads.TooMuch as refused:
            return _page(request, SendForm({}), str(refused), status=413)
        request.upload_handlers = [handler]
    try:
        return _new(request, viewer, handler)
    finally:
        if not handler.kept:
            handler.forget()


@csrf_protect
def _new(request: HttpRequest, viewer: Viewer, handler: uploads.ToStaging) -> HttpResponse:
    form = SendForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _page(request, form)
    if handler.refused:
        return _page(request, form, str(handler.refused), status=413)
    if not form.is_valid():
        return _page(request, form, "Choose the files again: nothing is kept of a form that is not complete.")
    sending = handler.sending.id if handler.sending else ""
    try:
        job = actions.send(by=viewer, sending=sending, files=handler.sent, as_at=form.cleaned_data["as_at"])
    except PlainError as wrong:
        return _page(request, form, str(wrong))
    handler.kept = True
    return redirect("data:sending", key=job.key)


@require_GET
def sending(request: HttpRequest, key: UUID) -> HttpResponse:
    """How far something is that was asked for; the load's own page once it is there."""
    found = sent.progress(viewer_of(request), key)
    part = request.headers.get("X-Part") == "progress"  # what progress.js asks for, to put in the place of the old
    job = found.job
    if found.over and job.snapshot and job.state in (Job.DONE, Job.WAITS) and not part:
        return redirect("data:load", snapshot=job.snapshot)
    name = "data/parts/progress.html" if part else "data/sending.html"
    return render(request, name, {"found": found})


def _page(request: HttpRequest, form: SendForm, wrong: str = "", status: int = 200) -> HttpResponse:
    if wrong and form.is_valid():
        form.add_error("extract", wrong)
    context = {"form": form, "limit": uploads.limit_words(), "most": uploads.most_bytes()}
    return render(request, "data/new_load.html", context, status=status)
