"""What a look at an installation finds: one line a check, and what to do about it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from lineofsight.errors import PlainError
from lineofsight.home import Home


class State(StrEnum):
    """ok; look: somebody should; wrong: it does not do what it must."""

    OK = "ok"
    LOOK = "look"
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """What one check found. `do` says what to do, blank where nothing is. Neither holds a secret or a child."""

    check: str
    state: State
    says: str
    do: str = ""


@dataclass(frozen=True)
class Installation:
    """What is looked at: a home, and how thoroughly."""

    home: Home
    deep: bool = False


Check = Callable[[Installation], Iterable[Finding]]


def ok(check: str, says: str) -> Finding:
    """Nothing to do."""
    return Finding(check, State.OK, says)


def look(check: str, says: str, do: str) -> Finding:
    """Somebody should look at it."""
    return Finding(check, State.LOOK, says, do)


def wrong(check: str, says: str, do: str) -> Finding:
    """It does not do what it must."""
    return Finding(check, State.WRONG, says, do)


def looked_at(check: Check, at: Installation) -> Iterator[Finding]:
    """What `check` finds; where the check itself fails, that is the finding and the next one goes on."""
    name = check.__name__.replace("_", " ")
    try:
        yield from check(at)
    except PlainError as error:
        yield wrong(name, str(error), "Put this right first, then look again.")
    except Exception as error:  # one check that fails must not hide the others
        yield wrong(
            name, f"This could not be looked at ({type(error).__name__}).", "Look again with the server stopped."
        )


def worst(findings: Iterable[Finding]) -> State:
    """The worst state of all of them; ok for none."""
    states = {finding.state for finding in findings}
    return next((state for state in (State.WRONG, State.LOOK) if state in states), State.OK)
