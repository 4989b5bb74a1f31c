"""Who may look after how somebody else signs in: administrators, never for themselves, and never both halves of it.

One administrator alone does not hand over both a password and a missing second factor: that would be a way to become
somebody else.
"""

from __future__ import annotations

from datetime import timedelta

from lineofsight import clock
from lineofsight.web.access.appointing.permissions import mailbox
from lineofsight.web.access.identity import notices
from lineofsight.web.access.identity.factors import has_factor
from lineofsight.web.access.models import Notice, PasswordLink, Person
from lineofsight.web.access.permissions import Capability, Refused, agrees, check
from lineofsight.web.access.viewer import Viewer

# For so long the one who gave a link does not take the second factor away, nor the other way round.
APART = timedelta(days=7)

OWN = (
    "This is you. You change how you sign in on your own account page; what is lost, another administrator takes away."
)
LINK_BY_THE_SAME = (
    "You made a link to choose a password for this person in the last seven days. Another administrator takes their "
    "second step away: nobody alone hands over both."
)
FACTOR_BY_THE_SAME = (
    "You took this person’s second step away in the last seven days, and they have none yet. Another administrator "
    "gives them a link: nobody alone hands over both."
)


def check_look_after(by: Viewer, person: Person) -> None:
    """Raise Refused unless `by` manages access and `person` is somebody else, with another mailbox."""
    check(by, Capability.MANAGE_ACCESS)
    own = Person.objects.filter(key=by.person_key).values_list("email", flat=True).first()
    if by.person_key == person.key or (own and mailbox(own) == mailbox(person.email)):
        raise Refused(OWN, capability=Capability.MANAGE_ACCESS)


def may_look_after(by: Viewer, person: Person) -> bool:
    """The boolean twin of `check_look_after`."""
    return agrees(check_look_after, by, person)


def check_take_factor_away(by: Viewer, person: Person) -> None:
    """Raise Refused unless `by` may take a second factor of `person` away: no link of theirs stands or was used."""
    check_look_after(by, person)
    made = PasswordLink.objects.filter(person=person, made_by_key=by.person_key, withdrawn_at=None)
    if made.filter(made_at__gt=clock.now() - APART).exists():
        raise Refused(LINK_BY_THE_SAME, capability=Capability.MANAGE_ACCESS)


def may_take_factor_away(by: Viewer, person: Person) -> bool:
    """The boolean twin of `check_take_factor_away`."""
    return agrees(check_take_factor_away, by, person)


def check_give_link(by: Viewer, person: Person) -> None:
    """Raise Refused unless `by` may give `person` a link: they did not just take their last second factor away."""
    check_look_after(by, person)
    removed = Notice.objects.filter(person=person, kind=notices.FACTOR_REMOVED, by_key=by.person_key)
    if removed.filter(at__gt=clock.now() - APART).exists() and not has_factor(person):
        raise Refused(FACTOR_BY_THE_SAME, capability=Capability.MANAGE_ACCESS)


def may_give_link(by: Viewer, person: Person) -> bool:
    """The boolean twin of `check_give_link`."""
    return agrees(check_give_link, by, person)
