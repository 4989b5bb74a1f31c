"""What an audience was told, as linear constraints over the numbers it was not told.

The attacker knows how the measures are made (published with the software), which children of one are among those of
another, which teams there are and to which service each belongs, that no number is below nothing, and at the published
level how numbers are rounded and that a number that is shown is no small one.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.disclosure.attack import Attack

from lineofsight.measures import definitions, shown
from lineofsight.measures import values as stored
from lineofsight.measures.periods import year_to

BELOW, TO = 6, 5
PARTS = ("counted", "rest", "unknown")
ALL = (*PARTS, "outside")
ANSWERS = {"pseudonymised": 2, "published": TO}
Place = tuple[str, str, date, str, str]  # measure, window, date, breakdown, group
Cell = tuple[str, str, date, str, str, str]  # and part
Where = tuple[str, str, date, str]
# What follows from how measures are defined: these parts of the one are those parts of the other.
SAME = (
    ("CP10", ("rest",), "CP11", ("rest", "unknown")),  # a social worker holds the child
    ("CN05", ("rest",), "WF14", ("rest",)),  # a named person holds the child
    ("CN05", ("unknown",), "WF14", ("unknown",)),
    ("CP24", ("counted",), "CP10", ("counted",)),  # nobody does: how long the child has waited
    ("CP03", PARTS, "CP02", PARTS),  # every plan that began
    ("CP15", PARTS, "CP05", PARTS),  # every plan that ended
    ("IC03", PARTS, "IC01", PARTS),  # every first conference
)
# And these are no more than those.
WITHIN = (
    ("WF15", PARTS, "WF14", ("rest",)),  # whoever is away is a named person
    ("CP22", PARTS, "CP10", ("counted",)),  # duty looks after those whom nobody holds
    ("CP03", ("counted",), "CP02", ("counted",)),  # again within two years is again
    ("CP15", ("counted",), "CP05", ("rest",)),  # no plan is both short and long
    ("IC03", ("counted",), "IC01", ("rest",)),  # very late is late
)


@dataclass(frozen=True)
class Told:
    """One figure as somebody was told it, `known` from an earlier extract or ("") now. None is a number not said."""

    measure: str
    window: str
    as_at: date
    breakdown: str
    group: str
    hidden: bool = False
    numerator: int | None = None
    denominator: int | None = None
    unknown: int | None = None
    known: str = ""
    value: float | None = None  # of what is not counted in children: 34 working days, 14.2 points

    @property
    def place(self) -> Place:
        return self.measure, self.window, self.as_at, self.breakdown, self.group


@dataclass(frozen=True)
class Small:
    """A small number that is hidden: its cell and what it truly is."""

    cell: Cell
    number: int


class Truth:
    """One authority as it truly is: every figure there is of it, and the service of each team."""

    def __init__(self, rows: Iterable[Mapping[str, Any]], service_of: Mapping[str, str]) -> None:
        self.service_of = service_of
        self.catalogue = definitions.load()
        self.rows: dict[Place, Mapping[str, Any]] = {
            (row["measure"], row["window"], row["as_at"], row["breakdown"], row["group"]): row
            for row in rows
            if row["status"] == stored.MEASURED
        }
        self.groups: dict[Where, list[str]] = defaultdict(list)
        for key in self.rows:
            self.groups[key[:4]].append(key[4])
        self.days = sorted({key[2] for key in self.rows if key[1] == "month"})
        self.march = max(day for day in self.days if shown.breakdown_year(day))
        self.untrue = {
            key[:3] for key in self.rows if self.catalogue[key[0]].among and self.parts_of(key).get("outside", 0) < 0
        }

    def when(self, measure: str) -> tuple[str, date]:
        """The window and date of the breakdowns that anybody below the identified level can ask for."""
        one = self.catalogue[measure]
        return ("year", self.march) if one.headline_window == "year" else ("month", self.days[-1])

    def parts_of(self, place: Place) -> dict[str, int]:
        """The true parts of a cell, with those of the other measure who are not in it."""
        row, one = self.rows[place], self.catalogue[place[0]]
        counted, unknown = row["numerator"], row["unknown"]
        rest = 0 if one.counts == "all" else row["denominator"] - counted
        found = {"counted": counted, "rest": rest, "unknown": unknown}
        if one.among and (one.among, *place[1:]) in self.rows:
            outer = self.parts_of((one.among, *place[1:]))
            found["outside"] = sum(outer[part] for part in PARTS) - counted - rest - unknown
        return found

    def by_table(self) -> dict[tuple[str, str, date], dict[Cell, int]]:
        """Every number there is, by measure, window and date."""
        found: dict[tuple[str, str, date], dict[Cell, int]] = defaultdict(dict)
        for place in self.rows:
            found[place[:3]] |= {(*place, part): number for part, number in self.parts_of(place).items()}
        return found

    def size(self, place: Place) -> int:
        """How many there are in a cell of the outermost measure, whose children these are among."""
        measure = place[0]
        while self.catalogue[measure].among and (self.catalogue[measure].among, *place[1:]) in self.rows:
            measure = str(self.catalogue[measure].among)
        return sum(n for part, n in self.parts_of((measure, *place[1:])).items() if part in PARTS)


@dataclass(frozen=True)
class Apart:
    """The same attack where every unknown is of an earlier extract, whose numbers may have been others."""

    attack: Attack
    extract: str

    def know(self, terms: Iterable[tuple[Hashable, float]], low: float, high: float) -> None:
        self.attack.know([((self.extract, name), factor) for name, factor in terms], low, high)

    def exactly(self, names: Iterable[Hashable], number: float) -> None:
        self.attack.exactly([(self.extract, name) for name in names], number)

    def equal(self, one: Iterable[Hashable], other: Iterable[Hashable]) -> None:
        self.attack.equal([(self.extract, name) for name in one], [(self.extract, name) for name in other])


class Case:
    """The attack of one audience on one authority, by all that it was told.

    `days` are the dates of stock measures whose breakdowns were told: by default the newest, which is what is shown.
    """

    def __init__(
        self,
        truth: Truth,
        told: Iterable[Told],
        level: str,
        days: Sequence[date] = (),
        attack: Attack | Apart | None = None,
    ) -> None:
        self.truth, self.level = truth, level
        self.days = tuple(days) or (truth.days[-1],)
        self.attack = attack or Attack()
        for one in told:
            self._write_told(one)
        for where in self.tables():
            self._write_sums(*where)
        for where in {(key[0], key[1], key[2]) for key in truth.rows if key[3] == stored.AUTHORITY}:
            self._write_among((*where, stored.AUTHORITY, stored.AUTHORITY))
            self._write_defined((*where, stored.AUTHORITY, stored.AUTHORITY))
        self._write_years()

    def remember(self, extract: str, then: Truth, told: Iterable[Told]) -> None:
        """All that was told as it was known from an earlier extract, beside what is told now.

        Which groups changed is told to nobody. But where none of a measure's groups changed, the authority's own
        figures say so too, and the attacker takes every number of it for the same in both.
        """
        assert isinstance(self.attack, Attack)
        Case(then, told, self.level, attack=Apart(self.attack, extract))
        of_then, of_now = then.by_table(), self.truth.by_table()
        for table in of_then.keys() & of_now.keys():
            if of_then[table] == of_now[table]:
                for cell in of_now[table]:
                    if (extract, cell) in self.attack.names and cell in self.attack.names:
                        self.attack.equal([(extract, cell)], [cell])

    def tables(self) -> list[Where]:
        """The breakdowns this audience could ask for: by measure, window and date."""
        found = []
        for where in self.truth.groups:
            window, day = self.truth.when(where[0])
            days = self.days if window == "month" else (day,)
            if where[3] != stored.AUTHORITY and where[1] == window and where[2] in days:
                found.append(where)
        return found

    def broken(self) -> tuple[list[tuple[Small, float, float]], int]:
        """The hidden small numbers that have too few answers, each with its bounds, and how many there were."""
        found, count = [], 0
        for one in self.small_and_hidden():
            count += 1
            assert isinstance(self.attack, Attack)
            if not self.attack.vague(one.cell, one.number, ANSWERS[self.level]):
                low, high = self.attack.bounds(one.cell)
                assert low <= one.number <= high, one
                found.append((one, low, high))
        return found, count

    def small_and_hidden(self) -> Iterator[Small]:
        """Every small number in a table this audience was shown; at the published level the authority's own too."""
        for where in self.tables():
            places = [(*where, group) for group in self.truth.groups[where]]
            if self.level != "published" and sum(self.truth.size(place) > 0 for place in places) <= 1:
                continue  # one group is the whole authority, whose numbers this level is told
            for place in places:
                yield from self._small_of(place)
        if self.level == "published":
            for place in self.truth.rows:
                headline = place[1] == "year" and place[2] in (self.truth.days[-1], self.truth.march)
                if place[3] == stored.AUTHORITY and (place[1] == "month" or headline):
                    yield from self._small_of(place)

    def _small_of(self, place: Place) -> Iterator[Small]:
        parts = self.truth.parts_of(place)
        if place[:3] in self.truth.untrue:
            parts.pop("outside")
        yield from (Small((*place, part), number) for part, number in parts.items() if 0 < number < BELOW)

    def _write_told(self, one: Told) -> None:
        row, definition = self.truth.rows[one.place], self.truth.catalogue[one.measure]
        if one.hidden:
            # Where one part is all there is, it is hidden because it is small: of the authority that is no secret.
            if self.level == "published" and one.breakdown == stored.AUTHORITY and definition.basis == "stock":
                self._write_hidden(one.place, definition.counts)
            return
        if one.numerator is None:
            return
        assert self._may_be(one.numerator, row["numerator"]), one
        self._know([(*one.place, "counted")], one.numerator)
        if definition.counts == "all":
            for part in ("rest", "unknown"):
                self.attack.exactly([(*one.place, part)], 0)
        elif one.denominator is not None:
            self._know([(*one.place, "counted"), (*one.place, "rest")], one.denominator)
            self._not_small((*one.place, "rest"), row["denominator"] - row["numerator"])
        if one.unknown is not None and definition.counts != "all":
            self._know([(*one.place, "unknown")], one.unknown)

    def _write_hidden(self, place: Place, counts: str) -> None:
        number = self.truth.rows[place]["numerator"]
        if counts == "all" and 0 < number < BELOW:
            self.attack.know([((*place, "counted"), 1.0)], 1, BELOW - 1)

    def _may_be(self, told: int, true: int) -> bool:
        return told == true if self.level != "published" else abs(told - true) * 2 <= TO

    def _know(self, cells: Iterable[Cell], number: int) -> None:
        """A number as it was told: exactly, or rounded and not small."""
        cells = list(cells)
        if self.level != "published" or number == 0:
            self.attack.exactly(cells, number)
            return
        low = max(number - TO // 2, BELOW)
        self.attack.know([(cell, 1.0) for cell in cells], low, number + TO // 2)

    def _not_small(self, cell: Cell, true: int) -> None:
        """At the published level a shown figure has no small part: a part is nothing or at least BELOW.

        The attacker may not know which; the true answer is given away, so that the attack is stronger than it can be.
        """
        if self.level == "published":
            assert not 0 < true < BELOW, cell
            self.attack.know([(cell, 1.0)], 0 if true == 0 else BELOW, 0 if true == 0 else float("inf"))

    def _write_sums(self, measure: str, window: str, day: date, by: str) -> None:
        """A breakdown adds up to the authority, teams to their services, measures to those they are among."""
        groups = self.truth.groups[measure, window, day, by]
        whole = (measure, window, day, stored.AUTHORITY, stored.AUTHORITY)
        for part in PARTS:
            self.attack.equal([(measure, window, day, by, g, part) for g in groups], [(*whole, part)])
        for group in groups:
            self._write_among((measure, window, day, by, group))
            self._write_defined((measure, window, day, by, group))
        if by == "team":
            services = defaultdict(list)
            for team in groups:
                services[self.truth.service_of[team]].append(team)
            for service, theirs in services.items():
                for part in PARTS:
                    self.attack.equal(
                        [(measure, window, day, "service", service, part)],
                        [(measure, window, day, "team", team, part) for team in theirs],
                    )

    def _write_among(self, place: Place) -> None:
        """The children of a cell, and those of the other measure who are not in it, are those of the other.

        Where an extract contradicts itself (a child with a plan whose referral was closed) that is not so, and an
        attacker who took it for true would work out numbers that are wrong: nothing is known from it there.
        """
        outer = self.truth.catalogue[place[0]].among
        if outer and (outer, *place[1:]) in self.truth.rows and place[:3] not in self.truth.untrue:
            self.attack.equal([(*place, part) for part in ALL], [(outer, *place[1:], part) for part in PARTS])

    def _write_defined(self, place: Place) -> None:
        """What a cell has to do with that of another measure by how the two are defined."""
        for one, mine, other, theirs in (*SAME, *WITHIN):
            if place[0] != one or (other, *place[1:]) not in self.truth.rows:
                continue
            beside: Place = (other, *place[1:])
            left, right = self.truth.parts_of(place), self.truth.parts_of(beside)
            more = sum(right[part] for part in theirs) - sum(left[part] for part in mine)
            within = (one, mine, other, theirs) in WITHIN
            assert more >= 0 if within else more == 0, (place, left, right)
            spare = [(*place, f"fewer than {other}")] if within else []
            self.attack.equal([*((*place, part) for part in mine), *spare], [(*beside, part) for part in theirs])

    def _write_years(self) -> None:
        """A rolling year is the sum of its months."""
        for key in self.truth.rows:
            if key[1] == "year" and key[3] == stored.AUTHORITY:
                for part in PARTS:
                    months = [(key[0], "month", day, *key[3:], part) for day in year_to(self.truth.days, key[2])]
                    self.attack.equal([(*key, part)], months)
