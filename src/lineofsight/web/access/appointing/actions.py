"""The only writers of people and the offices they hold. Each tells the chain."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import count

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access.chain import record
from lineofsight.web.access.models import Holding, Person
from lineofsight.web.access.offices import SCOPE_KINDS, ScopeKind, office
from lineofsight.web.access.permissions import Capability, Refused, check
from lineofsight.web.access.viewer import Viewer

GAVE_OFFICE = "office.given"
ENDED_OFFICE = "office.ended"
ADDED_PERSON = "person.added"


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
) -> Holding:
    """Give `person` an office from a day (default today). `by` is None for the machine itself, named by `actor`.

    Raises PlainError where the office reaches by id and none is named, and Refused for one's own offices.
    """
    held = office(slug)
    kind = scope_kind or held.scope
    if kind not in SCOPE_KINDS:
        raise PlainError(f"There is no kind of scope called {kind!r}.")
    if kind not in ("authority", "none") and not scope_ids:
        raise PlainError(f"{held.title} reaches the children of named ids: say which.")
    _may_manage(by, person)
    with transaction.atomic():
        holding = Holding.objects.create(
            person=person,
            office=slug,
            from_date=from_date or clock.today(),
            until=until,
            scope_kind=scope_kind or "",
            scope_ids=list(scope_ids),
        )
        record(
            viewer=by,
            actor=actor,
            action=GAVE_OFFICE,
            subject=slug,
            detail={"to": person.key, "scope": kind, "ids": list(scope_ids)},
        )
    return holding


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
            by=None, actor=by, key=_free_key(name), name=name, email=email, password=password or None
        )
        give_office(by=None, actor=by, person=person, slug=office, from_date=from_date, scope_ids=scope_ids)
    return person


def end_office(*, by: Viewer, holding: Holding) -> None:
    """End `holding` now: its person's next request no longer has it."""
    _may_manage(by, holding.person)
    with transaction.atomic():
        holding.until = clock.today() - timedelta(days=1)
        holding.save(update_fields=["until"])
        record(viewer=by, action=ENDED_OFFICE, subject=holding.office, detail={"of": holding.person.key})


def _may_manage(by: Viewer | None, person: Person) -> None:
    if by is None:
        return
    check(by, Capability.MANAGE_ACCESS)
    if by.person_key == person.key:
        raise Refused("Nobody changes their own offices. Another administrator can do it.")


def _free_key(name: str) -> str:
    """A key for somebody of that name which nobody has yet: a-person, a-person-2."""
    wanted = slugify(name)[:70] or "person"
    taken = set(Person.objects.filter(key__startswith=wanted).values_list("key", flat=True))
    return next(key for number in count(1) if (key := wanted if number == 1 else f"{wanted}-{number}") not in taken)


def _refuse_a_weak(password: str, person: Person) -> None:
    try:
        validate_password(password, person)
    except ValidationError as weak:
        raise PlainError(" ".join(weak.messages)) from None
