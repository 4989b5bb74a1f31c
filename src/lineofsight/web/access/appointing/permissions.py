"""Who may give an office to whom: administrators, to anybody but themselves."""

from __future__ import annotations

from lineofsight.web.access.models import Person
from lineofsight.web.access.permissions import Capability, Refused, agrees, check
from lineofsight.web.access.viewer import Viewer


def check_manage(by: Viewer | None, person: Person | None = None, email: str = "") -> None:
    """Raise Refused unless `by` gives offices, and `person` (or whoever reads mail at `email`) is somebody else.

    `by` is None for the machine itself, which is asked nothing.
    """
    if by is None:
        return
    check(by, Capability.MANAGE_ACCESS)
    if person is not None and by.person_key == person.key:
        raise Refused("Nobody changes their own offices. Another administrator can do it.")
    own = Person.objects.filter(key=by.person_key).values_list("email", flat=True).first()
    if own and mailbox(own) == mailbox(person.email if person else email):
        raise Refused("That is your own e-mail address. Nobody gives themselves an office.")


def may_manage(by: Viewer | None, person: Person | None = None, email: str = "") -> bool:
    """The boolean twin of `check_manage`."""
    return agrees(check_manage, by, person, email)


def mailbox(email: str) -> str:
    """Where mail to an address arrives: in small letters, without what stands after a plus."""
    name, _, host = email.strip().lower().rpartition("@")
    return f"{name.split('+')[0]}@{host}"
