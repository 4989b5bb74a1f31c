"""Pages of one action, and the forms by which somebody says how it stands, who answers for it and by when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from lineofsight.web.access.viewer import Viewer, viewer_of
from lineofsight.web.improvement import marks, permissions
from lineofsight.web.improvement.actions import plans as plan_writers
from lineofsight.web.improvement.actions import progress as writers
from lineofsight.web.improvement.actions_forms import (
    NO_FINDING,
    AnswersForm,
    ColourForm,
    DeadlineForm,
    MeasureForm,
    MitigationForm,
    OwnersForm,
    ReopenForm,
    RuleForm,
    SayForm,
)
from lineofsight.web.improvement.answering import done, key_of, posted
from lineofsight.web.improvement.models import Action
from lineofsight.web.improvement.queries.one_action import get_action, line_of, one_action, text, to_say
from lineofsight.web.improvement.queries.one_finding import findings_to_answer, get_finding
from lineofsight.web.improvement.queries.owners import may_be_owners


@dataclass(frozen=True)
class Asking:
    """What a form page of an action says: its heading, the sentence under it, its button, and what follows."""

    heading: str
    lead: str
    button: str
    said: str
    template: str = "improvement/action_form.html"


COLOUR = Asking(
    "Set another colour",
    "It stands until you go back to the rule, a proof fails, or the action is opened again.",
    "Set the colour",
    "The colour is set, with your reason.",
)
RULE = Asking(
    "Let the rule decide again",
    "The colour becomes what the published rule gives. The colour that was set stays in the history.",
    "Go back to the rule",
    "The rule decides again.",
)
MITIGATION = Asking(
    "What is being done meanwhile",
    "Say what is being done while the action itself is late. It stands in the plan’s report.",
    "Save",
    "What is being done meanwhile is written down.",
)
OWNERS = Asking(
    "Who answers for it",
    "A name is written as the plan has it. Say who that is here, so that they see the action as their own.",
    "Save the owners",
    "The owners are saved.",
    "improvement/owners.html",
)
DEADLINE = Asking(
    "Move the deadline",
    "The deadline that stood before, and your reason, stay in the history.",
    "Move the deadline",
    "The deadline is saved.",
)
FINDING = Asking(
    "Which finding it answers",
    "An action that came with a plan’s table names none. While the action is open, its finding cannot be closed.",
    "Save",
    "Which finding it answers is saved.",
)
MEASURE = Asking(
    "What it should move",
    "The page then says how close it is: from where it began to where it should be.",
    "Save",
    "What it should move is saved.",
)
REOPEN = Asking(
    "Open this action again",
    "It becomes red, and proof starts anew. That it was closed or green stays in the history.",
    "Open it again",
    "The action is open again, and red.",
)


@require_GET
def action(request: HttpRequest, key: UUID) -> HttpResponse:
    """One action: what is to be done, by whom and when, its colour and why, how close it is, and its proof."""
    return render(request, "improvement/action.html", {"found": one_action(viewer_of(request), key)})


@require_http_methods(["GET", "POST"])
def say(request: HttpRequest, key: UUID) -> HttpResponse:
    """The one box in which an owner says how it is going. A chaser's letter leads here."""
    viewer = viewer_of(request)
    found, line = to_say(viewer, key)
    form = SayForm(posted(request))

    def act() -> object:
        return writers.add_update(by=viewer, action=found, **form.cleaned_data)

    if request.method == "POST" and form.is_valid() and done(form, act):
        messages.success(request, "Thank you. It is written down, and stays in the action’s history.")
        return redirect("improvement:mine") if permissions.owns(viewer, found) else _page_of(key)
    return render(request, "improvement/say.html", {"action": found, "line": line, "form": form})


@require_http_methods(["GET", "POST"])
def colour(request: HttpRequest, key: UUID) -> HttpResponse:
    """Set a colour that is not the rule's."""
    viewer = viewer_of(request)
    permissions.check_judge(viewer)
    form = ColourForm(posted(request))
    return answered(
        request, key, form, COLOUR, lambda one: writers.set_colour(by=viewer, action=one, **form.cleaned_data)
    )


@require_http_methods(["GET", "POST"])
def rule(request: HttpRequest, key: UUID) -> HttpResponse:
    """Let the rule decide again."""
    viewer = viewer_of(request)
    permissions.check_judge(viewer)
    form = RuleForm(posted(request))
    return answered(
        request, key, form, RULE, lambda one: writers.back_to_rule(by=viewer, action=one, **form.cleaned_data)
    )


