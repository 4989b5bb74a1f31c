"""Reading what an audience is shown: pages over HTTP, every table on them, into figures told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from urllib.parse import parse_qs, urlsplit

from django.test import Client
from lxml import html
from tests.disclosure.authorities import month_end
from tests.disclosure.constraints import Told
from tests.disclosure.numbers import DATES

HIDDEN = "too small to show"
YEARS = "the twelve months to the end of each"
NOTHING = ("none to measure", "not measured", "–", "")
WAYS = ("team", "service", "age", "ethnicity", "sex", "disability")
# Tables that hold no number of children of this authority: published values of others, commitments, people.
OTHER_TABLES = ("Published values", "Statistical neighbours", "Not held")
OTHER_ROOMS = ("/commitments/", "/records/")


# The diary goes on for ever in both directions, and holds days of meetings only.
ENDLESS = r"^/static/|^/sign-out|^/commitments/.*month="


@dataclass
class Audience:
    """Everything that one office was shown, and what could not be read."""

    client: Client
    told: list[Told] = field(default_factory=list)
    reasons: list[dict[str, int]] = field(default_factory=list)  # of the unallocated, as a pack divides them
    # Groups named where others are 0, and the earlier extract they are of.
    absent: list[tuple[str, date, str, frozenset[str], str]] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    pages: dict[str, html.HtmlElement] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    tables: int = 0


@dataclass(frozen=True)
class Extracts:
    """The extracts that are held: the date of the newest, of each earlier one, and who told first of which month."""

    as_at: date
    earlier: Mapping[str, date]
    first: Mapping[date, str]

    def of(self, address: str) -> tuple[str, date]:
        """The earlier extract that an address looks at ("" for now), and its date."""
        known = parse_qs(urlsplit(address).query).get("known", [""])[0]
        return known, self.earlier[known] if known else self.as_at


def crawl(client: Client, titles: dict[str, str], held: Extracts) -> Audience:
    """Follow every link from the first page, and read every table there is; `titles` are the measures' by title."""
    seen = Audience(client)
    waiting, known = ["/"], {"/"}
    while waiting:
        address = waiting.pop()
        response = client.get(address)
        if response.status_code != 200:
            continue
        if not response["Content-Type"].startswith("text/html"):
            seen.files[address] = response.getvalue()
            continue
        page = seen.pages[address] = html.fromstring(response.content)
        seen.told += _untold(page, address, held)
        for table in page.iter("table"):
            seen.tables += 1
            _read(seen, address, table, titles, held)
        for link in page.xpath("//a/@href"):
            target = link.split("#")[0]
            if target.startswith("?"):
                target = address.split("?")[0] + target
            if target.startswith("/") and target not in known and not re.search(ENDLESS, target):
                known.add(target)
                waiting.append(target)
    return seen


def _untold(page: html.HtmlElement, address: str, held: Extracts) -> Iterator[Told]:
    """Of how many the answer is unknown: a measure's page says it in words, and where nobody's is known only so."""
    known, as_at = held.of(address)
    found = re.search(r"([\d,]+) (?:more )?it cannot be told", _text(page))
    if found and re.match(r"/measures/\w+/", address):
        measure = _measure(address)
        yield Told(measure, "headline", as_at, "authority", "authority", unknown=_number(found[1]), known=known)


def _read(seen: Audience, address: str, table: html.HtmlElement, titles: dict[str, str], held: Extracts) -> None:
    known, as_at = held.of(address)
    caption = _text(table.find("caption")) if table.find("caption") is not None else ""
    kind = table.get("class", "")
    if "practice-measures" in kind:
        seen.told += _of(known, _list(table, titles, as_at))
    elif "practice-figures" in kind:
        seen.told += _of(known, _months(table, _measure(address), as_at, "year" if YEARS in caption else "month"))
    elif "practice-first-known" in kind:
        seen.told += _first_known(table, _measure(address), held, known)
    elif "practice-where" in kind:
        _where(seen, table, _measure(address), caption, known)
    elif "Each measure, and what it is compared with" in caption:
        seen.told += _of(known, _pack(table, titles, as_at))
    elif caption == "Why":
        rows = table.xpath(".//tr[td]")
        seen.reasons.append({_text(row.find("th")): _number(_text(row.findall("td")[-1])) or 0 for row in rows})
    elif caption.startswith(OTHER_TABLES) or address.startswith(OTHER_ROOMS):
        pass
    elif re.search(r"\d", _without_dates(table) if "practice-known" in kind else " ".join(table.itertext())):
        seen.strange.append(f"{address}: {caption or kind}")


def _of(known: str, told: Iterator[Told]) -> Iterator[Told]:
    """The same as of an earlier extract."""
    yield from (replace(one, known=known) for one in told)


def _without_dates(table: html.HtmlElement) -> str:
    """The timeline of the extracts without when they were: nothing of it may be a number then."""
    return DATES.sub(" ", " ".join(table.itertext()))


