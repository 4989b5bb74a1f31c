"""An attacker reads all that an office can fetch, over HTTP, and solves for every small number that is hidden.

Each audience below the identified level is crawled from its first page: every page, table, chart, sentence and file
there is. A number that the attacker does not know how to read fails the test. What is told becomes linear constraints
over whole numbers, and the bounds of every hidden small number are solved exactly. No number may have a single answer,
and at the published level none fewer answers than the policy promises.
"""

import io
import re

import pypdf
import pytest
from tests.disclosure.authorities import AS_AT, BEFORE
from tests.disclosure.conftest import OF_A_CHILD, OF_A_MEASURE, THREE
from tests.disclosure.constraints import BELOW, TO, Case, Told, Truth
from tests.disclosure.numbers import LONGEST, NUMBER, Chunk, Known, chunks_of, divided_by_visits
from tests.disclosure.placing import placed
from tests.disclosure.reading import WAYS, Extracts, crawl
from tests.disclosure.telling import ALLOCATION, told_of
from tests.times import drawn, times

from lineofsight.measures import definitions
from lineofsight.measures.first_known import last_whole_month
from lineofsight.web.access.known import computed
from lineofsight.web.practice.queries.standing import Standing, standing

PSEUDONYMISED = ["lead-member", "chief-executive", "leader", "lado", "partnership-manager", "scrutineer"]
PUBLISHED = ["scrutiny", "agency", "action-owner"]
LEVELS = {"lead-member": "pseudonymised", "scrutiny": "published"}
SEED, MORE_SEEDS = 3, [1, 8, 14, 5, 23][: times(1)]

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def read(client_as):
    """`read(office)`: everything that an office was shown. No table in it may be one that nobody knows how to read."""

    def fetched(office):
        titles = {one.title: one.id for one in definitions.load().values()}
        seen = crawl(client_as(office), titles, held())
        assert seen.strange == [], "tables with numbers that the attacker does not know how to read"
        return seen

    return fetched


def held():
    """The extracts there are: the newest, the earlier ones, and from which of them each month was first known."""
    oldest_first = computed(standing().lake)[::-1]
    first = {}
    for one in oldest_first:
        first.setdefault(last_whole_month(one.as_at), one.id)
    return Extracts(AS_AT, {one.id: one.as_at for one in oldest_first[:-1]}, first)


def true_then(extract):
    """An earlier extract as it truly was, by its own computation."""
    lake = standing().lake
    snapshot = lake.snapshot(extract)
    return true_of(Standing(lake, snapshot, lake.computation(snapshot), past=True))


def true_now():
    return true_of(standing())


def true_of(stand):
    rows = stand.lake.read(stand.computation, "rows", columns=["team_id", "service_id"]).to_pylist()
    services = {row["team_id"] or "none": row["service_id"] or "none" for row in rows}
    return Truth(stand.lake.read(stand.computation, "values").to_pylist(), services)


def chunks(seen, extract, extracts):
    """Everything that the pages of one extract say ("": of now)."""
    pages = {address: root for address, root in seen.pages.items() if extracts.of(address)[0] == extract}
    return [chunk for address, root in pages.items() for chunk in chunks_of(address, root)]


def held_against(truth, told, level, extract):
    """What was told of one extract, none of it more than the level may be told; of the past nothing is divided."""
    mine = [one for one in told if one.known == extract]
    most = {one.place: one for one in told_of(truth, level)}
    assert not extract or {one.breakdown for one in mine} <= {"authority"}
    nothing = [one for one in mine if one.place not in most]
    for one in nothing:
        assert one.place not in truth.rows, one
        assert not one.hidden and {one.numerator, one.denominator, one.unknown, one.value} == {None}, one
    mine = [one for one in mine if one.place in most]
    for one in mine:
        other = most[one.place]
        assert one.hidden == other.hidden, one
        for name in ("numerator", "denominator", "unknown"):
            said = getattr(one, name)
            assert said is None or said == getattr(other, name), (one, other)
        if one.value is not None:
            assert other.value is not None and abs(one.value - other.value) < 0.051, (one, other)
    return mine


