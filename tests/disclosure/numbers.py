"""Every number that stands anywhere in what an office fetched: told by a table that was read, or strange.

Words, charts (titles, descriptions, points, labels), attributes and files are searched, not tables alone. A number is
known where it is a date, a constant of a measure's or a policy's own words, a published value of others, or follows
from the figures told of that very measure. Anything else is a number that the attacker has not read.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from lxml import html
from tests.disclosure.constraints import Told

from lineofsight import policy
from lineofsight.measures import benchmark, definitions, fairness
from lineofsight.measures.definitions import Definition
from lineofsight.measures.periods import year_to
from lineofsight.web.practice import charts, wording
from lineofsight.web.practice.queries import divided, measures, page, signals
from lineofsight.web.practice.queries.figures import Figure, Series

MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
DATES = re.compile(
    rf"\b(?:\d{{1,2}} )?{MONTH} \d{{4}}\b|\b\d{{1,2}} {MONTH}\b|\b{MONTH[:-1]}) ?\d{{4}}\b"
    r"|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d\d\b|\b\d{4}-\d\d(?:-\d\d)?\b|\b\d{1,2}:\d\d(?:[ap]m)?\b"
)
# What the pages say of themselves, and never of children.
PLAIN = re.compile(
    r"per 10,000|10,000 children|\b12 months|\b30 months|95% interval|\b4\d\d\b(?= Page)|[Ss]ection 47"
    r"|\b[0-9a-f]{12,64}\b"
    r"|Under 1|1 to 4|5 to 9|10 to 15|16 and over"  # bands of age
    r"|Of \d+ measures(?:, \d+ ha(?:s|ve) really changed)?|\d+ other measures show"
    r"|\d+ could not be measured:|\d+ are not measured"
    r"|\d+ (?:for the worse|for the better|not as usual)|\d+ more have changed"
    r"|The \d+ headline measures come first|Every measure, all \d+$"
    r"|\d+ (?:number|records? signed|frozen documents?)"
    r"|, line \d+[ab]?\b|the name until 2019|at least 2 a year"  # where a protocol says so
)
# How long the one who waits longest has waited, which the pseudonymised level alone is told: days, not children.
LONGEST = re.compile(
    r"(?:longest (?:has waited|wait is|for|by)|most is) [\d,]+(?: (?:working )?days?| children)?"
    r"|the longest [\d,]+(?=\.)"
    r"|That child has waited \d+ \w+ \w+"
)
VISITED = re.compile(r"(?:(None|[\d,]+) of the (\w+)|All ([\d,]+)) (?:has|have) been seen since their wait began")
# Ids, and how many months there are, which is the number of extracts and not of children.
MARKS = re.compile(
    r"\b[0-9a-f]{8}-[0-9a-f-]{27}\b|[Ss]napshot [\w-]+"
    r"|too few months to say what is usual: \d+ months?, and it takes 12"
)
# How many commitments were held, how many findings and actions there are, and a sign-in's own.
NO_CHILDREN = ("/account/", "/sign-in", "/commitments/coverage/", "/actions/", "/findings/", "/plans/")
NUMBER = re.compile(r"(?<![A-Za-z\d])\d[\d,]*(?:\.\d+)?")  # not what is part of a name, as in "Team s0t1"
SAID = ("aria-label", "title", "alt", "placeholder", "value", "content", "label", "summary", "data-label")


@dataclass(frozen=True)
class Chunk:
    """A piece of what was said, and the measure it is said of ('' where of none)."""

    address: str
    measure: str
    group: str
    text: str


class Known:
    """The numbers that may be said of each measure, by the figures that were read off the tables."""

    def __init__(
        self,
        told: Iterable[Told],
        authority: str,
        as_at: date,
        beside: Iterable[Told] = (),
        reasons: Iterable[Mapping[str, int]] = (),
    ) -> None:
        """`told` are the figures of one extract, `beside` what its months were when they were first known, `reasons`
        how the packs divide the unallocated, which the attacker solves apart."""
        self._catalogue = definitions.load()
        self._authority, self._as_at = authority, as_at
        self._titles = [(one.title, one.id) for one in self._catalogue.values()]
        self._constants = self._constant_words()
        self._whole: dict[str, set[str]] = defaultdict(set)
        self._groups: dict[tuple[str, str], set[str]] = defaultdict(set)
        months: dict[str, dict[date, Told]] = defaultdict(dict)
        years: dict[str, dict[date, Told]] = defaultdict(dict)
        told = list(told)
        rates = [one for one in told if self._catalogue[one.measure].kind == "rate" and one.window == "month"]
        self._population = next((one.denominator for one in rates if one.denominator), None)
        for one in told:
            if one.breakdown == "authority":
                self._whole[one.measure] |= set(self._of(one))
                if one.window in ("month", "year"):
                    (months if one.window == "month" else years)[one.measure][one.as_at] = one
            else:
                self._groups[one.measure, one.group] |= set(self._of(one)) | set(_interval(one))
        for measure, found in months.items():
            self._whole[measure] |= set(self._charted(self._catalogue[measure], found))
        for measure, found in years.items():
            self._whole[measure] |= set(self._charted_years(self._catalogue[measure], found))
        for one in told:
            if one.breakdown != "authority":
                self._groups[one.measure, one.group] |= set(_against(one, months[one.measure], one.window))
        for one in beside:
            self._whole[one.measure] |= {*self._of(one), *_since(one, months[one.measure].get(one.as_at))}
        self._whole["CP10"] |= {f"{number:,}" for divided in reasons for number in divided.values()}
        for one in self._catalogue.values():
            self._whole[one.id] |= set(self._compared(one))

    def strange(self, chunks: Iterable[Chunk]) -> list[str]:
        """What has a number that nothing explains: the address, the number and the words around it."""
        found, read = [], set()
        for chunk in chunks:
            said = (chunk.measure, chunk.group, chunk.text)
            if chunk.address.startswith(NO_CHILDREN) or said in read:
                continue
            read.add(said)
            text = chunk.text
            for way in (MARKS, VISITED, LONGEST, self._constants, DATES, PLAIN):
                text = way.sub(" ", text)
            measure = chunk.measure or next((i for t, i in self._titles if chunk.text.startswith(f"{t}: ")), "")
            allowed = self._whole[measure] | self._groups[measure, chunk.group]
            for number in NUMBER.finditer(text):
                if number[0].rstrip(",") not in allowed:
                    around = text[max(number.start() - 60, 0) : number.end() + 40]
                    found.append(f"{chunk.address}: {number[0]} of {measure or 'no measure'} in “{around}”")
        return found

    def _constant_words(self) -> re.Pattern[str]:
        """The words of definitions and policy, which say the same of every authority, whole or cut short by a page."""
        found: set[str] = {benchmark.SOURCE}
        for one in self._catalogue.values():
            found |= {one.title, one.why_it_matters, one.source, one.denominator}
            found |= {part.strip() for part in re.split(r"\{\w+\}", one.sentence)}
        for rule in policy.load().rules:
            found |= {rule.words(), rule.source}
        words = sorted((" ".join(one.split()) for one in found if re.search(r"\d", one)), key=len, reverse=True)
        cut = [f"{re.escape(one.title[:41])}…" for one in self._catalogue.values() if len(one.title) > 41]
        return re.compile(rf"(?<![\d,.])(?:{'|'.join([*map(re.escape, words), *cut])})")

    def _of(self, one: Told) -> Iterator[str]:
        for number in (one.numerator, one.denominator, one.unknown):
            if number is not None:
                yield f"{number:,}"
        yield from self._forms(self._catalogue[one.measure], self._value(one))

    def _value(self, one: Told) -> float | None:
        """What the told numbers come to: of a rate's year the population is that of its months."""
        if one.value is not None:
            return one.value
        rate = self._catalogue[one.measure].kind == "rate"
        of = one.denominator or (self._population if rate else None)
        return None if one.numerator is None or not of else one.numerator * (10_000 if rate else 100) / of

    def _forms(self, definition: Definition, value: float | None) -> Iterator[str]:
        """A value as it is written anywhere: in words, on a chart, or rounded once more."""
        form = measures.percent_form if definition.kind == "percent" else measures.number_form
        for exact in () if value is None else (value, round(value, 1)):
            for said in (form(exact), wording.amount(exact, definition.kind), f"{exact:.0f}"):
                yield from (number[0] for number in NUMBER.finditer(said))

    def _charted(self, definition: Definition, months: Mapping[date, Told]) -> Iterator[str]:
        """What a chart of these months says: its band, its centre, and the ticks of its scale."""
        figures = [
            Figure(day, one.numerator, one.denominator, one.unknown or 0, self._value(one), hidden=one.hidden)
            for day, one in sorted(months.items())
        ]
        series = Series(figures, figures[-1])
        signal = signals.signal_of(definition, series)
        drawn = measures.chart_series(definition, series, signal)
        # what is in days or points was read to one place after the point, and its limits are no nearer than that
        off = (0.0, -0.1, -0.05, 0.05, 0.1) if any(one.value is not None for one in months.values()) else (0.0,)
        for value in (signal.centre, signal.lower, signal.upper):
            for more in off if value is not None else ():
                yield from self._forms(definition, value + more)
        chart = charts.line(drawn)
        for row in chart.grid if chart else ():
            yield from (number[0] for number in NUMBER.finditer(row.label.text))
        if (small := charts.spark(drawn)) is not None:
            yield from (number[0] for number in NUMBER.finditer(small.title))

    def _charted_years(self, definition: Definition, years: Mapping[date, Told]) -> Iterator[str]:
        """What a chart of these rolling years says: the ticks of its scale."""
        figures = [
            Figure(day, one.numerator, one.denominator, one.unknown or 0, self._value(one), hidden=one.hidden)
            for day, one in sorted(years.items())
        ]
        chart = charts.line(page.years_series(definition, Series([], figures[-1], figures)))
        for row in chart.grid if chart else ():
            yield from (number[0] for number in NUMBER.finditer(row.label.text))

    def _compared(self, definition: Definition) -> Iterator[str]:
        """The published values of others, which are no secret of this authority."""
        found = benchmark.comparators(self._authority, definition)
        values = (found.england, found.region, found.neighbours, found.own, *(value for _, value in found.others))
        for value in values:
            yield from self._forms(definition, value)
        for said in (found.label or "", found.source or "", str(len(found.others))):
            yield from (number[0] for number in NUMBER.finditer(said))


