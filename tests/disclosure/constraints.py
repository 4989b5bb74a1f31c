"""What an audience was told, as linear constraints over the numbers it was not told.

The attacker knows how the measures are made (published with the software), which children of one are among those of
another, which teams there are and to which service each belongs, that no number is below nothing, and at the published
level how numbers are rounded and that a number that is shown is no small one.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from tests.disclosure.attack import Attack
from tests.disclosure.reading import Audience, Told

from lineofsight.measures import definitions, shown
from lineofsight.measures import values as stored
from lineofsight.measures.periods import year_to
from lineofsight.web.practice.queries.page import BY, group_title
from lineofsight.web.practice.queries.standing import Standing, teams, values

BELOW, TO = 6, 5
PARTS = ("counted", "rest", "unknown")
Cell = tuple[str, str, date, str, str, str]  # measure, window, date, breakdown, group, part


@dataclass(frozen=True)
class Small:
    """A small number that is hidden: its cell and what it truly is. `most` is the authority's own, if that is shown."""

    cell: Cell
    number: int


class Case:
    """One authority as it truly is, and the attack of one audience on it."""

    def __init__(self, stand: Standing, audience: Audience, level: str) -> None:
        self.stand, self.level = stand, level
        self.catalogue = definitions.load()
        self.titles = {
            (by, group_title(stand, by, group)): group
            for by in BY
            for group in {row["group"] for row in values(stand).to_pylist() if row["breakdown"] == by}
        }
        self.truth = {
            (row["measure"], row["window"], row["as_at"], row["breakdown"], row["group"]): row
            for row in values(stand).to_pylist()
            if row["status"] == stored.MEASURED
        }
        self.days = sorted({key[2] for key in self.truth if key[1] == "month"})
        self.march = max(day for day in self.days if shown.breakdown_year(day))
        self.told = [self._placed(one) for one in audience.told]
        self.attack = Attack()
        self._write(audience)

    def parts_of(self, place: tuple[str, str, date, str, str]) -> dict[str, int]:
        """The true parts of a cell, with those of the other measure who are not in it."""
        row = self.truth[place]
        one = self.catalogue[place[0]]
        counted, unknown = row["numerator"], row["unknown"]
        rest = 0 if one.counts == "all" else row["denominator"] - counted
        found = {"counted": counted, "rest": rest, "unknown": unknown}
        if one.among:
            outer = self.truth[(one.among, *place[1:])]
            size = outer["numerator"] if self.catalogue[one.among].counts == "all" else outer["denominator"]
            size += 0 if self.catalogue[one.among].counts == "all" else outer["unknown"]
            found["outside"] = size - counted - rest - unknown
        return found

    def small_and_hidden(self) -> Iterator[Small]:
        """Every small number in a cell of a table this audience was shown, whether or not the cell was."""
        for measure, window, day, by, _ in self._tables():
            groups = [key for key in self.truth if key[:4] == (measure, window, day, by)]
            if sum(self._outermost_size(key) > 0 for key in groups) <= 1:
                continue  # one group is the whole authority
            for key in groups:
                yield from (Small((*key, part), n) for part, n in self.parts_of(key).items() if 0 < n < BELOW)
        if self.level == "published":
            for key in self.truth:
                if key[3] == stored.AUTHORITY and (key[1] == "month" or key[2] == self.days[-1]):
                    yield from (
                        Small((*key, p), n) for p, n in self.parts_of(key).items() if 0 < n < BELOW and p in PARTS
                    )

    def _outermost_size(self, key: tuple[str, str, date, str, str]) -> int:
        measure = key[0]
        while self.catalogue[measure].among:
            measure = str(self.catalogue[measure].among)
        return sum(n for part, n in self.parts_of((measure, *key[1:])).items() if part in PARTS)

    def _tables(self) -> set[tuple[str, str, date, str, str]]:
        """The breakdowns this audience could ask for: by measure, one date each."""
        return {
            (key[0], *self._when(key[0]), key[3], "")
            for key in self.truth
            if key[3] != stored.AUTHORITY and (key[1], key[2]) == self._when(key[0])
        }

    def _when(self, measure: str) -> tuple[str, date]:
        one = self.catalogue[measure]
        return ("year", self.march) if one.headline_window == "year" else ("month", self.days[-1])

    def _placed(self, told: Told) -> Told:
        """What was told in words, by the keys of the values."""
        window, as_at = told.window, told.as_at
        if window == "headline":
            window = self.catalogue[told.measure].headline_window
        group = self.titles.get((told.breakdown, told.group), told.group)
        return Told(told.measure, window, as_at, told.breakdown, group, told.hidden, told.numerator, told.denominator,
                    told.unknown)  # fmt: skip

    def _write(self, audience: Audience) -> None:
        for one in self.told:
            self._write_told(one)
        for measure, day, by, named in audience.absent:
            window = "year" if self.catalogue[measure].headline_window == "year" else "month"
            groups = {key[4] for key in self.truth if key[:4] == (measure, window, day, by)}
            for group in groups - {self.titles[by, title] for title in named}:
                for part in ("counted", "rest"):
                    self._know([(measure, window, day, by, group, part)], 0, exact=True)
        for table in self._tables():
            self._write_sums(*table[:4])
        self._write_years()

    def _write_told(self, one: Told) -> None:
        if one.hidden or one.numerator is None:
            return
        place = (one.measure, one.window, one.as_at, one.breakdown, one.group)
        truth = self.truth[place]
        assert self._may_be(one.numerator, truth["numerator"]), (place, one)
        self._know([(*place, "counted")], one.numerator)
        definition = self.catalogue[one.measure]
        if definition.counts == "all":
            for part in ("rest", "unknown"):
                self._know([(*place, part)], 0, exact=True)
        elif one.denominator is not None:
            self._know([(*place, "counted"), (*place, "rest")], one.denominator)
            self._not_small((*place, "rest"), truth["denominator"] - truth["numerator"])
        if one.unknown is not None and definition.counts != "all":
            self._know([(*place, "unknown")], one.unknown)

    def _may_be(self, told: int, true: int) -> bool:
        return told == true if self.level != "published" else abs(told - true) * 2 <= TO

    def _know(self, cells: Iterable[Cell], number: int, *, exact: bool = False) -> None:
        """A number as it was told: exactly, or rounded and not small."""
        cells = list(cells)
        if exact or self.level != "published" or number == 0:
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
        one = self.catalogue[measure]
        groups = [key[4] for key in self.truth if key[:4] == (measure, window, day, by)]
        whole = (measure, window, day, stored.AUTHORITY, stored.AUTHORITY)
        for part in PARTS:
            self.attack.equal([(measure, window, day, by, g, part) for g in groups], [(*whole, part)])
        if one.among:
            for place in (whole, *((measure, window, day, by, g) for g in groups)):
                inside = [(*place, part) for part in (*PARTS, "outside")]
                self.attack.equal(inside, [(one.among, *place[1:], part) for part in PARTS])
        if by == "team":
            known = teams(self.stand)
            for service in {team.service_id for team in known.values() if team.service_id}:
                theirs = [g for g in groups if g in known and known[g].service_id == service]
                for part in PARTS:
                    self.attack.equal(
                        [(measure, window, day, "service", service, part)],
                        [(measure, window, day, "team", g, part) for g in theirs],
                    )

    def _write_years(self) -> None:
        """A rolling year is the sum of its months."""
        for key in self.truth:
            if key[1] == "year" and key[3] == stored.AUTHORITY and key[2] in (self.march, self.days[-1]):
                for part in PARTS:
                    months = [(key[0], "month", day, *key[3:], part) for day in year_to(self.days, key[2])]
                    self.attack.equal([(*key, part)], months)
