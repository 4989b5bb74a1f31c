"""Things owed as work: said done, explained, not borne out; nothing by a stale extract; each guard by who fails it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from django.http import Http404

from lineofsight import clock
from lineofsight.cases import refs
from lineofsight.errors import PlainError
from lineofsight.web import keys_in_use
from lineofsight.web.access.chain import told
from lineofsight.web.access.models import ChainEvent
from lineofsight.web.access.permissions import Capability, Refused
from lineofsight.web.access.viewer import Known, Scope, Viewer
from lineofsight.web.practice import permissions, queries
from lineofsight.web.practice.actions import marks
from lineofsight.web.practice.models import Mark
from lineofsight.web.practice.queries import due_soon, ledger, one_exception, said, standing
from lineofsight.web.practice.queries.ledger import Asked

FRESH = datetime(2026, 11, 2, 12, tzinfo=UTC)
TODAY = date(2026, 11, 2)
REFERENCE = "Visit form 4471"


@pytest.fixture
def fresh(home: Any) -> Any:
    """Two days after the extract: lists are work to do."""
    with clock.frozen_at(FRESH):
        yield


@pytest.fixture
def by(viewer_as: Callable[[str], Viewer]) -> Viewer:
    """The manager of the team with most children on a plan."""
    return viewer_as("team-manager")


def done(by: Viewer, key: str, **more: Any) -> Mark:
    return marks.mark_done(by=by, key=key, **{"done_on": TODAY, "reference": REFERENCE, **more})


def without(viewer: Viewer, capability: Capability) -> Viewer:
    return replace(viewer, capabilities=viewer.capabilities - {capability})


def standing_of(viewer: Viewer, key: str) -> str:
    return one_exception.found(viewer, key)[1]["standing"]


# --- what is said ------------------------------------------------------------------------------------------


def test_what_is_said_done_carries_who_when_and_the_proof_and_still_counts(fresh, by, owed):
    key = owed["exception_id"]
    before = queries.exceptions(by, Asked(kind="CP08"))
    mark = done(by, key, words="Seen at school.")
    assert (mark.said_by_name, mark.reference, mark.done_on) == (by.person_name, REFERENCE, TODAY)
    assert (mark.said_as_at, mark.office, mark.child_key) == (date(2026, 10, 31), "team-manager", owed["child_key"])
    assert standing_of(by, key) == "said-done"
    after = queries.exceptions(by, Asked(kind="CP08"))
    assert after.total == before.total
    assert queries.exceptions(by, Asked(kind="CP08", state="said-done")).total == 1
    assert queries.exceptions(by, Asked(kind="CP08", state="unanswered")).total == before.total - 1


def test_the_childs_page_says_what_was_said_too_and_keeps_it_among_what_is_owed(fresh, by, owed):
    key = owed["exception_id"]
    ref = refs.ref(keys_in_use(), by.audience, owed["child_key"])
    (open_still,) = [one for one in queries.get_child(by, ref).owed if one.key == key]
    assert open_still.state_words == "Open"
    done(by, key)
    (said_done,) = [one for one in queries.get_child(by, ref).owed if one.key == key]
    assert said_done.state_words == "Said done"


def test_saying_it_is_in_the_chain_with_the_child_and_without_the_words(fresh, by, owed):
    done(by, owed["exception_id"])
    event = ChainEvent.objects.order_by("-sequence").first()
    assert (event.action, event.subject) == ("exception.said done", "measure CP08")
    assert told(event).children == (owed["child_key"],)
    assert told(event).detail == {"exception": owed["exception_id"]}


def test_nothing_is_kept_where_the_chain_cannot_be_written(fresh, by, owed, monkeypatch):
    mark = done(by, owed["exception_id"])
    count = Mark.objects.count()

    def broken(**told: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(marks, "record", broken)
    for act in (
        lambda: done(by, owed["exception_id"]),
        lambda: marks.explain(by=by, key=owed["exception_id"], until=TODAY, words="Away."),
        lambda: marks.take_back(by=by, key=owed["exception_id"], mark=mark.pk),
    ):
        with pytest.raises(RuntimeError):
            act()
    assert Mark.objects.count() == count
    assert Mark.objects.standing().count() == count


def test_an_explanation_and_what_is_taken_back_are_in_the_chain_too(fresh, by, owed):
    key = owed["exception_id"]
    mark = marks.explain(by=by, key=key, until=TODAY, words="The family is abroad.")
    marks.take_back(by=by, key=key, mark=mark.pk)
    actions = list(ChainEvent.objects.order_by("-sequence").values_list("action", flat=True)[:2])
    assert actions == ["exception.taken back", "exception.explained"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"done_on": TODAY + timedelta(days=1)}, "today or before"),
        ({"reference": "  "}, "reference"),
    ],
)
def test_what_was_not_done_yet_or_has_no_proof_is_not_said_done(fresh, by, owed, more, said):
    with pytest.raises(PlainError, match=said):
        done(by, owed["exception_id"], **more)
    assert not Mark.objects.exists()


def test_an_explanation_lapses_after_one_interval_of_its_measure(fresh, by, owed):
    key = owed["exception_id"]
    latest = one_exception.explained_until("CP08")
    assert latest == date(2026, 11, 16)  # ten working days after Monday 2 November
    for until, words, why in (
        (latest + timedelta(days=1), "Away.", "one interval at most: 10 working days"),
        (TODAY - timedelta(days=1), "Away.", "a day to come"),
        (latest, " ", "Say why"),
    ):
        with pytest.raises(PlainError, match=why):
            marks.explain(by=by, key=key, until=until, words=words)
    marks.explain(by=by, key=key, until=TODAY, words="The family is abroad.")
    assert standing_of(by, key) == "explained"
    with clock.frozen_at(FRESH + timedelta(days=1)):
        assert standing_of(by, key) == "open"
        lapsed = [one.what for one in one_exception.one_exception(by, key).events]
        assert "explained until 2 November 2026, which has lapsed" in lapsed


def test_what_has_no_interval_of_its_own_is_explained_for_as_long_as_policy_says(fresh):
    assert one_exception.interval("CP10").key == "exception.explained"
    assert one_exception.interval("LA08").words() == "1 week"


def test_the_last_thing_said_stands_and_what_was_taken_back_stays_in_the_history(fresh, by, owed):
    key = owed["exception_id"]
    first = done(by, key)
    marks.explain(by=by, key=key, until=TODAY, words="It was another child.")
    assert standing_of(by, key) == "explained"
    marks.take_back(by=by, key=key, mark=Mark.objects.latest("pk").pk)
    assert standing_of(by, key) == "said-done"
    marks.take_back(by=by, key=key, mark=first.pk)
    assert standing_of(by, key) == "open"
    events = one_exception.one_exception(by, key).events
    assert [one.taken_back for one in events if one.mark] == [f"taken back by {by.person_name}"] * 2
    with pytest.raises(Http404):
        marks.take_back(by=by, key=key, mark=first.pk)


def test_what_a_later_extract_does_not_bear_out_comes_back_and_says_so(home, db):
    """Said of September's extract; October's still shows it owed, unless it is said to have been done after it."""
    stand = standing.standing()
    rows = stand.lake.read(stand.computation, "exceptions", where=pc.field("state") == "open").slice(0, 3)
    keys = rows["exception_id"].to_pylist()
    for key, on in zip(keys, (date(2026, 10, 5), date(2026, 11, 4), date(2026, 10, 31)), strict=True):
        Mark.objects.create(
            exception_id=key, measure="CP08", kind="done", said_as_at=date(2026, 9, 30), done_on=on, said_at=FRESH
        )
    found = said.beside(stand, rows)
    assert found["standing"].to_pylist() == ["came-back", "said-done", "came-back"]
    again = Mark.objects.create(
        exception_id=keys[0], measure="CP08", kind="done", said_as_at=stand.as_at, done_on=on, said_at=FRESH
    )
    assert said.beside(stand, rows)["standing"][0].as_py() == "said-done"
    again.taken_back_at = FRESH
    again.save()
    assert said.beside(stand, rows)["standing"][0].as_py() == "came-back"


def test_only_the_extract_clears(home, db):
    stand = standing.standing()
    rows = stand.lake.read(stand.computation, "exceptions")
    for state in ("cleared", "not re-measured"):
        row = rows.slice(0, 1).set_column(rows.schema.get_field_index("state"), "state", pa.array([state]))
        Mark.objects.create(
            exception_id=row["exception_id"][0].as_py(),
            measure="CP08",
            kind="explained",
            said_as_at=stand.as_at,
            until=date(2030, 1, 1),
            said_at=FRESH,
        )
        assert said.beside(stand, row)["standing"].to_pylist() == [state]
        assert said.beside(stand, row)["until"].to_pylist() == [None]


def test_what_was_said_is_of_now_and_not_of_a_past_that_is_looked_at(fresh, by, owed):
    done(by, owed["exception_id"])
    stand = replace(standing.standing(), past=True)
    rows = stand.lake.read(
        stand.computation, "exceptions", where=pc.field("exception_id") == pa.scalar(owed["exception_id"])
    )
    assert said.beside(stand, rows)["standing"].to_pylist() == ["open"]


def test_how_much_of_what_a_team_owes_is_explained_is_shown(fresh, by, owed):
    key = owed["exception_id"]
    assert queries.exceptions(by).rates == []
    marks.explain(by=by, key=key, until=TODAY, words="The family is abroad.")
    (rate,) = queries.exceptions(by).rates
    owed_now = queries.exceptions(by)
    assert (rate.explained, rate.said_done, rate.owed) == (1, 0, owed_now.total)
    assert rate.share == pytest.approx(100 / rate.owed)


# --- who may, and when -------------------------------------------------------------------------------------


def test_by_a_stale_extract_nothing_may_be_said_and_the_page_says_why(by, owed, manager):
    key = owed["exception_id"]
    for act in (
        lambda: done(by, key),
        lambda: marks.explain(by=by, key=key, until=date(2026, 11, 12), words="Away."),
    ):
        with pytest.raises(Refused, match="nothing is work to do by an extract older than 3 days"):
            act()
    page = manager.get(f"/exceptions/{key}/").content.decode()
    assert "12 days ago" in page and "Say that it was done" not in page
    sent = {"done-done_on": "12 November 2026", "done-reference": "x"}
    assert manager.post(f"/exceptions/{key}/done/", sent).status_code == 403
    assert not Mark.objects.exists()
    with pytest.raises(Refused, match="older than 3 days"):
        permissions.check_fresh(standing.standing())
    assert not permissions.is_fresh_enough(standing.standing())


def test_of_a_past_that_is_looked_at_nothing_may_be_said(fresh, by, owed):
    stand = replace(standing.standing(), past=True)
    assert permissions.is_fresh_enough(standing.standing())
    with pytest.raises(Refused, match="known at an earlier time"):
        permissions.check_fresh(stand)
    snapshot = standing.standing().snapshot
    past = replace(by, known=Known(snapshot.id, snapshot.as_at, snapshot.loaded_at))
    with pytest.raises(Refused, match="earlier time"):
        done(past, owed["exception_id"])


@pytest.mark.parametrize(
    ("check", "twin", "capability"),
    [
        (permissions.check_mark_done, permissions.may_mark_done, Capability.MARK_DONE),
        (permissions.check_explain, permissions.may_explain, Capability.EXPLAIN_OWED),
        (permissions.check_record_safeguard, permissions.may_record_safeguard, Capability.RECORD_SAFEGUARD),
    ],
)
def test_each_thing_said_needs_its_permission_and_to_see_what_is_owed_to_children_by_name(check, twin, capability, by):
    check(by)
    assert twin(by)
    blind = replace(by, level="pseudonymised")
    for other in (without(by, capability), without(by, Capability.SEE_EXCEPTIONS), blind):
        assert not twin(other)
        with pytest.raises(Refused):
            check(other)


def test_each_writer_asks_for_its_own_permission(fresh, by, owed):
    key = owed["exception_id"]
    mark = done(by, key)
    explained = marks.explain(by=by, key=key, until=TODAY, words="Away.")
    no_done, no_explain = without(by, Capability.MARK_DONE), without(by, Capability.EXPLAIN_OWED)
    for act in (
        lambda: done(no_done, key),
        lambda: marks.take_back(by=no_done, key=key, mark=mark.pk),
        lambda: marks.explain(by=no_explain, key=key, until=TODAY, words="Away."),
        lambda: marks.take_back(by=no_explain, key=key, mark=explained.pk),
    ):
        with pytest.raises(Refused):
            act()
    assert Mark.objects.standing().count() == 2
    for viewer, shown in ((no_done, [False, True]), (no_explain, [True, False])):
        events = one_exception.one_exception(viewer, key).events
        assert [one.may_take_back for one in events if one.mark] == shown
    marks.take_back(by=no_explain, key=key, mark=mark.pk)
    marks.take_back(by=no_done, key=key, mark=explained.pk)
    assert not Mark.objects.standing().exists()


def test_what_is_owed_to_another_teams_child_is_not_there(fresh, by, owed, place):
    elsewhere = replace(by, scope=Scope("team", frozenset({place.other_team})))
    with pytest.raises(Http404):
        one_exception.one_exception(elsewhere, owed["exception_id"])
    with pytest.raises(Http404):
        done(elsewhere, owed["exception_id"])
    with pytest.raises(Http404):
        marks.explain(by=elsewhere, key=owed["exception_id"], until=TODAY, words="Away.")
    mark = done(by, owed["exception_id"])
    other = next(row.key for row in queries.exceptions(by).rows if row.key != owed["exception_id"])
    with pytest.raises(Http404):
        marks.take_back(by=elsewhere, key=owed["exception_id"], mark=mark.pk)
    with pytest.raises(Http404):  # what was said of one thing is not taken back through another
        marks.take_back(by=by, key=other, mark=mark.pk)


@pytest.mark.parametrize("missing", [Capability.SEE_EXCEPTIONS, Capability.SEE_CHILDREN])
def test_the_page_needs_to_see_what_is_owed_and_children_by_name(by, owed, missing):
    with pytest.raises(Refused):
        one_exception.one_exception(without(by, missing), owed["exception_id"])
    with pytest.raises(Refused):
        due_soon.due_soon(without(by, missing), due_soon.Asked())


def test_a_restricted_record_has_no_page_but_for_who_is_named(home, by, owed, monkeypatch):
    key, child = owed["exception_id"], owed["child_key"]
    monkeypatch.setattr(standing, "placed_here", lambda: frozenset({child}))
    with pytest.raises(Http404):
        one_exception.one_exception(by, key)
    named = replace(by, named_for=frozenset({child}))
    assert one_exception.one_exception(named, key).owed.child is not None


def test_a_workers_exception_is_for_their_line_of_management(fresh, by, director):
    stand = standing.standing()
    of_workers = pa.array([key for key, one in standing.catalogue().items() if one.of_workers], pa.string())
    where = pc.field("measure").isin(of_workers) & (pc.field("state") == "open") & pc.field("worker_id").is_valid()
    row = stand.lake.read(stand.computation, "exceptions", where=where).slice(0, 1).to_pylist()[0]
    manager = replace(by, scope=Scope("team", frozenset({row["team_id"]})))
    assert one_exception.one_exception(manager, row["exception_id"]).owed.name
    with pytest.raises(Http404):
        one_exception.one_exception(director, row["exception_id"])
    mark = done(manager, row["exception_id"], reference="Supervision note 12")
    assert mark.child_key == ""
    own = replace(by, scope=Scope("own", frozenset({row["worker_id"]})))
    assert one_exception.one_exception(own, row["exception_id"]).owed.name


def test_the_worker_is_named_to_the_line_of_management_alone(by, director, owed):
    stand = standing.standing()
    where = pc.field("worker_id").is_valid() & pc.field("child_key").is_valid() & (pc.field("state") == "open")
    rows = stand.lake.read(stand.computation, "exceptions", where=where & (pc.field("team_id") == owed["team_id"]))
    keys = rows["exception_id"].to_pylist()
    named = [key for key in keys if one_exception.one_exception(by, key).owed.worker]
    assert named
    assert not one_exception.one_exception(director, named[0]).owed.worker


@pytest.mark.parametrize("module", [one_exception, due_soon])
def test_nobody_reads_what_is_owed_faster_than_work_needs(by, owed, monkeypatch, module):
    monkeypatch.setattr(module, "check_pace", lambda viewer, kind: (_ for _ in ()).throw(Refused("Too fast.")))
    with pytest.raises(Refused, match="Too fast"):
        if module is due_soon:
            due_soon.due_soon(by, due_soon.Asked())
        else:
            one_exception.one_exception(by, owed["exception_id"])


def test_the_read_of_one_exception_is_in_the_chain_with_the_child(by, owed):
    one_exception.one_exception(by, owed["exception_id"])
    event = ChainEvent.objects.order_by("-sequence").first()
    assert event.action == "exception.opened"
    assert told(event).children == (owed["child_key"],)


# --- lists and pages ---------------------------------------------------------------------------------------


def test_the_list_narrows_by_how_long_over(director):
    whole = queries.exceptions(director, Asked(whole=True))
    for one in whole.ages:
        narrowed = queries.exceptions(director, Asked(age=one.key, whole=True))
        low, high = ledger.AGES[one.key][1:]
        assert narrowed.total == one.count
        assert all(low <= row.days_over <= high for row in narrowed.rows)
    assert sum(one.count for one in whole.ages) == sum(row.days_over is not None for row in whole.rows) > 0
    with pytest.raises(Http404):
        queries.exceptions(director, Asked(age="old"))


def test_above_the_line_of_management_a_worker_in_the_address_narrows_nothing(director, place):
    assert queries.exceptions(director, Asked(worker=place.worker)).total == queries.exceptions(director).total
    soon = due_soon.due_soon(director, due_soon.Asked(worker=place.worker))
    assert soon.total == due_soon.due_soon(director, due_soon.Asked()).total
    assert soon.workers == [] and not any(row.worker for row in soon.rows)


def test_what_falls_due_soon_is_in_time_still_and_within_the_days_of_the_policy(fresh, by):
    found = due_soon.due_soon(by, due_soon.Asked())
    assert found.until == date(2026, 11, 9)
    assert found.total == queries.exceptions(by).due_soon > 0
    days = [row.due_on for row in found.rows]
    assert days == sorted(days)
    assert all(date(2026, 10, 31) < day <= found.until for day in days)
    stand = standing.standing()
    owed_keys = {row.child.ref for row in queries.exceptions(by, Asked(kind="CP08", whole=True)).rows}
    assert not owed_keys & {row.child.ref for row in found.rows if row.measure == "CP08"}
    assert stand.as_at < found.until


def test_due_soon_is_of_the_viewers_children_and_narrows(fresh, by, director, place):
    mine, every = due_soon.due_soon(by, due_soon.Asked()), due_soon.due_soon(director, due_soon.Asked())
    assert 0 < mine.total < every.total
    team = due_soon.due_soon(director, due_soon.Asked(team=place.team))
    assert team.total == mine.total
    worker = mine.workers[0]
    assert due_soon.due_soon(by, due_soon.Asked(worker=worker.key)).total == worker.count
    kind = mine.kinds[0]
    assert due_soon.due_soon(by, due_soon.Asked(kind=kind.key)).total == kind.count
    for wrong in (due_soon.Asked(kind="XX99"), due_soon.Asked(page=99)):
        with pytest.raises(Http404):
            due_soon.due_soon(by, wrong)


def test_a_restricted_child_is_not_among_what_falls_due(fresh, by, monkeypatch):
    before = due_soon.due_soon(by, due_soon.Asked())
    stand = standing.standing()
    hidden = due_soon._read(stand, by)["child_key"][0].as_py()
    monkeypatch.setattr(standing, "placed_here", lambda: frozenset({hidden}))
    after = due_soon.due_soon(by, due_soon.Asked())
    assert after.total + after.withheld == before.total and after.withheld > 0
    assert queries.exceptions(by).due_soon == after.total


def test_past_its_age_the_list_of_what_falls_due_says_when_it_was_true(manager):
    page = manager.get("/exceptions/due-soon/").content.decode()
    assert "What fell due" in page and "This was true on 31 October 2026." in page


def test_one_press_on_the_list_leads_to_the_form_and_back_to_the_history(fresh, manager, owed):
    key = owed["exception_id"]
    assert f'href="/exceptions/{key}/"' in manager.get("/exceptions/?kind=CP08").content.decode()
    page = manager.get(f"/exceptions/{key}/").content.decode()
    assert "Say that it was done" in page and "Explain why it is not done" in page
    wrong = manager.post(f"/exceptions/{key}/done/", {"done-done_on": "yesterday"})
    assert "There is a problem" in wrong.content.decode()
    wrong = manager.post(f"/exceptions/{key}/explain/", {"explain-words": "x", "explain-until": "1 May 2030"})
    assert "one interval at most" in wrong.content.decode()
    assert not Mark.objects.exists()
    sent = {"done-done_on": "2 November 2026", "done-reference": REFERENCE, "done-words": ""}
    assert manager.post(f"/exceptions/{key}/done/", sent).status_code == 302
    sent = {"explain-words": "The family is abroad.", "explain-until": "5 November 2026"}
    assert manager.post(f"/exceptions/{key}/explain/", sent).status_code == 302
    page = manager.get(f"/exceptions/{key}/").content.decode()
    assert REFERENCE in page and "The family is abroad." in page and "Explained until 5 November 2026" in page
    assert "What was said, by team" in manager.get("/exceptions/").content.decode()
    mark = Mark.objects.get(kind="done")
    assert manager.post(f"/exceptions/{key}/take-back/", {"mark": mark.pk}).status_code == 302
    assert manager.post(f"/exceptions/{key}/take-back/", {"mark": "x"}).status_code == 404


def test_who_may_not_say_it_sees_no_form_and_is_refused(fresh, dcs, owed):
    key = owed["exception_id"]
    page = dcs.get(f"/exceptions/{key}/").content.decode()
    assert "Say that it was done" not in page and "Explain why it is not done" not in page
    sent = {"done-done_on": "2 November 2026", "done-reference": REFERENCE, "done-words": ""}
    assert dcs.post(f"/exceptions/{key}/done/", sent).status_code == 403
    sent = {"explain-words": "x", "explain-until": "5 November 2026"}
    assert dcs.post(f"/exceptions/{key}/explain/", sent).status_code == 403
    for form in ("done", "explain"):  # refused before anybody looks at what was typed
        assert dcs.post(f"/exceptions/{key}/{form}/", {}).status_code == 403
