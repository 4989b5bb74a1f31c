"""A made-up children in need census of any number of children, with some of what is wrong in real ones.

Only for benchmarks: the children hold together well enough to be checked, and nobody in it is real. The same number,
seed and share of bad values give the same file.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
ETHNICITIES = ("WBRI",) * 30 + ("WOTH", "MWBC", "MWAS", "AIND", "APKN", "ABAN", "BCRB", "BAFR", "CHNE", "OOTH", "NOBT")
DISABILITIES = ("MOB", "HAND", "PC", "INC", "COMM", "LD", "HEAR", "VIS", "BEH", "CON", "AUT", "DDA")
SOURCES = ("1A", "1B", "1C", "1D", "2A", "2B", "3A", "3B", "3E", "4", "5A", "5B", "6", "7", "8", "9", "10")
FACTORS = ("1A", "1B", "2A", "2B", "3A", "4A", "5A", "6A", "8B", "10A", "11A", "12A", "13A", "14A", "16A", "18B", "22A")
ABUSE = ("NEG", "PHY", "SAB", "EMO", "MUL")
REASONS = ("RC1", "RC3", "RC4", "RC6", "RC7", "RC8", "RC9")
_AT_ONCE = 500


def write(path: Path, children: int, *, year: int = 2026, seed: int = 1, bad: float = 0.02) -> None:
    """Write the census of a year that ends in `year`; `bad` is the chance that a value breaks a rule."""
    with path.open("w", encoding="utf-8") as out:
        out.write(
            '<?xml version="1.0" encoding="utf-8"?>\n<Message>\n  <Header>\n    <CollectionDetails>\n'
            f"      <Collection>CIN</Collection>\n      <Year>{year}</Year>\n"
            f"      <ReferenceDate>{year}-03-31</ReferenceDate>\n    </CollectionDetails>\n    <Source>\n"
            "      <SourceLevel>L</SourceLevel>\n      <LEA>823</LEA>\n      <SerialNo>001</SerialNo>\n"
            "    </Source>\n  </Header>\n  <Children>\n"
        )
        made = _Made(random.Random(f"{children} {seed} {bad}"), year, bad)
        lines: list[str] = []
        for number in range(children):
            lines += made.child(number)
            if number % _AT_ONCE == 0:
                out.writelines(lines)
                lines = []
        out.writelines(lines)
        out.write("  </Children>\n</Message>\n")


class _Made:
    """Children one by one, as lines of XML."""

    def __init__(self, chance: random.Random, year: int, bad: float) -> None:
        self.chance, self.share = chance, bad
        self.start, self.end = date(year - 1, 4, 1), date(year, 3, 31)

    def value(self, good: object, *wrong: object) -> object:
        """The good value; now and then a wrong one, where None leaves the element out."""
        return self.chance.choice(wrong) if self.chance.random() < self.share else good

    def child(self, number: int) -> Iterator[str]:
        """One child with one to three episodes."""
        chance = self.chance
        unborn = chance.random() < 0.02
        born = self.end + timedelta(days=chance.randint(1, 150) if unborn else -chance.randint(0, 17 * 365))
        yield "    <Child>\n      <ChildIdentifiers>\n"
        yield from _leaves(8, LAchildID=self.value(f"K{number:07}", f"K{max(number - 1, 0):07}", f"K-{number:07}"))
        yield from _leaves(8, UPN=None if unborn else self.value(_pupil_number(number), None, "A823S"))
        if unborn:
            yield from _leaves(8, ExpectedPersonBirthDate=born, Sex=self.value("U", "F"))
        else:
            yield from _leaves(8, PersonBirthDate=self.value(born, "2030-01-01"), Sex=self.value("F", "X", None))
            died = self.start + timedelta(days=chance.randint(0, 364))
            yield from _leaves(8, PersonDeathDate=died if chance.random() < 0.002 else None)
        yield "      </ChildIdentifiers>\n      <ChildCharacteristics>\n"
        yield from _leaves(8, Ethnicity=self.value(chance.choice(ETHNICITIES), "ZZZZ", None))
        yield "        <Disabilities>\n"
        some = chance.sample(DISABILITIES, chance.randint(1, 2)) if chance.random() < 0.15 else ["NONE"]
        for code in self.value(some, [*some, some[0]], ["XXX"]):  # type: ignore[attr-defined]
            yield from _leaves(10, Disability=code)
        yield "        </Disabilities>\n      </ChildCharacteristics>\n"
        day: date | None = max(self.start + timedelta(days=chance.randint(-400, 300)), born - timedelta(days=200))
        for turn in range(chance.choice((1, 1, 1, 2, 3))):
            if day and (turn == 0 or day < self.end - timedelta(days=10)):
                day = min(day, self.end)
                lines, day = self._episode(day)
                yield from lines
        yield "    </Child>\n"

    def _episode(self, referred: date) -> tuple[list[str], date | None]:
        """One episode, and when the next may begin: never where it is still open."""
        chance = self.chance
        ends = max(referred + timedelta(days=chance.choice((30, 60, 120, 250, 400))), self.start)
        closed = ends <= self.end and chance.random() < 0.8
        last, reason = (ends if closed else self.end), chance.choice(REASONS)
        lines = ["      <CINdetails>\n"]
        lines += _leaves(
            8,
            CINreferralDate=self.value(referred, self.end + timedelta(days=9), None),
            ReferralSource=self.value(chance.choice(SOURCES), "99", None),
            PrimaryNeedCode=self.value(f"N{chance.randint(0, 9)}", "N10", None),
            CINclosureDate=self.value(ends, referred - timedelta(days=3)) if closed else None,
            ReasonForClosure=self.value(reason, None, "RC0") if closed else None,
            ReferralNFA=self.value("false", "true", "Y"),
        )
        lines += self._assessment(referred, last)
        if reason not in ("RC8", "RC9") and max(referred, self.start) + timedelta(days=45) < last:
            lines += self._protection(referred, last) if chance.random() < 0.3 else self._plan(referred, last, closed)
        return [*lines, "      </CINdetails>\n"], (ends + timedelta(days=chance.randint(5, 90)) if closed else None)

    def _assessment(self, referred: date, last: date) -> list[str]:
        done = min(max(referred + timedelta(days=self.chance.randint(20, 60)), self.start), last)
        factors = self.chance.sample(FACTORS, self.chance.randint(1, 4))
        lines = ["        <Assessments>\n"]
        lines += _leaves(10, AssessmentActualStartDate=self.value(referred, referred - timedelta(days=4), None))
        if done < self.end - timedelta(days=20) or last < self.end:
            lines += _leaves(10, AssessmentAuthorisationDate=self.value(done, referred - timedelta(days=1)))
            lines.append("          <FactorsIdentifiedAtAssessment>\n")
            for factor in self.value(factors, [*factors, factors[0]], [*factors, "21"], []):  # type: ignore[attr-defined]
                lines += _leaves(12, AssessmentFactors=factor)
            lines.append("          </FactorsIdentifiedAtAssessment>\n")
        return [*lines, "        </Assessments>\n"]

    def _plan(self, referred: date, last: date, closed: bool) -> list[str]:
        begins = referred + timedelta(days=self.chance.randint(20, 40))
        ends = self.value(last, begins - timedelta(days=2)) if closed else None
        leaves = _leaves(10, CINPlanStartDate=self.value(begins, None), CINPlanEndDate=ends)
        return ["        <CINPlanDates>\n", *leaves, "        </CINPlanDates>\n"]

    def _protection(self, referred: date, last: date) -> list[str]:
        enquiry = max(referred, self.start) + timedelta(days=self.chance.randint(0, 5))
        met = enquiry + timedelta(days=self.chance.randint(8, 14))
        met += timedelta(days=7 - met.weekday() if met.weekday() > 4 else 0)
        ends = self.value(last, met - timedelta(days=1)) if last < self.end else None
        lines = ["        <Section47>\n"]
        lines += _leaves(10, S47ActualStartDate=enquiry, InitialCPCtarget=met, DateOfInitialCPC=met)
        lines += [*_leaves(10, ICPCnotRequired="false"), "        </Section47>\n        <ChildProtectionPlans>\n"]
        kind = self.chance.choice(ABUSE)
        lines += _leaves(
            10,
            CPPstartDate=self.value(met, met + timedelta(days=1)),
            CPPendDate=ends,
            InitialCategoryOfAbuse=self.value(kind, "ABC", None),
            LatestCategoryOfAbuse=kind,
            NumberOfPreviousCPP=self.value(0, -1, None),
        )
        review = met + timedelta(days=80)
        while review < last:
            lines += ["          <Reviews>\n", *_leaves(12, CPPreviewDate=review), "          </Reviews>\n"]
            review += timedelta(days=170)
        return [*lines, "        </ChildProtectionPlans>\n"]


def _leaves(indent: int, **leaves: object) -> list[str]:
    return [f"{' ' * indent}<{name}>{text}</{name}>\n" for name, text in leaves.items() if text is not None]


def _pupil_number(number: int) -> str:
    body = f"823{number:09}"
    return LETTERS[sum(int(figure) * place for place, figure in enumerate(body, start=2)) % 23] + body
