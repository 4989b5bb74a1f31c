"""The first pages of a head of service, a team manager, a social worker and a reviewing officer."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lineofsight import clock, policy
from lineofsight.cases import coming, refs
from lineofsight.web import keys_in_use
from lineofsight.web.access.chain import told
from lineofsight.web.access.models import ChainEvent, Holding, Restriction
from lineofsight.web.access.pace import LISTING, TooFast
from lineofsight.web.access.permissions import Capability, Refused
from lineofsight.web.access.viewer import Scope, Viewer
from lineofsight.web.practice.actions import marks
from lineofsight.web.practice.actions import safeguards as acts
from lineofsight.web.practice.queries import due_soon, episodes, homes, ledger, people, standing
from lineofsight.web.practice.queries.homes import by_team, by_worker, mine, reading, reviewing
from lineofsight.web.practice.queries.standing import NothingLoaded
from lineofsight.web.site import today

FRESH = datetime(2026, 11, 2, 12, tzinfo=UTC)
OFFICES = {
    "head-of-service": "service",
    "team-manager": "team",
    "social-worker": "own",
    "reviewing-officer": "assigned",
}
HOME_OF = {
    "head-of-service": by_team.service_home,
    "team-manager": by_worker.team_home,
    "social-worker": mine.my_home,
    "reviewing-officer": reviewing.reviews_home,
}


@pytest.fixture
def fresh(home):
    """Two days after the extract: what it tells may be drawn as work to do."""
    with clock.frozen_at(FRESH):
        yield


@pytest.fixture
def reviewer(people, persons) -> str:
    """The worker with most children to review, whose own the reviewing officer's are."""
    stand = standing.standing()
    events = stand.lake.sealed_file(stand.snapshot, "models/events.parquet")
    role = (pc.field("kind") == "involvement") & pc.starts_with(pc.field("title"), reviewing.ROLE)
    rows = events.read(columns=["worker_id", "ended_on"], where=role & pc.field("ended_on").is_null())
    counts = pc.value_counts(rows["worker_id"].combine_chunks()).to_pylist()
    worker = max(counts, key=lambda one: (one["counts"], one["values"]))["values"]
    Holding.objects.filter(office="reviewing-officer").update(scope_ids=[worker])
    return worker


def page_of(client: Client) -> str:
    answer = client.get("/")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def events() -> list[ChainEvent]:
    return [one for one in ChainEvent.objects.order_by("sequence") if one.action == "home.opened"]


def ledger_rows(**wanted: Any) -> list[dict[str, Any]]:
    """The open rows of the ledger, as only a test may read them."""
    stand = standing.standing()
    rows = stand.lake.read(stand.computation, "exceptions", where=pc.field("state") == "open").to_pylist()
    return [row for row in rows if all(row[name] == value for name, value in wanted.items())]


# Who has which


@pytest.mark.parametrize(("office", "kind"), OFFICES.items())
def test_each_office_of_practice_has_the_home_of_its_reach(viewer_as, reviewer, office, kind):
    assert homes.kind_of(viewer_as(office)) == kind
    assert type(homes.home_of(viewer_as(office), kind)).__name__ == type(HOME_OF[office](viewer_as(office))).__name__


@pytest.mark.parametrize("office", ["dcs", "lead-member", "psw", "analyst", "scrutiny", "agency", "administrator"])
def test_no_other_office_has_one_of_these_homes_or_may_ask_for_it(viewer_as, office):
    viewer = viewer_as(office)
    assert homes.kind_of(viewer) is None
    for query in HOME_OF.values():
        with pytest.raises(Refused):
            query(viewer)


@pytest.mark.parametrize("office", OFFICES)
@pytest.mark.parametrize("lacks", [Capability.SEE_EXCEPTIONS, Capability.SEE_CHILDREN])
def test_without_a_permission_there_is_no_home(viewer_as, reviewer, office, lacks):
    viewer = viewer_as(office)
    without = replace(viewer, capabilities=viewer.capabilities - {lacks})
    assert homes.kind_of(without) is None
    with pytest.raises(Refused) as refused:
        HOME_OF[office](without)
    assert refused.value.capability == lacks


@pytest.mark.parametrize("office", ["head-of-service", "team-manager"])
def test_a_home_that_names_workers_is_for_their_line_of_management(viewer_as, office):
    viewer = viewer_as(office)
    without = replace(viewer, capabilities=viewer.capabilities - {Capability.SEE_WORKERS})
    assert homes.kind_of(without) is None
    with pytest.raises(Refused) as refused:
        HOME_OF[office](without)
    assert refused.value.capability == Capability.SEE_WORKERS


