"""The home of whoever leads a service: their teams side by side, by name, without rank or colour. Counts only."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight.cases import coming
from lineofsight.web.access import scope
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.practice import wording
from lineofsight.web.practice.queries import figures, measures, owing
from lineofsight.web.practice.queries.homes import reading
from lineofsight.web.practice.queries.homes.reading import Told
from lineofsight.web.practice.queries.standing import Standing, catalogue, standing, teams, whose

CASELOAD, OVER, SUPERVISION, VACANT = "WF01", "WF08", "WF10", "WF02"
BESIDE = (CASELOAD, OVER, SUPERVISION, VACANT)
ALL = ""


@dataclass(frozen=True)
class Cell:
    """A measure's value for one team, and what it is counted from."""

    value: str
    of: str = ""


@dataclass(frozen=True)
class Line:
    """One team, or all of them together (`key` is '')."""

    key: str
    name: str
    owed: int
    overdue: int
    due: int
    unallocated: Cell
    caseload: Cell
    supervision: Cell
    vacancies: Cell
    empty: bool  # nothing at all is told of this team on the extract's date


@dataclass(frozen=True)
class Missing:
    """A column that was not measured: its measure, and what that lacks."""

    id: str
    title: str
    why: str


@dataclass(frozen=True)
class ServiceHome:
    """The page: the teams in the order of their names, all of them together, and what was not measured."""

    told: Told
    lines: Sequence[Line]
    whole: Line
    longest: int | None
    missing: Sequence[Missing]
    whose: str

    @property
    def said(self) -> str:
        """'61 things are owed and not done in five teams, 48 of them past a date: Family Help and Protection.'"""
        one, now = self.whole.owed == 1, self.told.fresh
        be = ("is" if one else "are") if now else ("was" if one else "were")
        count = wording.counted(self.whole.owed, "thing")
        start = count[:1].upper() + count[1:] if now else f"On {wording.day(self.told.as_at)}, {count}"
        inside = f"in {wording.spelled(len(self.lines))} {'team' if len(self.lines) == 1 else 'teams'}"
        past = f", {self.whole.overdue:,} of them past a date" if self.whole.overdue else ""
        return f"{start} {be} owed and not done {inside}{past}: {self.whose}."


def service_home(viewer: Viewer) -> ServiceHome:
    """The teams of the viewer's service side by side: counts, no child and no worker by name. Raises Refused."""
    reading.check_home(viewer, "service")
    stand = standing(viewer)
    owed = reading.owed_rows(stand, viewer)
    rows = reading.newest_rows(
        stand, viewer, pc.field("measure").isin([*coming.measures(), *BESIDE, owing.UNALLOCATED])
    )
    due = reading.soon(stand, rows)
    seen = {team or ALL for table in (owed, rows) for team in pc.unique(table["team_id"]).to_pylist()} - {ALL}
    ids = scope.gathered("service", viewer.scope.ids)
    listed = {key for key, team in teams(stand).items() if team.service_id in ids and key not in ids}
    lines = [_line(stand, team, owed, due, rows) for team in seen | listed]
    return ServiceHome(
        told=reading.told(stand, 0),
        lines=sorted(lines, key=lambda line: (line.name, line.key)),
        whole=_line(stand, ALL, owed, due, rows),
        longest=pc.max(reading.of(owed, [owing.UNALLOCATED])["days_over"]).as_py(),
        missing=_missing(stand),
        whose=whose(stand, viewer),
    )


def _line(stand: Standing, team: str, owed: pa.Table, due: pa.Table, rows: pa.Table) -> Line:
    if team:
        owed, due, rows = (table.filter(pc.equal(table["team_id"], team)) for table in (owed, due, rows))
    over = _figure(stand, OVER, rows)
    limit = f"{over.numerator:,} of {over.denominator:,} over the limit" if over and over.denominator else ""
    waits = reading.of(owed, [owing.UNALLOCATED]).num_rows
    plan = _figure(stand, owing.UNALLOCATED, rows)
    return Line(
        key=team,
        name=reading.team_name(stand, team) if team else "All of them",
        owed=owed.num_rows,
        overdue=pc.sum(pc.greater(owed["days_over"], 0)).as_py() or 0,
        due=due.num_rows,
        unallocated=Cell(f"{waits:,}", f"of {plan.denominator:,}" if plan.denominator else "")
        if plan
        else Cell(wording.NOT_MEASURED),
        caseload=Cell(_cell(stand, CASELOAD, rows).value, limit),
        supervision=_cell(stand, SUPERVISION, rows),
        vacancies=_cell(stand, VACANT, rows),
        empty=not owed.num_rows and not rows.num_rows,
    )


def _cell(stand: Standing, measure: str, rows: pa.Table) -> Cell:
    figure = _figure(stand, measure, rows)
    if figure is None:
        return Cell(wording.NOT_MEASURED)
    definition = catalogue()[measure]
    value = measures.value_words(definition, figure).removesuffix(f" {definition.unit}")
    if not figure.numerator and not figure.denominator:
        return Cell("–", value)
    if measure == VACANT:
        return Cell(value, f"of {wording.counted(figure.numerator or 0, 'post')}")
    return Cell(value, measures.of_words(definition, figure))


def _figure(stand: Standing, measure: str, rows: pa.Table) -> figures.Figure | None:
    """A measure over the rows of one team, by the arithmetic of the stored values; None where it was not measured."""
    series = figures.authority(stand, "identified").get(measure)
    if series is None or not series.headline.measured:
        return None
    return figures.counted(catalogue()[measure], reading.of(rows, [measure]), [stand.as_at])


def _missing(stand: Standing) -> Sequence[Missing]:
    """The columns that were not measured, and what each lacks."""
    series = figures.authority(stand, "identified")
    known = [catalogue()[key] for key in (owing.UNALLOCATED, *BESIDE) if key in catalogue()]
    return [
        Missing(one.id, one.title, measures.missing_said(series[one.id].headline) if one.id in series else "")
        for one in known
        if one.id not in series or not series[one.id].headline.measured
    ]
