"""What eight processes do at once: the product's own actions, a few dozen each, timed."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.faults import acts

# One line a success in the draft that everybody edits: what was there before each must still be there after.
SHARED = "measure", "CP99"


def write(number: int, actions: int, go: str) -> list[dict[str, Any]]:
    """Do `actions` actions, each kind in turn beginning with a kind of one's own, when the file `go` is there.

    Returns for each its kind, the milliseconds it took, and what came of it.
    """
    from lineofsight.errors import PlainError

    ready, kinds = Path(f"{go}-{number}"), list(KINDS)
    _warm()
    ready.touch()
    while not Path(go).exists():
        time.sleep(0.005)
    told = []
    for turn in range(actions):
        kind = kinds[(number + turn) % len(kinds)]
        began = time.perf_counter()
        try:
            came = KINDS[kind](f"{number}-{turn}")
        except PlainError as refused:
            came = f"told: {refused}"
        told.append(
            {"kind": kind, "ms": (time.perf_counter() - began) * 1000, "came": came, "turn": f"{number}-{turn}"}
        )
    return told


def _warm() -> None:
    """What a server has done before its first request: the connection is open, the keys and the names are read."""
    from lineofsight.web.access.models import Person
    from lineofsight.web.practice.queries import naming

    Person.objects.exists()
    naming.names_a_child("nobody")


def _told(words: str, **more: Any) -> Any:
    from lineofsight import clock
    from lineofsight.web.commitments.records import Told

    return Told(clock.today(), more.pop("judgement", "satisfied"), words, difference="It was sooner.", **more)


def _sign(turn: str) -> str:
    """Prepare a draft as the delegate, and sign it as the Director."""
    from lineofsight.web.commitments.records import Subject, prepare_record, sign_record

    subject = Subject("A measure", "measure", f"CP01 {turn}")
    draft = prepare_record(subject, _told("Because it was read."), by=acts.viewer("dcs-delegate"), office="dcs")
    sign_record(draft, by=acts.viewer("dcs"))
    return "done"


def _ask(turn: str) -> str:
    """Put a question, signed, to be answered by a day."""
    from lineofsight import clock
    from lineofsight.web.commitments.records import Subject, sign_now

    day = clock.today() + timedelta(days=7)
    asked = _told("Why is it late?", judgement="asked", asked_of="head-of-service", asked_by=day, look_again_on=day)
    sign_now(Subject("A measure", "measure", f"CP02 {turn}"), asked, by=acts.viewer("dcs"))
    return "done"


def _release(turn: str) -> str:
    """Release a text to the Lead Member."""
    from lineofsight import clock
    from lineofsight.web.reports import packs

    packs.release("lead-member", clock.today().replace(month=10), f"Visits are late, {turn}.", by=acts.viewer("dcs"))
    return "done"


def _office(turn: str) -> str:
    """Give somebody an office, and end it: a person of each writer's own, since nobody holds an office twice."""
    from lineofsight.web.access.appointing import actions
    from lineofsight.web.access.models import Person

    person = Person.objects.get(key=f"p-writer-{turn.partition('-')[0]}")
    by = acts.viewer("administrator")
    held = actions.give_office(by=by, person=person, slug="team-manager", scope_ids=[f"t{turn}"])
    actions.end_office(by=by, holding=held)
    return "done"


def _read(turn: str) -> str:
    """Open a list of children, which is logged first."""
    from lineofsight.web.access import chain

    keys = [f"{place:032x}" for place in range(20)]
    chain.record_read(viewer=acts.viewer("dcs"), action="children.listed", subject=turn, child_keys=keys)
    return "done"


def _edit(turn: str) -> str:
    """Add a line to the draft that everybody edits: read it, think, send it as it was read and a line more."""
    from lineofsight.web.commitments.models import Record
    from lineofsight.web.commitments.records import Subject, prepare_record

    kind, key = SHARED
    draft = Record.objects.get(about_kind=kind, about_key=key)
    words = f"{draft.words} {turn}"
    time.sleep(0.01)
    prepare_record(Subject("A measure", kind, key), _told(words), by=acts.viewer("dcs"), office="dcs", draft=draft)
    return "done"


KINDS: dict[str, Callable[[str], str]] = {
    "sign": _sign,
    "ask": _ask,
    "release": _release,
    "office": _office,
    "read": _read,
    "edit": _edit,
}


def begin(writers: int) -> str:
    """The draft that everybody will edit, and the people who will be given offices."""
    from lineofsight.web.access.models import Person
    from lineofsight.web.commitments.records import Subject, prepare_record

    for number in range(writers):
        name = f"writer-{number}"
        Person.objects.create(key=f"p-{name}", name=f"Person {name}", email=f"{name}@northmere.example")

    kind, key = SHARED
    prepare_record(Subject("A measure", kind, key), _told("Begun."), by=acts.viewer("dcs"), office="dcs")
    return "begun"


def count() -> dict[str, Any]:
    """What stands when all of them have done."""
    from django.db.models import Count

    from lineofsight.web.access.models import ChainEvent, Holding
    from lineofsight.web.commitments.models import Record
    from lineofsight.web.reports.models import Release

    kind, key = SHARED
    ended = Holding.objects.filter(office="team-manager", until__isnull=False)
    events = ChainEvent.objects.values_list("action").annotate(Count("sequence")).order_by("action")
    return {
        "sign": Record.objects.signed().filter(about_key__startswith="CP01").count(),
        "ask": Record.objects.signed().filter(about_key__startswith="CP02").count(),
        "release": Release.objects.count(),
        "office": [ended.count(), Holding.objects.filter(office="team-manager").count()],
        "words": Record.objects.get(about_kind=kind, about_key=key).words,
        "events": dict(events),
    }