@pytest.mark.parametrize("office", OFFICES)
def test_nobody_has_a_home_by_name_who_sees_no_child_by_name(viewer_as, office):
    with pytest.raises(Refused):
        HOME_OF[office](replace(viewer_as(office), level="pseudonymised"))


def test_a_home_is_of_ones_own_reach_only(viewer_as, place):
    manager = viewer_as("team-manager")
    for kind in ("service", "own", "assigned"):
        assert not reading.may_home(manager, kind)
        with pytest.raises(Refused, match="who answers for"):
            reading.check_home(manager, kind)


def test_the_worst_wait_above_a_home_is_asked_with_the_permission_to_see_measures(viewer_as):
    from lineofsight.web.practice import queries

    viewer = viewer_as("team-manager")
    with pytest.raises(Refused):
        queries.urgent_beside(replace(viewer, capabilities=viewer.capabilities - {Capability.SEE_MEASURES}), 3)


# The log


@pytest.mark.parametrize("office", ["team-manager", "social-worker", "reviewing-officer"])
def test_a_home_is_in_the_log_with_its_children_before_a_name_is_read(
    client_as, reviewer, lake_reads, monkeypatch, office
):
    client = client_as(office)
    page_of(client)
    order: list[list[str]] = []
    save = ChainEvent.save
    monkeypatch.setattr(
        ChainEvent, "save", lambda self, *a, **k: (order.append(list(lake_reads)), save(self, *a, **k))[1]
    )
    lake_reads.clear()
    text = page_of(client)
    assert len(order) == 1
    assert "persons.parquet" not in order[0]
    assert lake_reads[-1] == "persons.parquet"
    kept = told(events()[-1])
    assert kept is not None
    shown = set(re.findall(r"/children/([\w-]{43})/", text))
    assert len(set(kept.children)) == len(shown) > 0


def test_the_first_page_tells_the_lines_to_who_leads_a_measure_or_names_the_leads(viewer_as, people):
    told = {office: bool(today._lines(viewer_as(office))) for office in ("dcs", "head-of-service", "team-manager")}
    assert told == {"dcs": True, "head-of-service": True, "team-manager": False}


def test_the_teams_side_by_side_name_nobody(client_as, persons):
    text = page_of(client_as("head-of-service"))
    assert not [one for one in persons if people.name(one) in text]
    names = [one.name for one in standing.workers(standing.standing()).values()]
    assert not [one for one in names if one in text]
    assert not events()


@pytest.mark.parametrize("office", ["team-manager", "social-worker", "reviewing-officer"])
def test_nothing_of_a_home_is_shown_when_the_log_cannot_be_written(client_as, reviewer, monkeypatch, persons, office):
    client = client_as(office)

    def broken(self: ChainEvent, **kwargs: Any) -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr(ChainEvent, "save", broken)
    answer = client.get("/")
    assert answer.status_code == 503
    text = answer.content.decode()
    assert not [one for one in persons if people.name(one) in text]


@pytest.mark.parametrize("office", ["team-manager", "social-worker", "reviewing-officer"])
def test_who_looks_faster_than_work_needs_has_a_first_page_without_names(
    client_as, viewer_as, reviewer, monkeypatch, persons, office
):
    limit = int(policy.load().number(LISTING.threshold, clock.today()))
    monkeypatch.setattr(type(LISTING), "looks", lambda self, viewer: limit)
    with pytest.raises(TooFast):
        HOME_OF[office](viewer_as(office))
    text = page_of(client_as(office))
    assert f"{limit} times in the last hour" in text
    assert not [one for one in persons if people.name(one) in text]
    assert not events()


@pytest.mark.parametrize("office", OFFICES)
def test_a_first_page_takes_few_queries_and_three_reads_of_the_lake(client_as, reviewer, lake_reads, office):
    client = client_as(office)
    page_of(client)
    lake_reads.clear()
    with CaptureQueriesContext(connection) as asked:
        page_of(client)
    assert len(asked) <= 20, "\n".join(one["sql"][:200] for one in asked)
    assert len(lake_reads) <= 3, lake_reads


# A service


@pytest.fixture
def service(viewer_as, people) -> by_team.ServiceHome:
    return by_team.service_home(viewer_as("head-of-service"))


