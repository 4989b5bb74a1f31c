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
from tests.disclosure.authorities import AS_AT
from tests.disclosure.constraints import BELOW, TO, Case, Told, Truth
from tests.disclosure.numbers import NUMBER, Chunk, Known, chunks_of, divided_by_visits
from tests.disclosure.placing import placed
from tests.disclosure.reading import WAYS, crawl
from tests.disclosure.telling import told_of

from lineofsight.measures import definitions
from lineofsight.web.practice.queries.standing import standing, values

PSEUDONYMISED = ["lead-member", "chief-executive", "leader", "lado", "partnership-manager", "scrutineer"]
PUBLISHED = ["scrutiny", "agency", "action-owner"]
LEVELS = {"lead-member": "pseudonymised", "scrutiny": "published"}
SEED, MORE_SEEDS = 3, [8, 1, 5, 14, 23]

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def read(client_as):
    """`read(office)`: everything that an office was shown. No table in it may be one that nobody knows how to read."""

    def fetched(office):
        titles = {one.title: one.id for one in definitions.load().values()}
        seen = crawl(client_as(office), titles, AS_AT)
        assert seen.strange == [], "tables with numbers that the attacker does not know how to read"
        return seen

    return fetched


def true_now():
    stand = standing()
    rows = stand.lake.read(stand.computation, "rows", columns=["team_id", "service_id"]).to_pylist()
    services = {row["team_id"] or "none": row["service_id"] or "none" for row in rows}
    return Truth(values(stand).to_pylist(), services)


def chunks(seen):
    return [chunk for address, root in seen.pages.items() for chunk in chunks_of(address, root)]


def divided_too_small(seen, truth):
    """The reasons and visits of the unallocated that are small numbers, or leave one to be worked out."""
    whole = truth.rows["CP10", "month", AS_AT, "authority", "authority"]["numerator"]
    for reasons in seen.reasons:
        yield from (n for n in (*reasons.values(), whole - sum(reasons.values())) if 0 < n < BELOW < whole)
        yield from (n for n in reasons.values() if 0 < n < BELOW)
    for parts in divided_by_visits(chunks(seen)):
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
    assert Known(seen.told, "999", AS_AT).strange(chunks(seen)) == []
    most = {one.place: one for one in told_of(truth, level)}
    told = placed(standing(), truth, seen)
    for one in told:
        other = most[one.place]
        assert one.hidden == other.hidden, one
        for name in ("numerator", "denominator", "unknown"):
            said = getattr(one, name)
            assert said is None or said == getattr(other, name), (one, other)
    found, small = Case(truth, told, level).broken()
    assert found == []
    assert not list(divided_too_small(seen, truth))
    if level == "published":
        assert all(n % TO == 0 for one in told for n in (one.numerator, one.unknown) if n is not None)
    counted("pages and files read by the attacker", len(seen.pages) + len(seen.files))
    counted("figures told on them", len(told))
    counted("small numbers hidden on them, none worked out", small)
    return seen, small


def test_no_small_number_can_be_worked_out_from_all_that_an_office_can_fetch(plant, read, counted):
    plant(SEED)
    for office in LEVELS:
        seen, small = attacked(read, counted, office)
        assert small > 20
        assert len(seen.told) > 1000
        files = [address.split("?")[0] for address in seen.files]
        assert files == (["/packs/lead-member/2026-10/pack.pdf"] if office == "lead-member" else [])
        if files:
            assert only_in_the_file(seen) == set()


@pytest.mark.full
@pytest.mark.parametrize("seed", MORE_SEEDS)
def test_no_small_number_of_more_authorities_can_be_worked_out_from_their_pages(plant, read, counted, seed):
    plant(seed)
    for office in LEVELS:
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
    for offices in (PSEUDONYMISED, PUBLISHED):
        told = {office: frozenset(read(office).told) for office in offices}
        assert len(set(told.values())) == 1, {office: len(one) for office, one in told.items()}


def test_nothing_beside_the_pages_can_be_fetched(plant, client_as):
    plant(SEED)
    for office in (*PSEUDONYMISED, *PUBLISHED):
        client = client_as(office)
        for address in ("/measures/CP01/children/", "/exceptions/", "/exceptions/unallocated/"):
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