def chunks_of(address: str, root: html.HtmlElement) -> Iterator[Chunk]:
    """Everything a page says, piece by piece."""
    at = re.match(r"/(?:measures|thread/measure)/(\w+)/", address) or re.match(r"/records/\w+/\?.*key=(\w+)", address)
    for element in root.iter():
        if not isinstance(element.tag, str) or element.tag in ("script", "style"):
            continue
        measure = _measure_of(element) or (at[1] if at else "")
        group = _group_of(element)
        for said in (element.text, *(child.tail for child in element), *(element.get(name) for name in SAID)):
            if said and re.search(r"\d", said) and not _is_mark(element):
                yield Chunk(address, measure, group, " ".join(said.split()))


def divided_by_visits(chunks: Iterable[Chunk]) -> Iterator[tuple[int, int]]:
    """How the unallocated are divided by whether they were visited: seen, and not seen."""
    for chunk in chunks:
        for found in VISITED.finditer(chunk.text):
            none, of, every = found.groups()
            if every:
                yield int(every.replace(",", "")), 0
            elif none == "None":
                yield 0, wording.SMALL.index(of) if of in wording.SMALL else int(of)
            else:
                yield int(none), int(of) - int(none)


def _is_mark(element: html.HtmlElement) -> bool:
    """A form's random mark, a browser's viewport: said to a machine."""
    return element.get("type") == "hidden" or element.get("name") in ("viewport", "theme-color")


