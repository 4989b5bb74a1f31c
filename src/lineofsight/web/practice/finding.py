"""Finding a child, and stating the need to open one outside one's scope.

What is typed to find a child travels in a form's body only: never in an address, a title or a log, and the results
stand in the answer to that form alone. Asked for by its address, the page is the empty form.
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from lineofsight.errors import PlainError
from lineofsight.web.access.forms import PlainDateField
from lineofsight.web.access.need import actions, telling
from lineofsight.web.access.need.forms import NeedForm
from lineofsight.web.access.need.purposes import purposes
from lineofsight.web.access.permissions import check_see_children
from lineofsight.web.access.viewer import Viewer, viewer_of
from lineofsight.web.practice.queries import finding
from lineofsight.web.practice.views import answers_when_loaded

SHORTEST_PART = 2
OFF = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}


def _box(label: str, **given: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=80, widget=forms.TextInput(attrs=OFF), **given)


class FindForm(forms.Form):
    """Parts of the name, the date of birth, or the case system's id. One of them is enough."""

    forename = _box("First name", help_text="Its beginning is enough.")
    surname = _box("Surname", help_text="Its beginning is enough.")
    born = PlainDateField(
        label="Date of birth",
        required=False,
        help_text="For example, 31 October 2012",
        widget=forms.TextInput(attrs={**OFF, "class": "govuk-input--width-10"}),
    )
    case_id = _box("Number in the case system", help_text="The whole number, as the case system writes it.")

    def clean(self) -> dict[str, Any]:
        """Something was typed, and a name alone is long enough to mean somebody."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return given
        names = [given[name].strip() for name in ("forename", "surname") if given[name].strip()]
        if not (names or given["born"] or given["case_id"]):
            raise forms.ValidationError("Type part of the name, the date of birth or the number in the case system.")
        if not (given["born"] or given["case_id"]) and max(map(len, names)) < SHORTEST_PART:
            raise forms.ValidationError("Type at least two letters of a name.")
        return given

    def asked(self) -> finding.Asked:
        """What was typed, as the query takes it. Call it on a valid form."""
        given = self.cleaned_data
        return finding.Asked(given["forename"].strip(), given["surname"].strip(), given["born"], given["case_id"])


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@answers_when_loaded
def find(request: HttpRequest) -> HttpResponse:
    """Find a child: an empty form by its address, the results in the answer to what was sent."""
    viewer = viewer_of(request)
    check_see_children(viewer)
    form = FindForm(request.POST if request.method == "POST" else None)
    found = finding.find(viewer, form.asked()) if request.method == "POST" and form.is_valid() else None
    context = {"form": form, "found": found, "may_need": actions.may_need(viewer), "most": finding.MOST}
    return render(request, "practice/find.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@answers_when_loaded
def need(request: HttpRequest, ref: str) -> HttpResponse:
    """State the need to open one child outside one's scope. Nothing on this page tells who the child is."""
    viewer = viewer_of(request)
    needed = finding.needed(viewer, ref)
    if needed.open:
        return redirect("practice:child", ref=ref)
    form = NeedForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _opened(request, viewer, needed, form):
        return redirect("practice:child", ref=ref)
    choices = list(zip(form["purpose"], purposes().values(), strict=True))
    context = {"form": form, "choices": choices, "nobody": not needed.second, "letter": telling.can_write()}
    return render(request, "practice/need.html", context)


def _opened(request: HttpRequest, viewer: Viewer, needed: finding.Needed, form: NeedForm) -> bool:
    """Whether the child is open now; what the action refuses in plain words becomes an error on the form."""
    given = form.cleaned_data
    try:
        actions.open_for_need(
            by=viewer,
            child_key=needed.child_key,
            purpose_slug=given["purpose"],
            reason=given["reason"],
            second=needed.second,
            address=request.build_absolute_uri(reverse("access:told")),
        )
    except actions.AlreadyOpen as already:
        messages.info(request, str(already))
    except actions.Incomplete as lacking:
        form.add_error(lacking.field, str(lacking))
        return False
    except PlainError as refused:
        form.add_error(None, str(refused))
        return False
    return True
