"""No canary leaves: on no page and in no file of an office that sees no child, in no table, log or e-mail.

The authority's children are canaries, and a canary is typed through every form there is.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence

import pytest
from django.core import mail
from django.db import connection
from tests.times import drawn
from tests.web.whole.canaries import ANY, CHILD, OF_ANYBODY, OF_CHILDREN, TYPED, found_in
from tests.web.whole.crawling import Answer, crawl
from tests.web.whole.typing_in import forms_of, send
from tests.web.whole.world import World

from lineofsight.web.access.offices import offices
from lineofsight.web.practice import queries
from lineofsight.web.site.logs import NoPersonalData

NAMELESS = [slug for slug, one in offices().items() if one.level != "identified"]
# Whose pages `make test` reads; in the full run those of so many more, and with LINEOFSIGHT_TIMES=3 those of every one.
SAMPLED = ("dcs", "team-manager", "analyst", "lead-member", "scrutineer")
MORE = drawn((one for one in offices() if one not in SAMPLED), 5)


def _marked(slugs: Iterable[str]) -> list[object]:
    chosen = [one for one in slugs if one in SAMPLED or one in MORE]
    return [pytest.param(one, marks=[pytest.mark.full] * (one not in SAMPLED), id=one) for one in chosen]


STARTS = (
    "/",
    "/measures/",
    "/records/",
    "/commitments/",
    "/packs/",
    "/exceptions/",
    "/ten/",
    "/lines/",
    "/lines/CP08/",
    "/data/",
    "/data/as-known/",
    "/data/late/",
)
# A form that ends what the next forms need: the session itself, or somebody's office.
NOT_SENT = ("/sign-out", "/access/choose/", "/end/")


class Lines(logging.Handler):
    """Every line that any logger wrote, as the house writes it, and the raw message beside it."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.setFormatter(NoPersonalData())
        self.written: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.written.append(self.format(record))


@pytest.fixture(scope="module")
def lines() -> Iterator[Lines]:
    """What was logged while this module ran, by the loggers that stand in production."""
    handler = Lines()
    loggers = [logging.getLogger(), logging.getLogger("django")]
    for one in loggers:
        one.addHandler(handler)
    yield handler
    for one in loggers:
        one.removeHandler(handler)


@pytest.fixture(scope="module")
def read_by(request: pytest.FixtureRequest) -> Sequence[str]:
    """The offices whose pages are read in this run."""
    return SAMPLED if "not full" in request.config.getoption("markexpr") else [*SAMPLED, *MORE]


@pytest.fixture(scope="module")
def whole(read_by: Sequence[str]) -> bool:
    """Whether more addresses of each shape are asked for: in the full run, and once, for pages are the same on both."""
    return read_by != SAMPLED and connection.vendor == "sqlite"


@pytest.fixture(scope="module")
def typed(world: World, lines: Lines, read_by: Sequence[str], whole: bool) -> dict[str, int]:
    """How many forms each office sent, with a canary in every box. What they wrote stays for the other tests."""
    sent = {}
    for office in read_by:
        client, count, known = world.client(office), 0, set()
        for answer in list(crawl(client, *STARTS, each=2 if whole else 1).values()):
            if answer.status != 200 or not answer.kind.startswith("text/html"):
                continue
            for form in forms_of(answer.text, answer.address):
                shape = (form.action.split("?")[0].rstrip("/").rpartition("/")[0], form.fields)
                if not any(part in form.action for part in NOT_SENT) and form.takes_words() and shape not in known:
                    known.add(shape)
                    assert send(client, form).status_code < 500, form.action
                    count += 1
        sent[office] = count
    for office in read_by:  # what an administrator typed signed some of them out
        world.sign_in(office)
    return sent


@pytest.fixture(scope="module")
def reached(world: World, typed: dict[str, int], read_by: Sequence[str], whole: bool) -> dict[str, dict[str, Answer]]:
    """What each office can reach, after everything was typed."""
    many = {office: (6 if whole else 2) if office in NAMELESS else 2 if whole else 1 for office in read_by}
    own = {office: (f"/children/{world.ref(office)}/",) for office in ("dcs", "team-manager", "social-worker")}
    return {one: crawl(world.client(one), *STARTS, *own.get(one, ()), each=each) for one, each in many.items()}


