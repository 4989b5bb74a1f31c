"""An attacker reads all that an office can fetch, over HTTP, and solves for every small number that is hidden.

Each audience below the identified level is crawled from its first page: every page, table and document there is. What
is told becomes linear constraints over whole numbers, and the bounds of every hidden small number are solved exactly.
No number may have a single answer, and at the published level none fewer answers than the policy promises.
"""

import random

import pytest
from tests.disclosure.authorities import AS_AT
from tests.disclosure.constraints import BELOW, TO, Case
from tests.disclosure.reading import WAYS, crawl

from lineofsight.measures import definitions, disclosure
from lineofsight.web.practice.queries.standing import standing

PSEUDONYMISED = ["lead-member", "chief-executive", "leader", "lado", "partnership-manager", "scrutineer"]
PUBLISHED = ["scrutiny", "agency", "action-owner"]
SEEDS = [3, 8]
MORE_SEEDS = [random.Random(20_261_112).randrange(10_000) for _ in range(40)]  # noqa: S311

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.soak]


def attacked(client_as, office, level):
    """What this office was shown, as a case."""
    titles = {one.title: one.id for one in definitions.load().values()}
    seen = crawl(client_as(office), titles, AS_AT)
    assert seen.strange == [], "tables with numbers that the attacker does not know how to read"
    return seen, Case(standing(), seen, level)


def divided_too_small(seen, case):
    """The reasons a pack gives that are small numbers, or leave one to be worked out."""
    whole = case.truth["CP10", "month", AS_AT, "authority", "authority"]["numerator"]
    for reasons in seen.reasons:
        yield from (n for n in (*reasons.values(), whole - sum(reasons.values())) if 0 < n < BELOW)


def broken(case):
    """The hidden small numbers that have too few answers, and how many there were."""
    found, count = [], 0
    for one in case.small_and_hidden():
        count += 1
        low, high = case.attack.bounds(one.cell)
        assert low <= one.number <= high, one
        answers = high - low + 1
        if answers < (TO if case.level == "published" else 2):
            found.append((one, low, high))
    return found, count


@pytest.mark.parametrize(("office", "level"), [("lead-member", "pseudonymised"), ("scrutiny", "published")])
@pytest.mark.parametrize("seed", SEEDS)
def test_no_small_number_can_be_worked_out_from_all_that_an_office_can_fetch(plant, client_as, seed, office, level):
    plant(seed)
    seen, case = attacked(client_as, office, level)
    found, count = broken(case)
    print(
        f"\nseed {seed}, {office}: {len(seen.pages)} pages, {seen.tables} tables, {len(seen.told)} figures told, "
        f"{len(case.attack.rows)} constraints over {len(case.attack.names)} unknowns, {count} small numbers, none found"
    )
    assert found == []
    assert not list(divided_too_small(seen, case))
    assert count > 20
    assert len(case.attack.rows) > 500


@pytest.mark.soak
@pytest.mark.parametrize("seed", MORE_SEEDS)
def test_no_small_number_of_many_authorities_can_be_worked_out(plant, client_as, seed):
    plant(seed)
    for office, level in (("lead-member", "pseudonymised"), ("scrutiny", "published")):
        found, _ = broken(attacked(client_as, office, level)[1])
        assert found == [], office


def test_every_office_of_a_level_is_told_the_same_figures(plant, client_as):
    plant(SEEDS[0])
    titles = {one.title: one.id for one in definitions.load().values()}
    for offices in (PSEUDONYMISED, PUBLISHED):
        told = {office: set(crawl(client_as(office), titles, AS_AT).told) for office in offices}
        assert len(set(map(frozenset, told.values()))) == 1, {office: len(one) for office, one in told.items()}


def test_a_weaker_mask_is_broken_by_the_same_attacker(plant, client_as, monkeypatch):
    def primary(cells, below, *, also=(), **_):
        return frozenset(cell.group for cell in cells if disclosure.unsafe(cell.parts, below))

    monkeypatch.setattr(disclosure, "hidden_groups", primary)
    plant(SEEDS[0])
    found, _ = broken(attacked(client_as, "lead-member", "pseudonymised")[1])
    assert found


def test_masks_of_one_measure_at_a_time_are_broken_by_the_same_attacker(plant, client_as, monkeypatch):
    def alone(families, below):
        return {one.measure: disclosure.masks(one.cells, below) for one in families}

    monkeypatch.setattr(disclosure, "joint_masks", alone)
    plant(SEEDS[0])
    found, _ = broken(attacked(client_as, "lead-member", "pseudonymised")[1])
    assert found


@pytest.mark.parametrize("office", [*PSEUDONYMISED, *PUBLISHED])
def test_nothing_beside_the_pages_can_be_fetched(plant, client_as, office):
    plant(SEEDS[0])
    client = client_as(office)
    for address in ("/measures/CP01/children/", "/exceptions/", "/exceptions/unallocated/"):
        for form in ("", "csv", "xlsx"):
            assert client.get(address, {"format": form} if form else {}).status_code == 403
    for by in WAYS:
        body = client.get("/measures/CP10/", {"by": by}).content.decode()
        assert "/children/" not in body
        assert " rows" not in body, "how many rows a table has is a number of children too"
    assert (
        client.get("/measures/CP10/", {"by": "team", "team": "s0t0", "age": "Under 1"}).content
        == client.get("/measures/CP10/", {"by": "team"}).content
    ), "no two filters are ever combined"


def test_at_the_published_level_every_number_of_a_page_is_a_rounded_one(plant, client_as):
    plant(SEEDS[1])
    seen, _ = attacked(client_as, "scrutiny", "published")
    numbers = [n for one in seen.told for n in (one.numerator, one.unknown) if n is not None]
    assert numbers
    assert all(number % TO == 0 for number in numbers)
    assert not any(0 < number < TO for number in numbers)
    assert BELOW > TO
