"""Teams and workers: what they are called, which ids are one, what was merged."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from lineofsight.errors import PlainError
from lineofsight.policy.registry import Kind
from lineofsight.web.access.permissions import Capability, may
from lineofsight.web.access.viewer import Viewer, viewer_of
from lineofsight.web.data import wanted
from lineofsight.web.data.actions import changes as actions
from lineofsight.web.data.changes_forms import LONGEST, EntryForm
from lineofsight.web.data.permissions import check_change, may_change
from lineofsight.web.data.queries import changes, teams

KINDS: dict[str, Kind] = {"team": "team", "worker": "worker"}


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """Teams and workers, and what the extracts suggest."""
    viewer = viewer_of(request)
    told = {"page": teams.page(viewer), "kept": _kept(viewer), "changes": may_change(viewer)}
    return render(request, "data/teams.html", told)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest) -> HttpResponse:
    """Say what happened to one team or worker; what that would do is shown before it is saved."""
    viewer = viewer_of(request)
    check_change(viewer)
    kind, given = KINDS.get(request.GET.get("kind", "")), request.GET.get("id", "").strip()
    if kind is None or not given or len(given) > LONGEST:
        raise Http404
    called = teams.called(viewer, kind, given)
    form = _form(request, viewer, kind, given)
    if form.is_valid():
        about = {"of": kind, "id": given, "called": called if kind == "team" else ""}
        try:
            what, told = form.cleaned_data["what"], _told(form.cleaned_data, called)
            into = teams.called(viewer, kind, told["into"]) if "into" in told else ""
            made = actions.ask(by=viewer, what=what, told=about | told | ({"into_called": into} if into else {}))
            return redirect("data:change", key=made.key)
        except PlainError as refused:
            form.add_error("what", str(refused))
    return render(request, "data/entry.html", {"form": form, "kind": kind, "id": given, "called": called})


def _form(request: HttpRequest, viewer: Viewer, kind: Kind, given: str) -> EntryForm:
    others = {one: name for one, name in sorted(teams.known(viewer, kind).items()) if one != given}
    other = request.GET.get("other", "")[:LONGEST]
    if other and other != given:  # an id that is gone from the extract, or new in it
        others.setdefault(other, "")
    sent = request.POST if request.method == "POST" else None
    if sent is None and "ask" in request.GET and not request.GET.get("what"):
        sent = request.GET  # went on without an answer: it is asked for again
    return EntryForm(
        sent,
        kind=kind,
        chosen=(request.POST if request.method == "POST" else request.GET).get("what", ""),
        others=others,
        renames=kind == "team" or may(viewer, Capability.SEE_WORKERS),
        initial={name: request.GET.get(name, "")[:LONGEST] for name in ("what", "name", "other", "into", "since")},
    )


def _told(given: dict[str, Any], called: str) -> dict[str, str]:
    """What was chosen, and nothing that was filled in beside it."""
    if given["what"] == wanted.SAME:
        return {"other": given["other"]}
    since = given["since"].isoformat()
    if given["what"] == wanted.MERGE:
        return {"into": given["into"], "on": since}
    return {"name": given["name"].strip(), "since": since, "before": called}


def _kept(viewer: Viewer) -> list[changes.Kept]:
    return changes.kept(viewer, wanted.NAME, wanted.SAME, wanted.MERGE)
