"""What findings and recommendations say in the thread: down to the actions that answer them, up to what they are of."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.http import Http404

from lineofsight.web.access.viewer import Viewer
from lineofsight.web.evidence import resolvers
from lineofsight.web.evidence.resolvers import Seen, Shown, Step
from lineofsight.web.improvement.marks import mark
from lineofsight.web.improvement.models import Action, Finding, Recommendation
from lineofsight.web.improvement.permissions import may_read_words, may_see
from lineofsight.web.improvement.queries import one_finding
from lineofsight.web.improvement.queries.called import finding_called, plain_finding
from lineofsight.web.improvement.queries.findings import is_open
from lineofsight.web.improvement.queries.one_action import Text
from lineofsight.web.improvement.wording import day

KIND, RECOMMENDATION = "finding", "recommendation"


@resolvers.register(KIND)
def _finding(viewer: Viewer, key: str) -> Shown | None:
    """Its title, where and when it was found and how it stands; its words stand on its page."""
    found = _found(key) if may_see(viewer) else None
    if found is None:
        return None
    stands = f"closed on {day(found.closed_on)}" if found.closed_on else "open"
    again = ", and it came back" if found.repeats_id and not found.closed_on else ""
    return Shown(
        label=finding_called(viewer, found),
        url=_address(found.pk),
        note=f"{found.get_source_display()}, found on {day(found.found_on)}: {stands}{again}.",
        at=found.written_at,
    )


@resolvers.register_down(KIND)
def _answered(viewer: Viewer, key: str) -> Iterable[Step]:
    """The actions that answer a finding."""
    found = _found(key) if may_see(viewer) else None
    if found is None:
        return
    for pk in Action.objects.filter(finding=found).order_by("plan", "number").values_list("pk", flat=True):
        yield Step("action", str(pk), "answered by")


@resolvers.register(RECOMMENDATION)
def _recommendation(viewer: Viewer, key: str) -> Shown | None:
    """Who recommended it and when; its words stand on the page of its finding."""
    found = _recommended(key) if may_see(viewer) else None
    if found is None:
        return None
    note = f"On {day(found.made_on)}, because of: {finding_called(viewer, found.finding)}"
    label = f"Recommendation of {found.made_by}" if may_read_words(viewer, found) else "A recommendation"
    return Shown(label, _address(found.finding.pk), note, found.written_at)


@resolvers.register_up(RECOMMENDATION)
def _because_of(viewer: Viewer, key: str) -> Iterable[Step]:
    """The finding that a recommendation is made on."""
    found = _recommended(key) if may_see(viewer) else None
    if found is not None:
        yield Step(KIND, str(found.finding.pk), "because of")


@resolvers.register_reader(KIND)
def _seen(viewer: Viewer, key: str) -> Seen:
    """The finding as its page shows it, ready to be frozen: of the words the mark alone, for they stand with the
    finding and never change. Raises Refused, Http404."""
    found = _found(key)
    if found is None:
        raise Http404
    told = one_finding.finding(viewer, found.pk)
    content = {
        "title": told.title,
        "sentence": told.sentence,
        "source": told.source,
        "found_on": told.found_on.isoformat(),
        "theme": told.theme_title,
        "words": _mark(told.text),
        "recommendations": [_mark(one.text) for one in told.recommendations],
        "actions": [[one.line.plan_plain, one.line.number, one.line.colour, is_open(one.line)] for one in told.actions],
    }
    return Seen(label=plain_finding(found), sentence=told.sentence, content=content)


def _mark(text: Text) -> str:
    return "" if text.hidden else mark(text.words)


def _address(key: UUID) -> str:
    return f"/findings/{key}/"


def _recommended(key: str) -> Recommendation | None:
    rows = Recommendation.objects.select_related("finding").defer("words", "finding__words")
    a_number = key.isascii() and key.isdecimal() and len(key) < 19
    found: Recommendation | None = rows.filter(pk=int(key)).first() if a_number else None
    return found


def _found(key: str) -> Finding | None:
    try:
        found: Finding | None = Finding.objects.defer("words").filter(pk=UUID(key)).first()
    except ValueError:
        return None
    return found