def test_the_teams_stand_side_by_side_by_name_with_what_each_owes(service, place):
    names = [line.name for line in service.lines]
    assert names == sorted(names) and len(names) > 1
    inside = ledger_rows(service_id=place.service)
    assert service.whole.owed == len(inside) == sum(line.owed for line in service.lines) > 0
    assert service.whole.overdue == sum((row["days_over"] or 0) > 0 for row in inside) < service.whole.owed
    line = next(one for one in service.lines if one.key == place.team)
    mine_alone = [row for row in inside if row["team_id"] == place.team]
    assert line.owed == len(mine_alone)
    assert line.unallocated.value == str(sum(row["measure"] == "CP10" for row in mine_alone))


def test_what_falls_due_in_a_service_is_of_its_own_teams_alone(service, viewer_as, place):
    stand = standing.standing()
    wanted = pc.field("measure").isin(coming.measures()) & (pc.field("service_id") == place.service)
    rows = stand.lake.read(stand.computation, "rows", where=wanted & (pc.field("as_at") == stand.as_at))
    assert service.whole.due == reading.soon(stand, rows).num_rows == sum(line.due for line in service.lines) > 0


def test_caseload_supervision_and_vacancies_of_a_service_are_those_of_the_measures(service, client_as):
    client = client_as("head-of-service")
    lines = {one.id: one for one in client.get("/measures/").context["list"].lines}
    assert service.whole.caseload.value == lines["WF01"].value.removesuffix(" children")
    assert service.whole.supervision == by_team.Cell(lines["WF10"].value, lines["WF10"].of)
    assert service.whole.vacancies.value == lines["WF02"].value
    over = lines["WF08"].figure
    assert service.whole.caseload.of == f"{over.numerator} of {over.denominator} over the limit"


def test_a_team_of_the_service_of_which_nothing_is_told_is_there_and_says_so(service, client_as, monkeypatch, place):
    known = dict(standing.teams(standing.standing()))
    known["T-empty"] = standing.Team("A team without anybody", place.service, "The service")
    monkeypatch.setattr(by_team, "teams", lambda stand: known)
    monkeypatch.setattr(reading, "teams", lambda stand: known)
    text = page_of(client_as("head-of-service"))
    assert "A team without anybody" in text and "Nothing in this extract" in text


def test_a_team_that_vanished_from_the_list_is_told_by_its_number(client_as, monkeypatch, place):
    known = {key: team for key, team in standing.teams(standing.standing()).items() if key != place.team}
    for module in (by_team, reading, standing):
        monkeypatch.setattr(module, "teams", lambda stand: known)
    for office in ("head-of-service", "team-manager"):
        assert f"Team {place.team}, not in the list any more" in page_of(client_as(office))


def test_a_column_that_was_not_measured_says_so_and_what_it_lacks(client_as, monkeypatch):
    figures = by_team.figures
    true_ones = figures.authority

    def lacking(stand: Any, level: str) -> Any:
        found = dict(true_ones(stand, level))
        for key in ("WF02", "WF08", "WF15"):
            headline = replace(found[key].headline, measured=False, missing=("side_post",), numerator=None, value=None)
            found[key] = replace(found[key], headline=headline)
        return found

    monkeypatch.setattr(figures, "authority", lacking)
    text = page_of(client_as("head-of-service"))
    assert "Not measured" in text and "Social work posts that are vacant" in text
    assert "not measured" in page_of(client_as("team-manager"))
    assert "Whether you are or were away is not measured." in page_of(client_as("social-worker"))


# A team


@pytest.fixture
def team(viewer_as, people) -> by_worker.TeamHome:
    return by_worker.team_home(viewer_as("team-manager"))


def test_the_home_of_a_team_has_all_that_the_list_of_exceptions_has_by_worker(team, viewer_as, place):
    listed = ledger.exceptions(viewer_as("team-manager"))
    assert team.owed == listed.total > 0
    assert team.owed == len(team.waiting) + sum(part.owed_count for part in team.parts)
    names = [part.name for part in team.parts if part.key]
    assert names == sorted(names)
    by_key = {part.key: part for part in team.parts}
    inside = [row for row in ledger_rows(team_id=place.team) if row["measure"] != "CP10"]
    for key, part in by_key.items():
        assert part.owed_count >= len(part.owed) <= by_worker.FEW
        assert part.more == part.owed_count - len(part.owed)
        assert part.owed_count <= sum((row["worker_id"] or "") == key for row in inside)
        over = [one.days_over for one in part.owed if one.days_over is not None]
        assert over == sorted(over, reverse=True)


