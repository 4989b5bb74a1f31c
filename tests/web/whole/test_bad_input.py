"""Extracts as they come on a bad day: whatever is missing or wrong in one, every page stands and says so."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from tests.web.whole.crawling import Answer, crawl
from tests.web.whole.world import begin

from lineofsight import clock, loading, sources, synth
from lineofsight.home import create_home, open_home
from lineofsight.keys import create_keys
from lineofsight.web.access.models import Holding, Person
from lineofsight.web.practice.queries import figures, standing

CHILDREN, SEED, AS_AT = 700, 23, date(2026, 10, 31)
NOW = datetime(2026, 11, 12, 12, tzinfo=UTC)
TEAM, WORKER, GONE = "T104", "W1017", "T999"
# Who works with what the measures say, whose reach is a team or a worker, and who sees no child.
OFFICES = {
    "dcs": [],
    "head-of-service": ["T103"],
    "team-manager": [TEAM, GONE],
    "social-worker": [WORKER],
    "reviewing-officer": [WORKER],
    "psw": [],
    "analyst": [],
    "lead-member": [],
    "scrutiny": [],
}
STARTS = (
    "/",
    "/data/",
    "/measures/",
    "/exceptions/",
    "/exceptions/unallocated/",
    "/children/easily-lost/",
    "/ten/",
    "/lines/",
)
NEVER_LOST = ("ssd_person.csv",)


Rows = list[dict[str, str]]


@dataclass
class Files:
    """The files of an extract, to be damaged."""

    folder: Path
    dropped: list[str] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """Every file's name, in the order of the alphabet."""
        return sorted(path.name for path in self.folder.glob("*.csv"))

    def drop(self, names: list[str]) -> None:
        """The files did not come."""
        for name in names:
            (self.folder / name).unlink()
        self.dropped += names

    def change(self, name: str, how: Callable[[Rows], Rows]) -> None:
        """The rows of a file as `how` makes them."""
        with (self.folder / name).open(newline="") as handle:
            rows = list(csv.DictReader(handle))
        if rows:
            names, changed = list(rows[0]), how(rows)
            with (self.folder / name).open("w", newline="") as handle:
                writer = csv.DictWriter(handle, names)
                writer.writeheader()
                writer.writerows(changed)


def every_other_table(files: Files) -> None:
    """Half the tables did not come."""
    files.drop([name for name in files.names[::2] if name not in NEVER_LOST])


def the_other_tables(files: Files) -> None:
    """The other half did not come."""
    files.drop([name for name in files.names[1::2] if name not in NEVER_LOST])


def a_team_that_vanished(files: Files) -> None:
    """A team's children and posts are under an id that no list has, and nobody is told what it was."""

    def renamed(rows: Rows) -> Rows:
        return [{key: GONE if value == TEAM else value for key, value in row.items()} for row in rows]

    files.change("ssd_department.csv", lambda rows: [row for row in rows if row["dept_team_id"] != TEAM])
    for name in files.names:
        if name != "ssd_department.csv":
            files.change(name, renamed)


def everybody_under_one_worker(files: Files) -> None:
    """A worker with more than 500 children: everybody there is, since a year ago."""
    with (files.folder / "ssd_person.csv").open(newline="") as handle:
        people = [row["pers_person_id"] for row in csv.DictReader(handle)]
    assert len(people) > 500

    def held(rows: Rows) -> Rows:
        first = rows[0]
        one = {**dict.fromkeys(first, ""), "invo_professional_id": WORKER, "invo_professional_team": TEAM}
        one |= {"invo_professional_role_id": "ALLOCATED CASE WORKER", "invo_involvement_start_date": "2025-11-01"}
        return [
            *rows,
            *({**one, "invo_involvements_id": f"MANY{at}", "invo_person_id": who} for at, who in enumerate(people)),
        ]

    files.change("ssd_involvements.csv", held)


def dates_in_the_future(files: Files) -> None:
    """Of every table each third row is dated after the extract, by up to two years: births and ends as well."""

    def later(value: str, number: int) -> str:
        try:
            day = date.fromisoformat(value)
        except ValueError:
            return value
        if day.year > 9000:  # what stands for no end
            return value
        return (max(day, AS_AT) + timedelta(days=1 + 37 * number % 730)).isoformat()

    def shifted(rows: Rows) -> Rows:
        return [
            {key: later(value, at) for key, value in row.items()} if at % 3 == 0 else row for at, row in enumerate(rows)
        ]

    for name in files.names:
        files.change(name, shifted)


DAMAGE = (
    every_other_table,
    the_other_tables,
    a_team_that_vanished,
    everybody_under_one_worker,
    dates_in_the_future,
)


@pytest.fixture(scope="module")
def extract(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole extract, before anything happens to it."""
    (made,) = synth.write(tmp_path_factory.mktemp("whole"), children=CHILDREN, extracts=1, seed=SEED, until=AS_AT)
    return made


@pytest.fixture(
    params=[
        pytest.param(one, marks=[pytest.mark.full] * (one is not every_other_table), id=one.__name__) for one in DAMAGE
    ]
)
def damaged(request, extract: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, db: None) -> Iterator[str]:
    """The extract damaged in one way and loaded, with somebody in every office: the way's name."""
    folder = tmp_path / "extract"
    for path in extract.rglob("*"):
        if path.is_file():
            there = folder / path.relative_to(extract)
            there.parent.mkdir(parents=True, exist_ok=True)
            there.write_bytes(path.read_bytes())
    request.param(Files(folder / "ssd"))
    home = create_home(tmp_path / "home", authority="999", authority_name="Northmere")
    create_keys(home)
    monkeypatch.setenv("LINEOFSIGHT_HOME", str(home.path))
    with clock.frozen_at(NOW):
        loading.load(home, sources.read([folder]))
        open_home(home.path)
        for office, ids in OFFICES.items():
            person = Person.objects.create_person(key=f"p-{office}", name=f"A {office}", email=f"{office}@n.example")
            Holding.objects.create(person=person, office=office, from_date=date(2024, 4, 1), scope_ids=ids)
        yield request.param.__name__
    standing.forget()
    figures.forget()


@pytest.fixture
def read(damaged: str) -> dict[str, dict[str, Answer]]:
    """Every page that each office reaches."""
    found = {}
    for office in OFFICES:
        client = Client(raise_request_exception=True)
        begin(client, Person.objects.get(key=f"p-{office}"))
        found[office] = crawl(client, *STARTS, each=2)
    return found


# What the pages say of it: to whom, and in which words.
SAYS = {
    "every_other_table": [("dcs", "not measured"), ("lead-member", "not measured")],
    "the_other_tables": [("dcs", "not measured"), ("lead-member", "not measured")],
    "a_team_that_vanished": [("dcs", f"Team {GONE}, not in the list any more")],
    "everybody_under_one_worker": [("social-worker", "more of your children are not on this page")],
    "dates_in_the_future": [("analyst", "is still to come, and this cannot have happened yet")],
}


def test_every_page_stands_and_says_what_is_wrong_with_the_extract(damaged: str, read, counted) -> None:
    for office, pages in read.items():
        lost = {address: one.status for address, one in pages.items() if one.status not in (200, 302, 403)}
        assert {address for address in lost if lost[address] != 404 or address not in STARTS} == set(), office
        assert pages["/"].status == pages["/measures/"].status == 200, office
        counted("pages that stand on a bad extract", sum(one.status == 200 for one in pages.values()))
    for office, words in SAYS[damaged]:
        assert any(words in one.text for one in read[office].values()), (office, words)