def divided_too_small(seen, truth, said, *, now):
    """The reasons and visits of the unallocated that are small numbers, or leave one to be worked out."""
    whole = truth.rows["CP10", "month", truth.days[-1], "authority", "authority"]["numerator"]
    for reasons in seen.reasons if now else ():  # of packs, which are of now
        yield from (n for n in (*reasons.values(), whole - sum(reasons.values())) if 0 < n < BELOW < whole)
        yield from (n for n in reasons.values() if 0 < n < BELOW)
    for parts in divided_by_visits(said):
        yield from (n for n in parts if 0 < n < BELOW)


def only_in_the_file(seen):
    """The numbers of the pack as a PDF that its page has not, its own numbering and seals aside."""
    ((_, held),) = seen.files.items()
    (page,) = (root for address, root in seen.pages.items() if "pack.html" in address)
    told = {number[0].strip(",") for number in NUMBER.finditer(" ".join(page.itertext()))}
    sheets = [sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(held)).pages]
    pages = {str(number + 1) for number in range(len(sheets))}
    found = {number[0].strip(",") for number in NUMBER.finditer(" ".join(sheets))} - told - pages
    assert len(told) > 100
    return {one for one in found if len(one) < 5}


def attacked(read, counted, office):
    """Read all of it, hold it against what the level may be told, and solve."""
    level, truth, seen = LEVELS[office], true_now(), read(office)
    extracts, then = held(), {key: true_then(key) for key in held().earlier}
    first = [one for one in seen.told if one.known and one.known == extracts.first.get(one.as_at)]
    now = Known([one for one in seen.told if not one.known], "999", AS_AT, beside=first, reasons=seen.reasons)
    assert now.strange(chunks(seen, "", extracts)) == []
    told = placed(standing(), truth, seen)
    case = Case(truth, held_against(truth, told, level, ""), level)
    assert {one.measure for one in told} >= ALLOCATION
    for extract, date in extracts.earlier.items():
        as_it_was = Known([one for one in seen.told if one.known == extract], "999", date)
        assert as_it_was.strange(chunks(seen, extract, extracts)) == []
        case.remember(extract, then[extract], held_against(then[extract], told, level, extract))
    found, small = case.broken()
    assert found == []
    assert {one.known for one in told} == ({"", *extracts.earlier} if level == "pseudonymised" else {""})
    assert not list(divided_too_small(seen, truth, chunks(seen, "", extracts), now=True))
    for extract in extracts.earlier:
        assert not list(divided_too_small(seen, then[extract], chunks(seen, extract, extracts), now=False))
    if level == "published":
        assert not [one.text for one in chunks(seen, "", extracts) if LONGEST.search(one.text)]
        assert all(n % TO == 0 for one in told for n in (one.numerator, one.unknown) if n is not None)
    past = [address for address in seen.pages if extracts.of(address)[0]]
    assert bool(past) == ("/data/as-known/" in seen.pages) == (level == "pseudonymised")
    counted("pages and files read by the attacker", len(seen.pages) + len(seen.files))
    counted("of them as they were known a month ago", len(past))
    counted("figures told on them", len(told))
    counted("small numbers hidden on them, none worked out", small)
    return seen, small


@pytest.mark.full
def test_no_small_number_can_be_worked_out_from_all_that_an_office_can_fetch(plant, read, counted):
    plant(SEED)
    for office in LEVELS:
        seen, small = attacked(read, counted, office)
        assert small > 20
        assert len(seen.told) > 1000
        files = [address.split("?")[0] for address in seen.files]
        assert files == (["/packs/lead-member/2026-10/pack.pdf"] if office == "lead-member" else [])
        said = " ".join(" ".join(page.itertext()) for page in seen.pages.values())
        assert not [one for one in (THREE.changed, THREE.why, THREE.next_steps) if one in said]
        for released in (OF_A_CHILD, OF_A_MEASURE.rpartition("{}")[2]):
            assert (released in said) == (office == "lead-member")
        if files:
            assert only_in_the_file(seen) == set()