@require_http_methods(["GET", "POST"])
def mitigation(request: HttpRequest, key: UUID) -> HttpResponse:
    """Say what is being done meanwhile."""
    viewer = viewer_of(request)
    permissions.check_say(viewer, get_action(viewer, key))
    form = MitigationForm(posted(request))
    return answered(
        request, key, form, MITIGATION, lambda one: writers.write_mitigation(by=viewer, action=one, **form.cleaned_data)
    )


@require_http_methods(["GET", "POST"])
def owners(request: HttpRequest, key: UUID) -> HttpResponse:
    """Say who answers for it, and who that is here."""
    viewer = viewer_of(request)
    found = get_action(viewer, key)
    permissions.check_change(viewer, found)
    standing = list(found.owners.filter(left_on=None).select_related("person").order_by("place"))
    form = OwnersForm(posted(request), standing=standing, people=may_be_owners(viewer))

    def act(one: Action) -> object:
        mark, why = request.POST.get("mark", ""), form.cleaned_data["why"]
        return plan_writers.change(by=viewer, action=one, mark=mark, owned_by=form.named(), why=why)

    return answered(request, key, form, OWNERS, act)


@require_http_methods(["GET", "POST"])
def deadline(request: HttpRequest, key: UUID) -> HttpResponse:
    """Move the deadline, with the reason."""
    viewer = viewer_of(request)
    found = get_action(viewer, key)
    permissions.check_change(viewer, found)
    form = DeadlineForm(posted(request), initial={"deadline": found.deadline_words})

    def act(one: Action) -> object:
        return plan_writers.change(by=viewer, action=one, mark=request.POST.get("mark", ""), **form.cleaned_data)

    return answered(request, key, form, DEADLINE, act)


@require_http_methods(["GET", "POST"])
def measure(request: HttpRequest, key: UUID) -> HttpResponse:
    """Say which measure it should move, and from where to where."""
    viewer = viewer_of(request)
    permissions.check_keep(viewer)
    found = get_action(viewer, key)
    names = ("measure", "baseline", "baseline_on", "target")
    form = MeasureForm(posted(request), initial={name: getattr(found, name) for name in names})
    return answered(
        request, key, form, MEASURE, lambda one: plan_writers.set_measure(by=viewer, action=one, **form.cleaned_data)
    )


@require_http_methods(["GET", "POST"])
def finding(request: HttpRequest, key: UUID) -> HttpResponse:
    """Say which open finding it answers, or none."""
    viewer = viewer_of(request)
    permissions.check_keep(viewer)
    found = get_action(viewer, key)
    form = AnswersForm(
        posted(request),
        findings=findings_to_answer(viewer, found),
        initial={"finding": str(found.finding_id) if found.finding_id else NO_FINDING},
    )

    def act(one: Action) -> object:
        wanted = key_of(form.cleaned_data["finding"].replace(NO_FINDING, ""))
        chosen = get_finding(viewer, wanted) if wanted else None
        return plan_writers.answer(by=viewer, action=one, finding=chosen)

    return answered(request, key, form, FINDING, act)


@require_http_methods(["GET", "POST"])
def reopen(request: HttpRequest, key: UUID) -> HttpResponse:
    """Open again what was closed or green, with the reason."""
    viewer = viewer_of(request)
    permissions.check_judge(viewer)
    form = ReopenForm(posted(request))
    return answered(request, key, form, REOPEN, lambda one: writers.reopen(by=viewer, action=one, **form.cleaned_data))


def answered(
    request: HttpRequest, key: UUID, form: forms.Form, asking: Asking, act: Callable[[Action], object]
) -> HttpResponse:
    """A form of one action: shown, or done and back to its page."""
    viewer = viewer_of(request)
    found = get_action(viewer, key)
    if request.method == "POST" and form.is_valid() and done(form, lambda: act(found)):
        messages.success(request, asking.said)
        return _page_of(key)
    return render(request, asking.template, {**_about(viewer, found), "form": form, "asking": asking})


def _about(viewer: Viewer, found: Action) -> dict[str, object]:
    """The action as it stands beside its form, and the mark of that."""
    shown = text(viewer, found, theirs=permissions.owns(viewer, found))
    return {
        "action": found,
        "line": line_of(viewer, found),
        "text": shown,
        "mark": marks.of_action(found) if permissions.may_keep(viewer) else "",
    }


def _page_of(key: UUID) -> HttpResponse:
    return redirect("improvement:action", key=key)
