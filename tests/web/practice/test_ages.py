"""Freshness: past the policy's age nothing is drawn as work; every page says its date; older tables say their own."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest

from lineofsight import clock
from lineofsight.cases import refs
from lineofsight.lake import Lake
from lineofsight.web import keys_in_use
from lineofsight.web.practice import queries
from lineofsight.web.practice.queries import ages, figures, measures, signals
from lineofsight.web.practice.queries import standing as standings
from lineofsight.web.practice.queries.standing import standing
from lineofsight.web.reports import content, packs

FRESH = datetime(2026, 11, 2, 12, tzinfo=UTC)
VISITS = "ssd_cp_visits"


@pytest.fixture
def listed(director):
    """`listed()`: a child with something owed, as an address names them."""
    stand = standing()
    rows = stand.lake.read(stand.computation, "exceptions").to_pylist()
    held = standings.belonging(stand, [one["child_key"] for one in rows if one["child_key"] and one["state"] == "open"])
    key = next(key for key, one in held.items() if not one["restricted"])
    return refs.ref(keys_in_use(), "identified", key)


@pytest.fixture
def carried(home, monkeypatch):
    """`carried(days)`: the visits of the newest extract are so many days older than the rest of it."""

    def make(days):
        found = Lake.newest

        def older(self):
            snapshot, computation = found(self)
            entry = replace(snapshot.tables[VISITS], as_at=snapshot.as_at - timedelta(days=days))
            return replace(snapshot, tables={**snapshot.tables, VISITS: entry}), computation

        monkeypatch.setattr(Lake, "newest", older)

    return make


def text(client, address, **asked):
    return unescape(client.get(address, asked).content.decode())


# --- past the age that policy allows ---------------------------------------------------------------------------------

WORK = {
    "/": ("What was owed on 31 October 2026", "What is owed now"),
    "/exceptions/": ("What was owed and not done", "Owed and not done"),
    "/exceptions/unallocated/": ("Who waited on 31 October 2026", "Who waits now"),
    "/measures/": ("Owed then", "Owed now"),
    "/children/{ref}/": ("What was owed on 31 October 2026", "What is owed"),
    "/measures/CP08/children/": ("This was true on 31 October 2026", None),
}
OFFICES = ("dcs", "team-manager", "social-worker", "head-of-service", "psw", "qa-manager", "analyst")


@pytest.mark.parametrize("address", WORK)
def test_past_the_age_that_policy_allows_no_list_is_drawn_as_work(dcs, listed, address):
    stale = text(dcs, address.format(ref=listed))
    past, now = WORK[address]
    assert past in stale
    assert "This was true on 31 October 2026" in stale
    if now:
        assert f">{now}<" not in stale
    assert "To act: " not in stale
    assert ">Who must act<" not in stale


@pytest.mark.parametrize("address", [one for one in WORK if WORK[one][1]])
def test_within_it_the_same_list_is_work(dcs, listed, address):
    with clock.frozen_at(FRESH):
        fresh = text(dcs, address.format(ref=listed))
    past, now = WORK[address]
    assert past not in fresh
    assert "This was true on" not in fresh
    assert f">{now}<" in fresh


@pytest.mark.parametrize("office", OFFICES)
def test_every_office_that_has_lists_meets_them_as_of_that_day(client_as, office):
    client = client_as(office)
    for address in ("/", "/exceptions/", "/exceptions/unallocated/", "/measures/CP08/children/"):
        found = text(client, address)
        assert "31 October 2026" in found, address
        assert "What is owed now" not in found, address
        assert ">Who must act<" not in found, address


def test_a_file_of_what_is_owed_has_no_heading_that_tells_anybody_to_act(dcs):
    stale = dcs.get("/exceptions/", {"format": "csv"}).content.decode("utf-8-sig").splitlines()[0]
    assert "Who had to act" in stale
    with clock.frozen_at(FRESH):
        fresh = dcs.get("/exceptions/", {"format": "csv"}).content.decode("utf-8-sig").splitlines()[0]
    assert "Who must act" in fresh


# --- every page says the date of its data ----------------------------------------------------------------------------


@pytest.mark.parametrize("office", ["dcs", "lead-member", "scrutiny", "social-worker", "analyst", "lado"])
def test_every_page_says_when_its_data_was_true(client_as, office):
    client = client_as(office)
    for address in ("/", "/measures/", "/measures/CP08/", "/measures/AS01/"):
        assert "As at 31 October 2026, loaded 2 November." in text(client, address), address


def test_a_file_says_of_which_extract_it_is(dcs):
    newest = dcs.get("/measures/CP08/children/", {"format": "csv"})["Content-Disposition"]
    assert 'filename="CP08-2026-10-31.csv"' in newest
    older = dcs.get("/measures/CP08/children/", {"format": "csv", "as_at": "2026-06-30"})["Content-Disposition"]
    assert 'filename="CP08-2026-06-30-extract-2026-10-31.csv"' in older
    past = dcs.get("/measures/CP08/children/", {"format": "csv", "known": "2026-09-30"})["Content-Disposition"]
    assert 'filename="CP08-2026-09-30-as-known-2026-09-30.csv"' in past


def test_a_pack_says_when_its_data_was_true(home, dcs):
    packs.make_current(by="worker")
    assert "31 October 2026" in text(dcs, "/packs/dcs/2026-10/")


# --- tables copied forward -------------------------------------------------------------------------------------------


def test_a_table_copied_forward_shows_its_own_age_wherever_a_page_stands_on_it(dcs, carried, listed):
    carried(31)
    said = "Child protection visits are as at 30 September 2026, 31 days older than the rest."
    for address in (
        "/measures/CP08/",
        "/measures/",
        "/measures/CP08/children/",
        "/exceptions/",
        f"/children/{listed}/",
    ):
        assert said in text(dcs, address), address
    assert said not in text(dcs, "/measures/RF01/")


def test_no_page_says_so_where_every_table_is_of_the_extract(dcs, listed):
    for address in ("/", "/measures/CP08/", "/measures/", "/exceptions/", f"/children/{listed}/"):
        assert "older than the rest" not in text(dcs, address), address


def test_the_unallocated_say_which_of_their_data_is_older(director, monkeypatch, home):
    monkeypatch.setattr(ages, "older", lambda stand, tables: [ages.Older("Visits", date(2026, 9, 30), 31, True)])
    assert "Visits are as at 30 September 2026" in queries.urgent(director).older
    assert "Visits are as at 30 September 2026" in queries.unallocated(director).urgent.older


def test_a_restriction_that_is_copied_forward_is_not_told(home):
    stand = standing()
    entry = replace(stand.snapshot.tables[VISITS], as_at=date(2026, 1, 1))
    old = replace(stand, snapshot=replace(stand.snapshot, tables={"side_restriction": entry, VISITS: entry}))
    assert [one.title for one in ages.older(old, old.snapshot.tables)] == ["Child protection visits"]


@pytest.mark.parametrize(("days", "beyond"), [(0, None), (1, False), (3, False), (4, True)])
def test_a_table_is_too_old_past_the_days_that_policy_allows(home, days, beyond):
    stand = standing()
    entry = replace(stand.snapshot.tables[VISITS], as_at=stand.as_at - timedelta(days=days))
    old = replace(stand, snapshot=replace(stand.snapshot, tables={**stand.snapshot.tables, VISITS: entry}))
    assert [one.beyond for one in ages.older(old, [VISITS])] == ([] if beyond is None else [beyond])
    assert ages.too_old(old, [VISITS, "ssd_person"]) == bool(beyond)


def _better(home):
    """CP08 over thirty months that got better: a definition, and the series that says so."""
    definition = standings.catalogue()["CP08"]
    days = [date(2024, 5, 31) + timedelta(days=30 * n) for n in range(30)]
    values = [50.0 + (n % 3) for n in range(20)] + [95.0] * 10
    months = [figures.Figure(day, int(value), 100, 0, value) for day, value in zip(days, values, strict=True)]
    return definition, figures.Series(months, months[-1])


def test_what_stands_on_data_that_is_too_old_is_never_green_and_says_so(director, carried, home):
    definition, series = _better(home)
    assert signals.fair_signal(standing(), definition, series).kind == "better"
    carried(31)
    stand = standing()
    found = signals.fair_signal(stand, definition, series)
    assert found.kind != "better"
    line = measures.line_of(stand, director, definition, series, None, None)
    assert line.tone == "none"
    assert line.spark.tone == "none"
    assert line.change == "Cannot be told: its data is too old"
    assert line.older


def test_a_worse_month_stays_worse_on_old_data(carried, home):
    definition, series = _better(home)
    turned = figures.Series([replace(one, value=100 - one.value) for one in series.months], series.headline)
    carried(31)
    assert signals.fair_signal(standing(), definition, turned).kind == "worse"


def test_a_pack_says_which_of_its_data_is_older(director, home):
    stand = standing()
    entry = replace(stand.snapshot.tables[VISITS], as_at=date(2026, 9, 30))
    old = replace(stand, snapshot=replace(stand.snapshot, tables={**stand.snapshot.tables, VISITS: entry}))
    definition = standings.catalogue()["CP08"]
    series = figures.own(stand, director)["CP08"]
    assert "31 days older than the rest" in content._figure(old, director, definition, series)["sentence"]
    assert "older" not in content._figure(stand, director, definition, series)["sentence"]


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ([], ""),
        ([("Visits", 30)], "Visits are as at 1 October 2026, 30 days older than the rest."),
        ([("Early help", 1)], "Early help is as at 30 October 2026, 1 day older than the rest."),
        (
            [("Visits", 30), ("Posts", 30)],
            "Visits and posts are as at 1 October 2026, 30 days older than the rest.",
        ),
    ],
)
def test_the_age_is_said_in_a_sentence(found, said):
    held = [ages.Older(title, date(2026, 10, 31) - timedelta(days=days), days, True) for title, days in found]
    assert ages.sentence(held) == said