@pytest.mark.full
@pytest.mark.parametrize("seed", MORE_SEEDS)
def test_no_small_number_of_more_authorities_can_be_worked_out_from_their_pages(plant, read, counted, seed):
    plant(seed)
    for office in drawn(LEVELS, 1):  # LINEOFSIGHT_TIMES=2 reads them as both
        attacked(read, counted, office)


def test_a_number_that_no_table_tells_is_strange_to_the_attacker():
    place = {"measure": "CP10", "window": "month", "as_at": AS_AT, "breakdown": "authority", "group": "authority"}
    known = Known([Told(**place, numerator=20, denominator=45, unknown=0)], "999", AS_AT)
    for text in ("31 October 2026, 10 working days", "20 of 45 children. That is 44%", "October 2026: 44%"):
        assert known.strange([Chunk("/measures/CP10/", "CP10", "", text)]) == [], text
    for text in ("4 children", "October 2026: 7.77", "3 of 1,234", "20 of 46", "25 of 45"):
        assert known.strange([Chunk("/measures/CP10/", "CP10", "", text)]), text
    assert known.strange([Chunk("/measures/CP01/", "CP01", "", "20 of 45")]), "a figure is of its own measure only"


@pytest.mark.full
def test_every_office_of_a_level_is_told_the_same_figures(plant, read):
    plant(SEED)
    for level in drawn([PSEUDONYMISED, PUBLISHED], 1):  # LINEOFSIGHT_TIMES=3 asks for every office
        offices = drawn(level, 2)
        told = {office: frozenset(read(office).told) for office in offices}
        assert len(set(told.values())) == 1, {office: len(one) for office, one in told.items()}


CLOSED = (
    "/measures/CP01/children/",
    "/exceptions/",
    "/exceptions/unallocated/",
    "/data/",
    "/data/late/",
    "/data/late/children/",
    "/data/roles/",
    "/data/policy/",
    "/data/teams/",
    "/data/templates/",
)


def test_below_the_level_that_sees_names_the_past_is_not_divided_and_what_is_published_has_none(plant, client_as):
    plant(SEED)
    (earlier,) = held().earlier
    for office in (*PSEUDONYMISED, *PUBLISHED):
        client, past = client_as(office), {"known": earlier}
        for address in CLOSED:
            assert client.get(address, past).status_code == 403, (office, address)
        for by in WAYS:
            answer = client.get("/measures/WF14/", {"by": by, **past})
            assert answer.status_code == (403 if office in PUBLISHED else 200)
            assert "practice-where" not in answer.content.decode(), (office, by)
            assert client.get("/measures/WF14/", {"by": by, "known": str(BEFORE)}).status_code == answer.status_code


def test_nothing_beside_the_pages_can_be_fetched(plant, client_as):
    plant(SEED)
    for office in (*PSEUDONYMISED, *PUBLISHED):
        client = client_as(office)
        for address in CLOSED:
            for form in ("", "csv", "xlsx"):
                assert client.get(address, {"format": form} if form else {}).status_code == 403, (office, address)
        for by in WAYS:
            body = without_marks(client.get("/measures/CP10/", {"by": by}))
            assert "/children/" not in body
            assert " rows" not in body, "how many rows a table has is a number of children too"
        asked = client.get("/measures/CP10/", {"by": "team", "team": "s0t0", "age": "Under 1"})
        plain = client.get("/measures/CP10/", {"by": "team"})
        assert without_marks(asked) == without_marks(plain), "no two filters are ever combined"


def without_marks(response):
    """A page without the random marks of its forms, which differ whenever it is drawn."""
    page, marks = re.subn(r'(name="csrfmiddlewaretoken" value=")\w+(")', r"\1\2", response.content.decode())
    assert marks
    return page