def _first_known(table: html.HtmlElement, measure: str, held: Extracts, known: str) -> Iterator[Told]:
    """The months known differently now: what each was when it was first known, and what it is."""
    for row in table.xpath(".//tr[td]"):
        day = month_end(_text(row.find("th")))
        for cell, extract in zip(row.findall("td")[:2], (held.first[day], known), strict=True):
            of = " ".join(_text(one) for one in cell.xpath(".//*[contains(@class, 'practice-of')]"))
            told = _headline(measure, _text(cell).removesuffix(of).strip(), of, day)
            yield replace(told, window="month", known=extract)


def _measure(address: str) -> str:
    return address.split("/")[2]


def _list(table: html.HtmlElement, titles: dict[str, str], as_at: date) -> Iterator[Told]:
    """The list of measures: the headline of each."""
    for row in table.xpath(".//tr[td]"):
        measure = titles[_text(row.find("th"))]
        value = _text(row.xpath("./td[1]//strong")[0])
        of = " ".join(_text(one) for one in row.xpath("./td[1]//*[contains(@class, 'practice-of')]"))
        yield _headline(measure, value, of, as_at)


def _pack(table: html.HtmlElement, titles: dict[str, str], as_at: date) -> Iterator[Told]:
    """The pack's table of measures: the headline of each."""
    for row in table.xpath(".//tr[td]"):
        yield _headline(
            titles[_text(row.find("th"))], _text(row.xpath("./td[1]")[0]), _text(row.xpath("./td[2]")[0]), as_at
        )


def _headline(measure: str, value: str, of: str, as_at: date) -> Told:
    place = {"measure": measure, "window": "headline", "as_at": as_at, "breakdown": "authority", "group": "authority"}
    if value == HIDDEN:
        return Told(**place, hidden=True)
    if (days := _with_unit(value)) is not None:
        found = re.match(r"from ([\d,]+)", of)
        number = _number(found[1]) if found else None
        return Told(**place, numerator=number, denominator=number, value=days)
    if found := re.match(r"([\d,]+) of ([\d,]+)", of):
        return Told(**place, numerator=_number(found[1]), denominator=_number(found[2]))
    if found := re.search(r"([\d,]+) in all", of):
        return Told(**place, numerator=_number(found[1]))
    return Told(**place, numerator=_number(value) if re.fullmatch(r"[\d,]+", value) else None)


def _months(table: html.HtmlElement, measure: str, as_at: date, window: str) -> Iterator[Told]:
    """The series as a table: every month, or the twelve months to the end of each, with its parts."""
    for row in table.xpath(".//tr[td]"):
        value, counted, of, unknown = (_text(cell) for cell in row.findall("td"))
        day = min(month_end(_text(row.find("th"))), as_at)
        place = {"measure": measure, "window": window, "as_at": day, "breakdown": "authority", "group": "authority"}
        if value == HIDDEN:
            assert {counted, of, unknown} == {"–"}, "a hidden month has a number beside it"
            yield Told(**place, hidden=True)
        else:
            parts = {"numerator": _number(counted), "denominator": _number(of), "unknown": _number(unknown)}
            yield Told(**place, **parts, value=_with_unit(value))


def _where(seen: Audience, table: html.HtmlElement, measure: str, caption: str, known: str) -> None:
    """One breakdown: the groups shown, those hidden, and by their absence those with nothing in them."""
    by, _, covers = caption.removeprefix("By ").partition(", ")
    window = "year" if "twelve months" in covers else "month"
    day = datetime.strptime(covers.split(" to " if window == "year" else "on ")[-1], "%d %B %Y").date()  # noqa: DTZ007
    named = set()
    for row in table.xpath(".//tbody/tr"):
        group = _text(row.find("th"))
        named.add(group)
        place = {
            "measure": measure, "window": window, "as_at": day, "breakdown": by, "group": group, "known": known,
        }  # fmt: skip
        cell = row.xpath("./td[1]")[0]
        strong = cell.xpath(".//strong")
        if not strong:
            assert _text(cell) == HIDDEN
            seen.told.append(Told(**place, hidden=True))
            continue
        of = " ".join(_text(one) for one in cell.xpath(".//*[contains(@class, 'practice-of')]"))
        value = _text(strong[0])
        found = re.match(r"([\d,]+) of ([\d,]+)", of)
        if found:
            seen.told.append(Told(**place, numerator=_number(found[1]), denominator=_number(found[2])))
        elif (days := _with_unit(value)) is not None:
            number = _number(re.match(r"from ([\d,]+)", of)[1])
            seen.told.append(Told(**place, numerator=number, denominator=number, value=days))
        else:
            assert re.fullmatch(r"[\d,]+", value) or value in NOTHING, (measure, by, value)
            seen.told.append(Told(**place, numerator=_number(value)))
    seen.absent.append((measure, day, by, frozenset(named), known))


def _with_unit(text: str) -> float | None:
    """The number of a value that has its unit after it, as '34 working days' has: days and points, not children."""
    found = re.match(r"([\d,]+(?:\.\d+)?) [a-z]", text)
    return float(found[1].replace(",", "")) if found else None


def _number(text: str) -> int | None:
    return int(text.replace(",", "")) if re.fullmatch(r"[\d,]+", text) else None


def _text(element: html.HtmlElement) -> str:
    return " ".join(" ".join(element.itertext()).split())
