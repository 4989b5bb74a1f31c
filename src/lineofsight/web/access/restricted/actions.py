"""The only writers of restrictions placed here and of who is named for a record (rule 7.3).

What is written holds from the next request on, for everybody: no page or cache keeps what these rows decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access import merged
from lineofsight.web.access.chain import record
from lineofsight.web.access.models import NamedPerson, Person, Restriction
from lineofsight.web.access.permissions import Capability, Refused, agrees, check, check_see_children
from lineofsight.web.access.restricted import queries
from lineofsight.web.access.restricted.kinds import KINDS
from lineofsight.web.access.viewer import Viewer

PLACED = "record.restricted"
LIFTED = "record.opened up"
NAMED = "record.person named"
UNNAMED = "record.person no longer named"


def check_restrict(viewer: Viewer) -> None:
    """Raise Refused unless the viewer may restrict records, and sees children by name at all."""
    check_see_children(viewer)
    check(viewer, Capability.RESTRICT_RECORDS)


def may_restrict(viewer: Viewer) -> bool:
    """The boolean twin of `check_restrict`."""
    return agrees(check_restrict, viewer)


def restrict(*, by: Viewer, child_key: str, kind: str, reason: str, people: Sequence[Person]) -> Restriction:
    """Restrict one child's record from now on, and name who may open it: at least one, or nobody ever could again.

    The placer is one of `people`, or no longer sees the record either. Raises Refused, and PlainError for a kind
    there is not, without a reason or a person, or where it is restricted for that kind already.
    """
    check_restrict(by)
    if kind not in KINDS:
        raise PlainError("Choose why the record is restricted.")
    if not reason.strip():
        raise PlainError("Say why this record is restricted. Those named for it can read what you write.")
    if not people:
        raise PlainError("Name at least one person. A record nobody is named for could never be opened again.")
    today = clock.today()
    with transaction.atomic():
        if Restriction.objects.select_for_update().in_force(today).filter(child_key=child_key, kind=kind).exists():
            raise PlainError("This record is restricted for that reason already.")
        made = Restriction.objects.create(
            child_key=child_key, kind=kind, reason=reason.strip(), from_date=today, placed_by_key=by.person_key
        )
        new = [one for one in people if _can_be_named(child_key, one)]
        NamedPerson.objects.bulk_create(_named(by, child_key, one) for one in new)
        record(
            viewer=by,
            action=PLACED,
            subject=kind,
            child_keys=[child_key],
            detail={"named": sorted(one.key for one in new)},
        )
    return made


def lift(*, by: Viewer, child_key: str, kind: str) -> None:
    """Lift a restriction that was placed here. Only for somebody named for the record: nobody else can have read why.

    Raises Refused, and PlainError where there is none of that kind; the extract's own are lifted in the case system.
    """
    check_restrict(by)
    _check_named(by, child_key)
    today = clock.today()
    with transaction.atomic():
        found = Restriction.objects.select_for_update().in_force(today)
        if not found.filter(child_key__in=merged.records_of(child_key), kind=kind).update(
            until=today - timedelta(days=1), lifted_by_key=by.person_key
        ):
            raise PlainError("This record is not restricted here for that reason.")
        record(viewer=by, action=LIFTED, subject=kind, child_keys=[child_key])


def name_person(*, by: Viewer, child_key: str, person: Person) -> None:
    """Name one more person for a restricted record, whether it is restricted here or by the extract.

    It lifts the restriction for them and widens nothing else: whether a child is in their scope stays as it was.
    Raises Refused, and PlainError where the record is not restricted, or the person sees no child by name, or is
    named already.
    """
    check_restrict(by)
    if not queries.is_restricted(child_key):
        raise PlainError("That record is not restricted.")
    with transaction.atomic():
        if not _can_be_named(child_key, person):
            raise PlainError(f"{person.name} is named for this record already.")
        _named(by, child_key, person).save()
        record(viewer=by, action=NAMED, child_keys=[child_key], detail={"person": person.key})


def unname(*, by: Viewer, child_key: str, person: Person) -> None:
    """Take a person's name away from a record. The last one stays, so that the record can be opened by somebody.

    Raises Refused, and PlainError where they are not named, or are the last.
    """
    check_restrict(by)
    today = clock.today()
    with transaction.atomic():
        every = merged.records_of(child_key)
        named = list(NamedPerson.objects.select_for_update().in_force(today).filter(child_key__in=every))
        theirs = [one for one in named if one.person_id == person.pk]
        if not theirs:
            raise PlainError(f"{person.name} is not named for this record.")
        if len({one.person_id for one in named}) == 1:
            raise PlainError("The last person named stays named. Name somebody else first.")
        NamedPerson.objects.filter(pk__in=[one.pk for one in theirs]).update(until=today - timedelta(days=1))
        record(viewer=by, action=UNNAMED, child_keys=[child_key], detail={"person": person.key})


def _can_be_named(child_key: str, person: Person) -> bool:
    """Whether a person is not named yet, inside the caller's transaction. Raises PlainError where they may not be."""
    if person not in queries.people_to_name():
        raise PlainError(f"{person.name} holds no office that sees children by name.")
    Person.objects.select_for_update().get(pk=person.pk)  # two namers at once wait for each other
    return not NamedPerson.objects.in_force(clock.today()).filter(child_key=child_key, person=person).exists()


def _named(by: Viewer, child_key: str, person: Person) -> NamedPerson:
    return NamedPerson(child_key=child_key, person=person, from_date=clock.today(), named_by_key=by.person_key)


def _check_named(viewer: Viewer, child_key: str) -> None:
    if not viewer.sees_restricted and child_key not in viewer.named_for:
        raise Refused(
            "Only a person named for this record may lift its restriction.", capability=Capability.RESTRICT_RECORDS
        )
