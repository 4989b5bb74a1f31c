"""A night of file reading: files drawn by chance, read until the morning, noted, and put on the record."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access.need import nights, reading
from lineofsight.web.access.permissions import Capability, may, may_see_children
from lineofsight.web.access.viewer import Viewer, viewer_of
from lineofsight.web.evidence import resolvers
from lineofsight.web.evidence.resolvers import Seen, Shown
from lineofsight.web.practice import wording
from lineofsight.web.practice.queries import drawing
from lineofsight.web.practice.views import answers_when_loaded

KIND = "reading-night"
LONGEST_NOTE = 10_000


class DrawForm(forms.Form):
    """From whom, and how many."""

    drawn_from = forms.ChoiceField(
        label="Draw from",
        choices=tuple(reading.DRAWN_FROM.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what the files are drawn from."},
    )
    how_many = forms.IntegerField(
        label="How many files",
        initial=reading.USUAL,
        min_value=reading.FEWEST,
        max_value=reading.MOST,
        help_text=f"From {reading.FEWEST} to {reading.MOST}.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-2", "inputmode": "numeric"}),
        error_messages={
            "required": "Say how many files.",
            "invalid": "Enter a whole number.",
            "min_value": f"Draw at least {reading.FEWEST} files.",
            "max_value": f"Draw at most {reading.MOST} files: more is not a night’s reading.",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@answers_when_loaded
def readings(request: HttpRequest) -> HttpResponse:
    """Tonight's files where some are drawn; else what a night of file reading is, and the draw."""
    viewer = viewer_of(request)
    known = nights.nights(viewer)
    form = DrawForm(request.POST if request.method == "POST" else None, initial={"drawn_from": "on-plan"})
    if request.method == "POST" and form.is_valid() and _drawn(request, viewer, form):
        return redirect("practice:readings")
    tonight = next((one for one in known if one.open), None)
    context = {
        "form": form,
        "tonight": tonight,
        "files": drawing.listed(viewer, tonight) if tonight else (),
        "past": [one for one in known if not one.open],
        "until": reading.morning_after(clock.now()),
        "may_record": may(viewer, Capability.SIGN_RECORD),
    }
    return render(request, "practice/reading.html", context)


@require_safe
def reading_night(request: HttpRequest, key: UUID) -> HttpResponse:
    """An earlier night: counts, and the reader's own notes. No child is on it."""
    viewer = viewer_of(request)
    night = nights.night(viewer, str(key))
    if night.open:
        return redirect("practice:readings")
    return render(
        request,
        "practice/reading_night.html",
        {"night": night, "may_record": may(viewer, Capability.SIGN_RECORD)},
    )


@require_POST
def note(request: HttpRequest, key: UUID, place: int) -> HttpResponse:
    """What the reader saw in one file."""
    viewer = viewer_of(request)
    row = nights.night_row(viewer, str(key))
    file = row.files.select_related("night__person").filter(place=place).first()
    words = request.POST.get("words", "")
    if file is None or len(words) > LONGEST_NOTE:
        raise Http404
    reading.write_words(file, by=viewer, words=words)
    return redirect(f"{reverse('practice:readings')}#file{place}")


@require_POST
def close(request: HttpRequest, key: UUID) -> HttpResponse:
    """“I have finished”: the files are open no more."""
    viewer = viewer_of(request)
    reading.close_night(nights.night_row(viewer, str(key)), by=viewer)
    messages.success(request, "The files are closed. Your notes stand below, for you alone.")
    return redirect("practice:reading-night", key=key)


def _drawn(request: HttpRequest, viewer: Viewer, form: DrawForm) -> bool:
    given = form.cleaned_data
    drawn = drawing.draw(viewer, given["drawn_from"], given["how_many"])
    try:
        reading.draw_night(
            by=viewer, drawn_from=given["drawn_from"], snapshot=drawn.snapshot, child_keys=drawn.child_keys
        )
    except PlainError as refused:
        form.add_error(None, str(refused))
        return False
    said = f"{wording.counted(len(drawn.child_keys), 'file')} drawn out of {drawn.out_of:,}."
    if len(drawn.child_keys) < given["how_many"]:
        said += " There are no more families to draw from."
    messages.success(request, said)
    return True


@resolvers.register(KIND)
def _night(viewer: Viewer, key: str) -> Shown | None:
    """A night as the thread names it: its day and its counts. Only its reader opens its page."""
    found = nights.counted(key)
    if found is None or not may_see_children(viewer):
        return None
    own = found.reader == viewer.person_key and may(viewer, Capability.READ_FILES)
    url = reverse("practice:reading-night", args=[key]) if own else ""
    return Shown(_label(found.night), url, _counts(found.night), found.night.begun_at)


@resolvers.register_reader(KIND)
def _read_night(viewer: Viewer, key: str) -> Seen:
    """A night ready to be frozen: what was drawn and how much of it was read. No child, and no private note."""
    night = nights.night(viewer, key)
    if not night.opened:
        raise PlainError("You have not opened a file of this night, so there is nothing to record yet.")
    content = {
        "title": _label(night),
        "sentence": _counts(night),
        "drawn_from": night.drawn_from,
        "drawn": len(night.files),
        "opened": night.opened,
        "draw_of_the_evening": night.draw,
        "snapshot": night.snapshot,
    }
    return Seen(_label(night), _counts(night), content, key=night.key)


def _label(night: nights.Night) -> str:
    return f"Night of file reading, {wording.day(night.begun_at.astimezone(clock.LONDON).date())}"


def _counts(night: nights.Night) -> str:
    files = wording.counted(len(night.files), "file")
    return f"{files} drawn by chance from “{night.drawn_from}”; {wording.spelled(night.opened)} opened."