def test_only_workers_of_the_team_or_with_its_children_stand_in_its_home(team, place):
    stand = standing.standing()
    where = (pc.field("team_id") == place.team) & (pc.field("as_at") == stand.as_at)
    rows = stand.lake.read(stand.computation, "rows", columns=["worker_id"], where=where)
    owed = {row["worker_id"] for row in ledger_rows(team_id=place.team)}
    assert {part.key for part in team.parts if part.key} <= {*rows["worker_id"].to_pylist(), *owed}
    assert any(part.caseload.isdigit() for part in team.parts)
    assert any("on a protection plan" in part.beside for part in team.parts)


def test_what_falls_due_stands_once_beside_its_worker(team, viewer_as):
    listed = due_soon.due_soon(viewer_as("team-manager"), due_soon.Asked())
    assert 0 < team.due <= listed.total
    assert team.due == sum(part.due_count for part in team.parts)
    for part in team.parts:
        days = [one.due_on for one in part.due]
        assert days == sorted(days)
        told_once = [(one.child.ref, one.title, one.due_on) for one in part.due]
        assert len(told_once) == len(set(told_once))


def test_one_thing_due_by_two_measures_is_told_once():
    day = date(2026, 11, 9)
    rows = pa.table(
        {
            "measure": ["CP06", "CP07", "CP07", "CP06"],
            "child_key": ["a", "a", "b", "b"],
            "due_on": pa.array([day, day, day, day + timedelta(days=1)], pa.date32()),
        }
    )
    assert reading.once(rows).to_pylist() == rows.take([0, 2, 3]).to_pylist()


def test_while_the_extract_is_fresh_each_line_is_one_press_from_saying_done_or_why_not(fresh, client_as, team):
    text = page_of(client_as("team-manager"))
    row = team.parts[0].owed[0] if team.parts[0].owed else team.parts[1].owed[0]
    assert f'href="/exceptions/{row.key}/#done"' in text and "Say done" in text
    assert f'href="/exceptions/{row.key}/#explain"' in text
    assert "This was true on" not in text and "practice-rows--past" not in text


@pytest.mark.parametrize("office", OFFICES)
def test_past_its_age_nothing_on_a_first_page_is_drawn_as_work_to_do(client_as, reviewer, office):
    text = page_of(client_as(office))
    assert "This was true on 31 October 2026." in text
    for work in ("Say done", "#done", "#explain", "Safeguards to do now", "Record safeguards", ">Overdue:<"):
        assert work not in text, work
    lines = re.findall(r'<li class="practice-line">.*?</li>', text)
    assert not [one for one in lines if "los-missed" in one or "los-due" in one]


def test_what_was_said_stands_on_the_line_and_still_counts(fresh, client_as, viewer_as, owed):
    manager = viewer_as("team-manager")
    before = by_worker.team_home(manager)
    one = next(row for part in before.parts for row in part.owed if row.child and row.child.ref)
    marks.mark_done(by=manager, key=one.key, done_on=clock.today(), reference="Visit form 12")
    after = by_worker.team_home(manager)
    assert after.owed == before.owed
    assert next(row for part in after.parts for row in part.owed if row.key == one.key).standing == "said-done"
    assert "Said done" in page_of(client_as("team-manager"))


def test_who_waits_for_a_social_worker_stands_first_with_the_safeguards_to_do(fresh, client_as, viewer_as, wait):
    manager = viewer_as("team-manager")
    one = next(one for one in by_worker.team_home(manager).waiting if one.key == wait["exception_id"])
    whole = episodes.wait(manager, one.key)
    assert one.overdue == [part.safeguard.title for part in whole.owing if part.word == "overdue"]
    assert one.due == [part.safeguard.title for part in whole.owing if part.word == "due"]
    assert one.overdue or one.due
    text = page_of(client_as("team-manager"))
    assert text.index("Safeguards to do now") < text.index("By worker")
    assert f"/exceptions/unallocated/{one.key}/" in text and "Record safeguards" in text


