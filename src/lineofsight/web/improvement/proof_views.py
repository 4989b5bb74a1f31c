"""Pages of proof: what an action calls for, what was found when somebody looked, and closing it on that."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from lineofsight import clock
from lineofsight.web.access.viewer import viewer_of
from lineofsight.web.improvement import permissions
from lineofsight.web.improvement.action_views import Asking, answered
from lineofsight.web.improvement.actions import proof as writers
from lineofsight.web.improvement.answering import posted
from lineofsight.web.improvement.proof_forms import DropForm, LookForm, ProofForm
from lineofsight.web.improvement.queries.one_action import get_proof

ASK = Asking(
    "Call for proof",
    "From now on the action is green only where the proof holds.",
    "Call for it",
    "The proof is called for. Until it holds, the action is not green.",
)
LOOK = Asking(
    "What was found",
    "If it did not hold, the action is red, and open again if it was closed.",
    "Save what was found",
    "What was found is written down.",
)
OF_MEASURE = Asking(
    "Look at the measure",
    "The newest figure is taken as measured and frozen as evidence. Whether it held follows from the target.",
    "Take the newest figure",
    "The figure is taken, and frozen as evidence.",
)
DROP = Asking(
    "Call for this proof no longer",
    "That it was called for, and your reason, stay in the history.",
    "Call for it no longer",
    "The proof is no longer called for.",
)
CLOSE = Asking(
    "Close this action",
    "It is closed on proof alone: each proof that it calls for must have held when somebody last looked.",
    "Close it on its proof",
    "The action is closed on its proof, and green. A later look that fails opens it again.",
)


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, key: UUID) -> HttpResponse:
    """Say what would prove it."""
    viewer = viewer_of(request)
    permissions.check_keep(viewer)
    form = ProofForm(posted(request))
    return answered(request, key, form, ASK, lambda one: writers.ask_proof(by=viewer, action=one, asked=form.asked()))


@require_http_methods(["GET", "POST"])
def look(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """Say what was found when somebody looked."""
    viewer = viewer_of(request)
    permissions.check_judge(viewer)
    proof = get_proof(viewer, key, number)
    form = LookForm(posted(request), kind=proof.kind, initial={"looked_on": clock.today()})
    asking = OF_MEASURE if proof.kind == "measure" else LOOK
    return answered(request, key, form, asking, lambda _: writers.give_proof(by=viewer, proof=proof, look=form.look()))


@require_http_methods(["GET", "POST"])
def drop(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """Call for a proof no longer, with the reason."""
    viewer = viewer_of(request)
    permissions.check_judge(viewer)
    proof = get_proof(viewer, key, number)
    form = DropForm(posted(request))
    return answered(request, key, form, DROP, lambda _: writers.drop_proof(by=viewer, proof=proof, **form.cleaned_data))


@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, key: UUID) -> HttpResponse:
    """Close the action on its proof."""
    viewer = viewer_of(request)
    permissions.check_judge(viewer)
    form = forms.Form(posted(request))
    return answered(request, key, form, CLOSE, lambda one: writers.close(by=viewer, action=one))
