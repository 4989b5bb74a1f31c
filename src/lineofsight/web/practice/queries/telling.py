"""What an extract cannot tell, and why: role words that nobody has mapped, and whether a child was seen.

What cannot be told is never said as if it had been looked up and was not there.
"""

from collections.abc import Iterable
from functools import lru_cache

from lineofsight import policy
from lineofsight.lake import role_words
from lineofsight.measures.definitions import Definition
from lineofsight.policy.roles import normal
from lineofsight.web import home_in_use
from lineofsight.web.practice.queries.standing import KEPT, Standing

UNMAPPED = "a role word has no meaning in the role map"
_ROLE = "invo_professional_role_id"
_VISITS = {"ssd_cp_visits": ("cppv_person_id", "cppv_cp_visit_date", "cppv_cp_visit_seen")}


def tells_of_visits(stand: Standing) -> bool:
    """Whether the extract can say of a child on a plan that nobody has seen them: with the visits, as new as the rest.

    A visit in a table that was copied forward is known; that there was none since is not.
    """
    held = stand.snapshot.tables
    return all(
        table in held and held[table].as_at >= stand.as_at and set(columns) <= set(held[table].columns_present)
        for table, columns in _VISITS.items()
    )


def by_role(definition: Definition) -> bool:
    """Whether a measure stands on what the role words mean."""
    return _ROLE in definition.needs.get("ssd_involvements", ())


def why(stand: Standing, definition: Definition) -> str:
    """Why something cannot be told of a measure, where that is known: 'a role word has no meaning in the role map'."""
    return UNMAPPED if by_role(definition) and unmapped(stand) else ""


def unmapped(stand: Standing) -> bool:
    """Whether an open involvement has a word that had no meaning where this computation was made.

    False where the role map is another one now: what it said then is not kept.
    """
    means = policy.roles(home_in_use())
    return means.hash == stand.computation.roles_hash and any(means.kind(word) is None for word in _open_words(stand))


def has_unmapped(stand: Standing, titles: Iterable[str]) -> bool:
    """Whether one of a child's open involvements, by its title in the chronology, has a word without a meaning.

    The chronology gives the word itself only where it had no meaning, or none that counts, when it was loaded.
    """
    means = policy.roles(home_in_use())
    words = {normal(word) for word in _open_words(stand) if word and means.kind(word) is None}
    return any(normal(title.partition(": ")[0]) in words for title in titles)


@lru_cache(maxsize=KEPT)
def _open_words(stand: Standing) -> tuple[str | None, ...]:
    """The role words of the open involvements; none where they were not counted then."""
    if not stand.computation.keeps(role_words.NAME):
        return ()
    words = stand.lake.read(stand.computation, role_words.NAME).to_pylist()
    return tuple(row["role_word"] for row in words if row["open_involvements"])


def said(count: int, because: str, lead: str = "For") -> str:
    """'For 5 more it cannot be told: a role word has no meaning in the role map.' Nothing for none."""
    return f"{lead} {count:,} more it cannot be told{f': {because}' if because else ''}" if count else ""