def test_a_safeguard_that_is_recorded_is_no_longer_to_do(fresh, viewer_as, wait):
    manager = viewer_as("team-manager")

    def to_do() -> set[str]:
        (one,) = [one for one in by_worker.team_home(manager).waiting if one.key == wait["exception_id"]]
        return {*one.overdue, *one.due}

    before = to_do()
    assert "Child protection manager told" in before
    said = acts.Told(done_on=clock.today(), done_by="The duty manager", to_whom="The manager", reference="Note 7")
    acts.record_safeguard(by=manager, key=wait["exception_id"], safeguard="protection-manager-told", told=said)
    assert to_do() == before - {"Child protection manager told"}


def test_a_restricted_record_is_on_no_first_page_and_is_counted(client_as, viewer_as, place, reviewer):
    for office in ("team-manager", "social-worker", "reviewing-officer"):
        viewer = viewer_as(office)
        before = HOME_OF[office](viewer)
        ref = re.findall(r"/children/([\w-]{43})/", page_of(client_as(office)))[0]
        key = refs.child_key(keys_in_use(), "identified", ref)
        Restriction.objects.create(
            child_key=key, kind="family-of-staff", reason="A test", from_date=clock.today(), placed_by_key="p-dcs"
        )
        text = page_of(client_as(office))
        assert ref not in text and "of records that only named people may open" in text
        after = HOME_OF[office](viewer)
        assert after.told.withheld > before.told.withheld
        Restriction.objects.all().delete()


# One's own children


@pytest.fixture
def own(viewer_as, people) -> mine.MyHome:
    return mine.my_home(viewer_as("social-worker"))


def test_my_home_has_every_child_of_mine_with_what_is_owed_to_each_and_when(own, viewer_as, persons, place):
    theirs = [one for one in persons if place.worker in (one["scope_workers"] or ()) and not one["restricted"]]
    assert own.number == len(theirs) > 0
    assert {one.child.name for one in own.children} == {people.name(one) for one in theirs}
    keys = {one["child_key"] for one in theirs}
    inside = [row for row in ledger_rows() if row["child_key"] in keys]
    assert own.owed == len(inside) == sum(len(one.owed) for one in own.children) > 0
    assert own.due == sum(len(one.due) for one in own.children)
    over = [max((row.days_over or 0 for row in one.owed), default=-1) for one in own.children]
    assert over == sorted(over, reverse=True)


def test_what_is_held_about_me_is_of_me_alone(own, place):
    stand = standing.standing()
    kinds = [key for key, one in standing.catalogue().items() if one.of_workers]
    where = pc.field("measure").isin(kinds) & (pc.field("worker_id") == place.worker)
    rows = stand.lake.read(stand.computation, "rows", where=where & (pc.field("as_at") == stand.as_at)).to_pylist()
    assert sorted((one.measure, one.said) for one in own.held) == sorted((r["measure"], r["reason"]) for r in rows)
    assert {"WF08", "WF10"} <= {one.measure for one in own.held}
    words = {True: "in order", False: "owed", None: "cannot be told"}
    expected = {r["measure"]: words[r["met"]] for r in rows if standing.catalogue()[r["measure"]].exception}
    assert {one.measure: one.met for one in own.held if one.met} == expected
    assert "long absence" in own.away or "away" in own.away


def test_a_worker_says_done_of_their_own_and_explains_nothing(fresh, client_as):
    text = page_of(client_as("social-worker"))
    assert "Say done" in text and "#explain" not in text
    assert "What is held about me" in text and "Audits of my work" in text and "None yet." in text


def test_a_worker_with_every_child_there_is_has_a_page_with_those_first_who_have_most_to_do(
    client_as, viewer_as, people, persons
):
    workers = sorted({one for row in persons for one in row["scope_workers"] or ()})
    Holding.objects.filter(office="social-worker").update(scope_ids=workers)
    home = mine.my_home(viewer_as("social-worker"))
    assert home.number > 3 * mine.SHOWN
    assert len(home.children) == mine.SHOWN and home.more == home.number - mine.SHOWN
    over = [max((row.days_over or 0 for row in one.owed), default=-1) for one in home.children]
    assert over == sorted(over, reverse=True) and over[0] > 0
    assert f"{home.more:,} more of your children" in page_of(client_as("social-worker"))


def test_a_long_list_of_one_worker_opens_to_the_whole_of_it(client_as, people, persons, place, monkeypatch):
    monkeypatch.setattr(by_worker, "FEW", 1)
    text = page_of(client_as("team-manager"))
    key = re.search(r'href="/exceptions/\?worker=([^"]+)">(\d+) more owed', text)
    assert key is not None
    whole = client_as("team-manager").get("/exceptions/", {"worker": key.group(1)}).context["found"]
    assert whole.total >= int(key.group(2))