def _measure_of(element: html.HtmlElement) -> str:
    """The measure that the row, list item or article around an element is about."""
    for one in (element, *element.iterancestors()):
        if one.tag in ("tr", "li", "article", "section", "div"):
            if "los-urgent" in one.get("class", "") or "urgent" in one.get("class", "").split():
                return "CP10"
            heading = one.find("h3")  # a text that the Director released of a measure stands under its title
            if heading is not None and (of := _titled().get(" ".join(heading.itertext()).strip())):
                return of
            named = one.xpath("./@aria-labelledby | ./h3/@id | ./th//a/@href | ./a/@href")
            for name in named:
                found = re.search(r"(?:^|/measures/|#)([A-Z]{2}\d\d)(?:/|$)", name)
                if found:
                    return found[1]
    return ""


@lru_cache(maxsize=1)
def _titled() -> Mapping[str, str]:
    """The measures by their titles."""
    return {one.title: one.id for one in definitions.load().values()}


def _group_of(element: html.HtmlElement) -> str:
    """The group of a row of a breakdown."""
    for one in (element, *element.iterancestors("tr")):
        heading = one.find("th") if one.tag == "tr" else None
        if heading is not None:
            return " ".join(" ".join(heading.itertext()).split())
    return ""


def _since(then: Told, now: Told | None) -> Iterator[str]:
    """By how much a month's numbers, as they were first known, have changed: both are told."""
    for name in ("numerator", "unknown"):
        was, is_ = getattr(then, name), getattr(now, name, None)
        if was is not None and is_ is not None:
            yield f"{abs(is_ - was):,}"


def _interval(one: Told) -> list[str]:
    return [number[0] for number in NUMBER.finditer(divided.wilson(one.numerator, one.denominator))]


def _against(one: Told, months: Mapping[date, Told], window: str) -> list[str]:
    """How many times as likely a group is as everybody else, worked out from what was told of the whole authority."""
    days = [one.as_at] if window == "month" else year_to(sorted(months), one.as_at)
    whole = [months[day] for day in days if day in months]
    if not whole or None in (
        one.numerator,
        one.denominator,
        *(part for m in whole for part in (m.numerator, m.denominator)),
    ):
        return []
    counted, out_of = (sum(getattr(month, part) for month in whole) for part in ("numerator", "denominator"))
    found = fairness.ratio(one.numerator, one.denominator, counted - one.numerator, out_of - one.denominator)
    return [number[0] for number in NUMBER.finditer(fairness.words(found))] if found else []