# Marked, for it asks the database without the world; and first, because the world of this module is not of one test.
@pytest.mark.django_db
def test_a_canary_in_the_clear_would_be_found_in_the_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("create temporary table told (words text, bytes text)")
        cursor.execute("insert into told values (%s, %s)", [f"about {CHILD}abc", "x"])
    assert found_in(_dump("told"), ANY) == [CHILD]


def test_the_canaries_are_there_for_those_who_may_see_them(reached) -> None:
    for office in ("dcs", "team-manager", "analyst"):
        assert found_in((one.text for one in reached[office].values()), OF_CHILDREN), office


def test_words_were_typed_through_many_forms(typed: dict[str, int]) -> None:
    assert sum(typed.values()) >= 20
    assert all(typed[office] for office in ("dcs", "lead-member", "scrutineer", "team-manager"))


@pytest.mark.parametrize("office", _marked(NAMELESS))
def test_an_office_that_sees_no_child_is_sent_no_canary(reached, office: str) -> None:
    assert any(one.status == 200 for one in reached[office].values())
    # An administrator chooses whose children an office reaches: by the worker's name, and by no child's.
    which = OF_CHILDREN if office == "administrator" else OF_ANYBODY
    leaks = {
        address: found
        for address, one in reached[office].items()
        if (found := found_in([one.all()], which)) and not _typed_by_themselves(one, found)
    }
    assert not leaks


def _typed_by_themselves(answer: Answer, found: list[str]) -> bool:
    """An office reads back its own words: what it typed stands there with its mark, and nothing else does."""
    return answer.text.count(f"{CHILD}typed") == len(OF_ANYBODY.findall(answer.all())) and found == [CHILD]


@pytest.mark.parametrize("office", _marked(NAMELESS))
def test_what_an_office_that_sees_names_typed_reaches_no_other(reached, typed, office: str) -> None:
    """The words of a nameless office are its own; those of a naming office are told apart by who wrote them."""
    for address, one in reached[office].items():
        assert one.text.count(TYPED) == 0 or typed[office], address


@pytest.mark.parametrize("office", _marked(offices()))
def test_no_address_title_header_or_file_name_holds_a_canary(reached, office: str) -> None:
    for address, one in reached[office].items():
        assert not found_in([address, one.title, one.headers], ANY), address


def test_the_database_holds_no_canary_in_the_clear(reached) -> None:
    assert not {
        table: found for table in connection.introspection.table_names() if (found := found_in(_dump(table), ANY))
    }


def _dump(table: str) -> Iterator[str]:
    """Every value of a table as text."""
    with connection.cursor() as cursor:
        cursor.execute(f"select * from {connection.ops.quote_name(table)}")
        for row in cursor.fetchall():
            for value in row:
                yield bytes(value).decode("utf-8", "replace") if isinstance(value, bytes | memoryview) else str(value)


def test_no_log_line_and_no_e_mail_holds_a_canary(reached, lines: Lines) -> None:
    assert not found_in(lines.written, ANY)
    assert not found_in((f"{one.subject}\n{one.body}\n{one.to}" for one in mail.outbox), ANY)


def test_a_failing_page_tells_the_log_and_the_person_nothing_of_a_child(
    world: World, lines: Lines, monkeypatch
) -> None:

    def fail(*given, **asked):
        raise RuntimeError(f"{CHILD}abigail was born on 29 February 2012")

    monkeypatch.setattr(queries, "get_child", fail)
    before = len(lines.written)
    answer = world.client("dcs").get(f"/children/{world.ref('dcs')}/")
    assert answer.status_code == 500
    assert not found_in([answer.content.decode()], ANY)
    assert any("RuntimeError raised at" in line for line in lines.written[before:])
    assert not found_in(lines.written, ANY)