@pytest.mark.parametrize(
    ("office", "said"),
    [
        ("head-of-service", "No team of your service is in the extract."),
        ("team-manager", "The extract tells of no child and no worker of your team."),
        ("social-worker", "No child is named as yours in the extract of this date."),
        ("reviewing-officer", "The extract names you as reviewing officer or chair of no child."),
    ],
)
def test_who_reaches_no_child_has_a_page_that_says_so_and_what_to_do(client_as, people, office, said):
    Holding.objects.filter(office=office).update(scope_ids=["nobody"])
    text = page_of(client_as(office))
    assert said in text
    assert "/children/" not in text.replace("/children/find/", "").replace("/children/easily-lost/", "")


# Children whose plans one reviews


def test_reviews_are_of_the_children_held_as_reviewing_officer_and_of_no_other(viewer_as, people, reviewer):
    viewer = viewer_as("reviewing-officer")
    home = reviewing.reviews_home(viewer)
    stand = standing.standing()
    events = stand.lake.sealed_file(stand.snapshot, "models/events.parquet")
    where = (pc.field("worker_id") == reviewer) & (pc.field("kind") == "involvement")
    rows = events.read(columns=["child_key", "title", "on", "ended_on"], where=where).to_pylist()
    held = {
        row["child_key"]
        for row in rows
        if row["title"].startswith("Reviewing officer")
        and row["on"] <= stand.as_at
        and (row["ended_on"] is None or row["ended_on"] > stand.as_at)
    }
    shut = standing.withheld(stand, viewer)
    assert home.children == len(held - shut) > 0
    owed = [row for row in ledger_rows() if row["measure"] in reviewing.REVIEWS and row["child_key"] in held - shut]
    told_once = {(row["child_key"], row["owed_since"]) for row in owed}
    assert home.overdue_count == len(told_once)
    assert home.due_count >= len(home.due) > 0
    days = [one.due_on for one in home.due]
    assert days == sorted(days)


def test_a_child_worked_with_in_another_role_is_not_among_the_reviews(viewer_as, people, place):
    home = reviewing.reviews_home(viewer_as("reviewing-officer"))  # the conftest's own: a social worker's children
    assert (home.children, home.overdue_count, home.due_count) == (0, 0, 0)
    assert home.others > 0


def test_the_reviews_page_has_a_place_for_concerns(client_as, reviewer):
    text = page_of(client_as("reviewing-officer"))
    assert "Reviews and conferences that were overdue" in text and "Concerns I have raised" in text


def test_a_reach_of_no_child_asks_the_lake_for_nothing(home):
    assert reviewing.held_as_reviewer(standing.standing(), frozenset({"W1"}), frozenset()) == frozenset()


# At any time


@pytest.mark.parametrize("office", OFFICES)
def test_a_first_page_of_the_past_says_what_was_known_then(client_as, reviewer, office):
    text = re.sub(r"\s+", " ", client_as(office).get("/", {"known": "2026-09-30"}).content.decode())
    assert "This is what was known on 30 September 2026." in text
    assert "Say done" not in text and "Record safeguards" not in text


@pytest.mark.parametrize("office", OFFICES)
def test_before_anything_is_loaded_a_first_page_says_what_to_do(client_as, viewer_as, reviewer, monkeypatch, office):
    def nothing(*given: Any) -> Any:
        raise NothingLoaded("Nothing has been loaded yet.")

    for module in (by_team, by_worker, mine, reviewing):
        monkeypatch.setattr(module, "standing", nothing)
    assert "Nothing has been loaded yet." in page_of(client_as(office))


def test_the_lists_of_everything_are_one_press_away(client_as):
    text = page_of(client_as("team-manager"))
    for address in ("/exceptions/", "/exceptions/due-soon/", "/measures/"):
        assert f'href="{address}"' in text


def test_a_scope_of_several_teams_is_one_list(viewer_as, place):
    viewer: Viewer = viewer_as("team-manager")
    both = replace(viewer, scope=Scope("team", frozenset({place.team, place.other_team})))
    alone = [by_worker.team_home(replace(viewer, scope=Scope("team", frozenset({one})))) for one in both.scope.ids]
    assert by_worker.team_home(both).owed == sum(one.owed for one in alone)
