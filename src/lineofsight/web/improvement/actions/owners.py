"""Who answers for an action: as the plan names them, and the people they are here. Called inside a transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access.models import Person
from lineofsight.web.improvement.models import Action, ActionOwner

NAME, RESPONSIBLE, MOST = 120, 300, 12
MISSING = "Say who answers for it."


@dataclass(frozen=True)
class Named:
    """An owner as the plan names them, and the key of the person that is here, where somebody has said who it is."""

    name: str
    post: str = ""
    person: str = ""

    @property
    def words(self) -> str:
        """'Ada Brook, Director of Midwifery'."""
        return f"{self.name}, {self.post}" if self.post else self.name


def tidy(owners: Sequence[Named]) -> tuple[Named, ...]:
    """These owners with no space too many. Raises PlainError for owners that cannot be kept."""
    if len(owners) > MOST:
        raise PlainError(f"Name {MOST} owners at most.")
    named = tuple(
        Named(one_line(one.name, NAME, MISSING), one_line(one.post, NAME) if one.post.strip() else "", one.person)
        for one in owners
    )
    if len({(one.name, one.post) for one in named}) != len(named):
        raise PlainError("Name each owner once.")
    responsible(named)
    return named


def people(owners: Sequence[Named]) -> dict[str, Person]:
    """The people that owners are said to be, by key. Raises PlainError for one who has no account here."""
    keys = {one.person for one in owners if one.person}
    found = {one.key: one for one in Person.objects.filter(key__in=keys, is_active=True)} if keys else {}
    if keys - found.keys():
        raise PlainError("Choose a person who has an account here.")
    return found


def responsible(owners: Sequence[Named]) -> str:
    """'Ada Brook / Ben Ash, Head of Nursing', as the plan's table has it. Raises PlainError for nobody, or too many."""
    return one_line(" / ".join(one.words for one in owners), RESPONSIBLE, MISSING)


def rows(action: Action, owners: Sequence[Named], known: Mapping[str, Person]) -> list[ActionOwner]:
    """The owners of a new action, to be saved."""
    return [
        ActionOwner(action=action, place=place, name=one.name, post=one.post, person=known.get(one.person))
        for place, one in enumerate(owners, start=1)
    ]


def place(action: Action, owners: Sequence[Named], known: Mapping[str, Person], called: str | None = None) -> None:
    """Put these owners where others stood: who stays keeps their row, who does not has left.

    `called` is how the plan's table writes them, where they come from one; then who stays is who they were here.
    """
    standing = {(one.name, one.post): one for one in action.owners.filter(left_on=None)}
    staying = [(one.name, one.post) for one in owners]
    gone = [one.pk for key, one in standing.items() if key not in staying]
    ActionOwner.objects.filter(pk__in=gone).update(left_on=clock.today())
    for number, key in enumerate(staying):  # out of the way first: no two stand in one place
        if key in standing:
            ActionOwner.objects.filter(pk=standing[key].pk).update(place=MOST * 2 + number)
    for number, told in enumerate(owners, start=1):
        person = known.get(told.person)
        if held := standing.get((told.name, told.post)):
            kept = person if called is None else held.person
            ActionOwner.objects.filter(pk=held.pk).update(place=number, person=kept)
        else:
            ActionOwner.objects.create(action=action, place=number, name=told.name, post=told.post, person=person)
    action.responsible = responsible(owners) if called is None else called
    action.save(update_fields=["responsible"])


def one_line(text: str, longest: int, otherwise: str = "Write one line.") -> str:
    """One line of text. Raises PlainError where it is empty (`otherwise`) or too long."""
    line = " ".join(text.split())
    if not line:
        raise PlainError(otherwise)
    if len(line) > longest:
        raise PlainError(f"“{line[:40]}…” is longer than {longest} characters.")
    return line
