"""The only writers of people and the offices they hold. Each tells the chain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import count

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access.appointing.permissions import check_manage
from lineofsight.web.access.chain import record
from lineofsight.web.access.models import Holding, Person
from lineofsight.web.access.offices import SCOPE_KINDS, Office, ScopeKind, office, offices
from lineofsight.web.access.permissions import Capability, check
from lineofsight.web.access.viewer import Viewer

GAVE_OFFICE = "office.given"
ENDED_OFFICE = "office.ended"
ADDED_PERSON = "person.added"
LEFT = "person.left"

# Nobody holds both at once: who gives offices does not also watch over who looked at what.
APART = (Capability.MANAGE_ACCESS, Capability.SEE_LOG)


def add_person(
    *, by: Viewer | None, actor: str = "system", key: str, name: str, email: str, password: str | None = None
) -> Person:
    """A new person who can be given offices. `by` is None for the machine itself, named by `actor`."""
    if by is not None:
        check(by, Capability.MANAGE_ACCESS)
    if Person.objects.filter(email=email.strip().lower()).exists() or Person.objects.filter(key=key).exists():
        raise PlainError("Somebody with that e-mail address is already here.")
    with transaction.atomic():
        person = Person.objects.create_person(key=key, name=name, email=email, password=password)
        record(viewer=by, actor=actor, action=ADDED_PERSON, subject=key)
    return person


def give_office(
    *,
    by: Viewer | None,
    actor: str = "system",
    person: Person,
    slug: str,
    from_date: date | None = None,
    until: date | None = None,
    scope_kind: ScopeKind | None = None,
    scope_ids: Sequence[str] = (),
    as_delegate: bool = False,
    detail: Mapping[str, str] | None = None,
) -> Holding:
    """Give `person` an office from a day (default today), as its holder or as the holder's delegate.

    `by` is None for the machine itself, named by `actor`; `detail` is what else the chain should know. Raises
    Refused for one's own offices, and PlainError where the office reaches by id and none is named, has no delegates,
    ends before it begins, or is held by this person in those days already.
    """
    held = office(slug)
    kind = offered(held, scope_kind, scope_ids, as_delegate)
    began = from_date or clock.today()
    if until is not None and until < began:
        raise PlainError("The last day is before the first.")
    check_manage(by, person)
    with transaction.atomic():
        _refuse_an_overlap(person, held, began, until)
        holding = Holding.objects.create(
            person=person,
            office=slug,
            from_date=began,
            until=until,
            scope_kind=scope_kind or "",
            scope_ids=list(scope_ids),
            as_delegate=as_delegate,
        )
        record(
            viewer=by,
            actor=actor,
            action=GAVE_OFFICE,
            subject=slug,
            detail={**_about(holding, kind), **(detail or {})},
        )
    return holding


def _about(holding: Holding, kind: ScopeKind) -> dict[str, object]:
    """What the chain keeps of a holding as it was given."""
    return {
        "to": holding.person.key,
        "scope": kind,
        "ids": list(holding.scope_ids),
        "from": holding.from_date.isoformat(),
        "until": holding.until.isoformat() if holding.until else "",
        "as": "delegate" if holding.as_delegate else "holder",
    }


def admit(
    *,
    name: str,
    email: str,
    office: str,
    scope_ids: Sequence[str] = (),
    password: str | None = None,
    from_date: date | None = None,
    by: str,
) -> Person:
    """Let somebody in from the command line, with an office; somebody already here is given the office too.

    `by` is who the chain names. Raises PlainError for a weak password and for what `give_office` refuses.
    """
    known = Person.objects.filter(email=email.strip().lower()).first()
    if known is None and password:
        _refuse_a_weak(password, Person(name=name, email=email))
    with transaction.atomic():
        person = known or add_person(
            by=None, actor=by, key=free_key(name), name=name, email=email, password=password or None
        )
        give_office(by=None, actor=by, person=person, slug=office, from_date=from_date, scope_ids=scope_ids)
    return person


def end_office(*, by: Viewer | None, actor: str = "system", holding: Holding) -> None:
    """End `holding` now: its person's next request no longer has it. Raises Refused for one's own."""
    check_manage(by, holding.person)
    with transaction.atomic():
        holding.until = clock.today() - timedelta(days=1)
        holding.save(update_fields=["until"])
        record(viewer=by, actor=actor, action=ENDED_OFFICE, subject=holding.office, detail={"of": holding.person.key})


def dismiss(*, email: str, by: str) -> Person:
    """Somebody has left: every office of theirs ends now and they can no longer sign in. From the command line.

    Raises PlainError where nobody has that address.
    """
    person = Person.objects.filter(email=email.strip().lower()).first()
    if person is None:
        raise PlainError("Nobody here has that e-mail address.")
    today = clock.today()
    with transaction.atomic():
        for holding in person.holdings.filter(Q(until__isnull=True) | Q(until__gte=today)):
            end_office(by=None, actor=by, holding=holding)
        person.is_active = False
        person.save(update_fields=["is_active"])
        record(actor=by, action=LEFT, subject=person.key)
    return person


def offered(held: Office, scope_kind: ScopeKind | None, scope_ids: Sequence[str], as_delegate: bool) -> ScopeKind:
    """The kind of scope the office is given with. Raises PlainError where it cannot be given so."""
    kind = scope_kind or held.scope
    if kind not in SCOPE_KINDS:
        raise PlainError(f"There is no kind of scope called {kind!r}.")
    if kind not in ("authority", "none") and not scope_ids:
        raise PlainError(f"{held.title} reaches the children of named ids: say which.")
    if as_delegate and not held.has_delegates:
        raise PlainError(f"{held.title} signs nothing in person, so nobody stands in for it: give the office itself.")
    return kind


def _refuse_an_overlap(person: Person, wanted: Office, began: date, until: date | None) -> None:
    """One person holds an office once at a time, and never gives offices and reads the log in the same days."""
    Person.objects.select_for_update().get(pk=person.pk)  # two givers at once wait for each other
    same_days = person.holdings.filter(Q(until__isnull=True) | Q(until__gte=began))
    if until is not None:
        same_days = same_days.filter(from_date__lte=until)
    for holding in same_days:
        if holding.office == wanted.slug:
            raise PlainError(f"{person.name} holds the office of {wanted.title} in those days already.")
        other = offices().get(holding.office)
        if other and any(one in wanted.capabilities and two in other.capabilities for one, two in (APART, APART[::-1])):
            raise PlainError(
                f"{person.name} is {other.title} in those days. Whoever gives offices does not also watch the log."
            )


def free_key(name: str) -> str:
    """A key for somebody of that name which nobody has yet: a-person, a-person-2."""
    wanted = slugify(name)[:70] or "person"
    taken = set(Person.objects.filter(key__startswith=wanted).values_list("key", flat=True))
    return next(key for number in count(1) if (key := wanted if number == 1 else f"{wanted}-{number}") not in taken)


def _refuse_a_weak(password: str, person: Person) -> None:
    try:
        validate_password(password, person)
    except ValidationError as weak:
        raise PlainError(" ".join(weak.messages)) from None
