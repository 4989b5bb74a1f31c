"""Every figure that a level may be told of one authority, taken from the values themselves, without any page.

It is at least what the pages of that level say (test_attacker.py compares them), and quick: for many authorities.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from tests.disclosure.constraints import Case, Told, Truth

from lineofsight import policy
from lineofsight.measures import definitions, engine
from lineofsight.measures import values as stored
from lineofsight.measures.computing import MONTHS, month_ends
from lineofsight.sources import Extract
from lineofsight.web.practice.queries.figures import at_level

LEVELS = ("pseudonymised", "published")
# Measures that divide the children of others by who holds them.
ALLOCATION = {"CP10", "CP11", "LA37", "WF14", "WF15", "FH01"}


def truth_of(extract: Extract) -> Truth:
    """An authority measured as `lineofsight load` would measure it, without a home."""
    months = month_ends(extract.as_at, MONTHS)
    inputs = engine.Inputs(
        as_at=extract.as_at,
        loaded_on=extract.as_at,
        months=months,
        tables={name: one.table for name, one in extract.tables.items()},
        columns_present={name: frozenset(one.columns_present) for name, one in extract.tables.items()},
        policy=policy.load(),
        roles=policy.roles(),
        population=dict.fromkeys(months, extract.population or 0),
    )
    measured = engine.measure(inputs, definitions.load())
    pairs = zip(measured.rows["team_id"].to_pylist(), measured.rows["service_id"].to_pylist(), strict=True)
    return Truth(measured.values.to_pylist(), {team or "none": service or "none" for team, service in pairs})


def told_of(truth: Truth, level: str, days: Sequence[date] = ()) -> Iterator[Told]:
    """All that `level` may be told: the authority's months and years, and each breakdown of `days` (the newest)."""
    for place, row in truth.rows.items():
        window, day = truth.when(place[0])
        if place[3] == stored.AUTHORITY:
            told = place[1] == "month" or place[2] == truth.days[-1] or level == "pseudonymised"
        else:
            told = place[1] == window and place[2] in ((days or (day,)) if window == "month" else (day,))
        if told:
            figure = at_level(row, level)
            yield Told(*place, figure.hidden, figure.numerator, figure.denominator,
                       None if figure.hidden else figure.unknown, value=figure.value)  # fmt: skip


def case_of(truth: Truth, level: str, days: Sequence[date] = ()) -> Case:
    """The attack of `level` by all that it may be told."""
    return Case(truth, told_of(truth, level, days), level, days)
