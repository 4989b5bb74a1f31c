"""Changes of the rules in the browser: asked for, worked out by the worker, looked at, kept or let go."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date

import pytest
from django.urls import reverse

from lineofsight import policy
from lineofsight.errors import PlainError
from lineofsight.policy import changing
from lineofsight.web.access.chain import told
from lineofsight.web.access.house import lake_in_use
from lineofsight.web.access.models import ChainEvent
from lineofsight.web.access.permissions import Refused
from lineofsight.web.data import jobs
from lineofsight.web.data.actions import changes as actions
from lineofsight.web.data.models import Change, Job
from lineofsight.web.data.queries import changes, teams
from lineofsight.web.site import work

WORDS = "data:word"
SINCE = "1 November 2026"


def asked(client, where: str, sent: Mapping[str, str], **query: str) -> Change:
    """The change that a form asks for."""
    answer = client.post(reverse(where) if where.startswith("data:") else where, sent, QUERY_STRING=_query(query))
    assert answer.status_code == 302, answer.content.decode()
    return Change.objects.get(key=answer.url.rstrip("/").rpartition("/")[2])


def _query(told_of: Mapping[str, str]) -> str:
    from urllib.parse import urlencode

    return urlencode(told_of)


def page(client, change: Change) -> str:
    return client.get(reverse("data:change", args=[change.key])).content.decode()


def most_used(client) -> str:
    """The role word that most children stand on."""
    from lineofsight.web.data.queries import roles

    lake = lake_in_use()
    rows = lake.read(lake.newest()[1], roles.FILE).to_pylist()
    means = policy.roles()
    return next(row["role_word"] for row in rows if means.kind(row["role_word"]) == "allocated_worker")


def test_a_word_is_mapped_once_its_effect_was_seen_and_everything_is_computed_anew(analyst, home) -> None:
    word = most_used(analyst)
    before = lake_in_use().newest()[1]
    assert word in analyst.get(reverse("data:roles")).content.decode()
    change = asked(analyst, WORDS, {"kind": "other"}, word=word)
    assert "Working out what this would do" in page(analyst, change)
    assert "Save this change" not in page(analyst, change)
    assert not (home.path / changing.ROLES).exists()
    jobs.do_all()
    seen = page(analyst, change)
    assert "exceptions would open" in seen
    assert "Save this change" in seen
    assert not (home.path / changing.ROLES).exists()
    analyst.post(reverse("data:save-change", args=[change.key]))
    assert "computing the figures anew" in page(analyst, change)
    jobs.do_all()
    assert policy.roles(home).kind(word) == "other"
    now = lake_in_use().newest()[1]
    assert now.id != before.id
    assert now.roles_hash == policy.roles(home).hash
    assert "Saved by Person analyst" in page(analyst, change)
    assert (
        f"The role word “{word}” means somebody else around the child."
        in analyst.get(reverse("data:roles")).content.decode()
    )
    events = ChainEvent.objects.filter(action__startswith="change.").order_by("sequence")
    assert [one.action for one in events] == ["change.asked", "change.saved"]
    assert {one.actor for one in events} == {"p-analyst"}
    assert told(events[1]).detail["told"] == {"word": word, "kind": "other"}


def test_a_change_let_go_changes_nothing(analyst, home) -> None:
    change = asked(analyst, WORDS, {"kind": "other"}, word=most_used(analyst))
    jobs.do_all()
    assert analyst.post(reverse("data:drop-change", args=[change.key])).url == reverse("data:roles")
    assert not (home.path / changing.ROLES).exists()
    assert "not kept" in page(analyst, change)
    assert ChainEvent.objects.filter(action="change.dropped").count() == 1
    analyst.post(reverse("data:save-change", args=[change.key]))
    assert Change.objects.get().saved_at is None
    assert Job.objects.count() == 1


def test_nothing_is_kept_before_its_effect_is_known_nor_after_the_rules_were_changed(analyst, home) -> None:
    change = asked(analyst, WORDS, {"kind": "other"}, word="Buddy")
    answer = analyst.post(reverse("data:save-change", args=[change.key]), follow=True).content.decode()
    assert "not worked out yet" in answer
    jobs.do_all()
    (home.path / changing.ROLES).write_text('duty = ["Pal"]\n')
    answer = analyst.post(reverse("data:save-change", args=[change.key]), follow=True).content.decode()
    assert "Somebody changed the rules" in answer
    assert (home.path / changing.ROLES).read_text() == 'duty = ["Pal"]\n'


@pytest.mark.full
def test_a_worker_that_died_after_writing_is_taken_up_and_writes_nothing_twice(analyst, home) -> None:
    change = asked(analyst, WORDS, {"kind": "other"}, word="Buddy")
    jobs.do_all()
    analyst.post(reverse("data:save-change", args=[change.key]))
    Change.objects.update(saved_as=changing.digest(changing.map_word("Buddy", "other")("")))
    (home.path / changing.ROLES).write_text(changing.map_word("Buddy", "other")(""))
    jobs.do_all()
    assert Job.objects.get(kind=Job.RULES).state == Job.DONE
    assert tomllib.loads((home.path / changing.ROLES).read_text()) == {"other": ["Buddy"]}


def test_a_change_that_somebody_was_faster_than_is_told_and_not_written(analyst, home) -> None:
    change = asked(analyst, WORDS, {"kind": "other"}, word="Buddy")
    jobs.do_all()
    analyst.post(reverse("data:save-change", args=[change.key]))
    (home.path / changing.ROLES).write_text('duty = ["Pal"]\n')
    jobs.do_all()
    assert "Somebody changed this" in page(analyst, change)
    assert (home.path / changing.ROLES).read_text() == 'duty = ["Pal"]\n'


def test_what_is_so_already_is_refused_in_words(analyst) -> None:
    answer = analyst.post(reverse(WORDS) + "?word=Duty", {"kind": "duty"})
    assert "That is how it is already." in answer.content.decode()
    assert not Change.objects.exists()


@pytest.mark.full
def test_a_local_number_laxer_than_the_law_is_warned_of_and_marked(analyst, home) -> None:
    where = reverse("data:rule", args=["assessment.complete"])
    sent = {"number": "60", "since": SINCE, "source": "Assessment procedure, November 2026"}
    change = asked(analyst, where, sent)
    assert "60 working days is more than the statutory guidance allows: 45 working days" in page(analyst, change)
    jobs.do_all()
    analyst.post(reverse("data:save-change", args=[change.key]))
    jobs.do_all()
    assert policy.load(home).number("assessment.complete", date(2026, 11, 1)) == 60
    assert policy.load(home).number("assessment.complete", date(2026, 10, 31)) == 45
    listed = analyst.get(reverse("data:policy")).content.decode()
    assert "Less strict than the law" in listed
    assert "Assessment procedure, November 2026" in listed
    assert "Person analyst" in listed


@pytest.mark.full
def test_saving_a_number_less_strict_than_the_law_says_so_again_at_the_button(analyst) -> None:
    where = reverse("data:rule", args=["assessment.complete"])
    said = "Save it, though it is less strict than the law"
    for number, laxer in (("60", True), ("40", False)):
        sent = {"number": number, "since": SINCE, "source": "Assessment procedure, November 2026"}
        change = asked(analyst, where, sent)
        jobs.do_all()
        shown = page(analyst, change)
        assert (said in shown, "Save this change" in shown) == (laxer, not laxer)


@pytest.mark.parametrize("source", ["x", "Procedure", "12345 67890", "a b", "   "])
def test_where_a_number_is_laid_down_is_said_in_words(analyst, viewer_as, source) -> None:
    where = reverse("data:rule", args=["assessment.complete"])
    answer = analyst.post(where, {"number": "40", "since": SINCE, "source": source})
    assert "laid down." in answer.content.decode() or "Name the procedure" in answer.content.decode()
    told_of = {"key": "assessment.complete", "number": 40, "unit": "working days", "source": source,
               "since": "2026-11-01"}  # fmt: skip
    with pytest.raises(PlainError, match="Name the procedure"):
        actions.ask(by=viewer_as("analyst"), what="rule", told=told_of)
    assert not Change.objects.exists()


def test_the_day_of_a_rule_is_today_where_it_can_be_seen_and_is_asked_for_where_it_is_empty(analyst) -> None:
    where = reverse("data:rule", args=["assessment.complete"])
    shown = analyst.get(where).content.decode()
    assert 'value="12 November 2026"' in shown
    assert "Today, unless you say another day." in shown
    sent = {"number": "40", "since": "", "source": "Assessment procedure, November 2026"}
    assert "Enter the day from which it holds." in analyst.post(where, sent).content.decode()
    assert not Change.objects.exists()


def test_a_shipped_local_number_and_one_set_here_are_marked_apart(analyst, home) -> None:
    before = analyst.get(reverse("data:policy")).content.decode()
    assert ">Local, as shipped</strong>" in before
    assert ">Local, set here</strong>" not in before
    edit = changing.set_rule("assessment.complete", 40, "Assessment procedure, November 2026", date(2026, 11, 1))
    changing.keep(home, changing.POLICY, edit(""), base=changing.digest(""))
    assert analyst.get(reverse("data:policy")).content.decode().count(">Local, set here</strong>") == 1


def test_a_stricter_number_is_not_warned_of(analyst) -> None:
    assert changes.laxer("assessment.complete", 40, date(2026, 11, 1)) == ""
    assert changes.laxer("assessment.complete", 45, date(2026, 11, 1)) == ""
    assert changes.laxer("cp.visit", 90, date(2026, 11, 1)) == ""
    assert "allows: 45 working days" in changes.laxer("assessment.complete", 46, date(2026, 11, 1))


def test_a_limit_on_those_who_use_the_system_is_not_changed_here(analyst, viewer_as) -> None:
    assert analyst.get(reverse("data:rule", args=["disclosure.suppress_below"])).status_code == 404
    assert (
        reverse("data:rule", args=["disclosure.suppress_below"])
        not in analyst.get(reverse("data:policy")).content.decode()
    )
    told_of = {"key": "looking.pages_in_an_hour", "number": 9999, "unit": "pages", "source": "x", "since": "2026-11-01"}
    with pytest.raises(PlainError, match="protects children"):
        actions.ask(by=viewer_as("analyst"), what="rule", told=told_of)
    assert not Change.objects.exists()


def test_a_rule_that_nothing_uses_has_no_page(analyst) -> None:
    assert analyst.get(reverse("data:rule", args=["shoe.size"])).status_code == 404


def team_of(home) -> str:
    lake = lake_in_use()
    held = lake.persons(lake.newest()[0], columns=["team_id"])["team_id"].to_pylist()
    return max(set(held), key=held.count)


def test_a_team_is_renamed_and_every_page_says_what_it_was_called(analyst, dcs, home) -> None:
    team = team_of(home)
    before = teams.known(_viewer(dcs), "team")[team]
    sent = {"what": "name", "name": "Family Help, North", "since": "1 October 2026"}
    change = asked(analyst, "data:entry", sent, kind="team", id=team)
    assert f"{before} ({team}) is called “Family Help, North” from 1 October 2026." in page(analyst, change)
    jobs.do_all()
    analyst.post(reverse("data:save-change", args=[change.key]))
    jobs.do_all()
    listed = analyst.get(reverse("data:teams")).content.decode()
    assert "Family Help, North" in listed
    assert f"formerly {before}" in listed
    by_team = dcs.get(reverse("practice:measure", args=["RF02"]) + "?by=team").content.decode()
    assert f"Family Help, North (formerly {before})" in by_team


def _viewer(client):
    from lineofsight.web.access.models import Holding
    from lineofsight.web.access.viewer import viewer_in

    return viewer_in(Holding.objects.select_related("person").get(office="dcs"))


@pytest.fixture
def dcs(client_as):
    return client_as("dcs")


@pytest.mark.full
def test_a_merge_says_which_team_would_have_more_people(analyst, home) -> None:
    team = team_of(home)
    other = next(one for one in lake_in_use().teams(lake_in_use().newest()[0])["team_id"].to_pylist() if one != team)
    change = asked(analyst, "data:entry", {"what": "merge", "into": other, "since": SINCE}, kind="team", id=team)
    jobs.do_all()
    assert Change.objects.get().effect["teams"] == []  # the extract is of the day before
    sent = {"what": "merge", "into": other, "since": "1 October 2026"}
    change = asked(analyst, "data:entry", sent, kind="team", id=team)
    jobs.do_all()
    moved = {row[0]: row[3] - row[2] for row in Change.objects.get(key=change.key).effect["teams"]}
    assert moved[team] < 0 < moved[other]
    assert sum(moved.values()) == 0
    assert "People on record, by team" in page(analyst, change)


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({}, "Choose what happened."),
        ({"what": "name", "since": SINCE}, "Enter the new name."),
        ({"what": "name", "name": "X"}, "Enter the day"),
        ({"what": "merge", "since": SINCE}, "Choose the team"),
        ({"what": "same"}, "Choose the other id."),
    ],
)
def test_what_was_chosen_needs_its_own_boxes(analyst, home, sent, wrong) -> None:
    answer = analyst.post(f"{reverse('data:entry')}?kind=team&id={team_of(home)}", sent)
    assert wrong in answer.content.decode()
    assert not Change.objects.exists()


@pytest.mark.parametrize(
    ("what", "boxes"), [("name", {"name", "since"}), ("same", {"other"}), ("merge", {"into", "since"})]
)
def test_what_happened_is_chosen_first_and_then_its_own_boxes_alone_are_shown(analyst, home, what, boxes) -> None:
    where = f"{reverse('data:entry')}?kind=team&id={team_of(home)}"
    first = analyst.get(where).content.decode()
    assert 'name="what"' in first
    again = analyst.get(f"{where}&ask=1").content.decode()
    assert "Choose what happened." in again
    then = analyst.get(f"{where}&ask=1&what={what}").content.decode()
    for box in ("name", "since", "other", "into"):
        assert f'name="{box}"' not in first
        assert (f'name="{box}"' in then) is (box in boxes)
    assert "Something else happened" in then


def test_an_address_without_a_word_or_a_team_is_no_page(analyst) -> None:
    for where in (reverse(WORDS), reverse("data:entry"), reverse("data:entry") + "?kind=crew&id=T1"):
        assert analyst.get(where).status_code == 404


def test_workers_are_shown_by_id_and_their_names_only_to_their_line_of_management(
    analyst, client_as, viewer_as, home
) -> None:
    worker = lake_in_use().workers(lake_in_use().newest()[0]).to_pylist()[0]
    (home.path / changing.REGISTRY).write_text(
        f'[[worker]]\nid = "{worker["worker_id"]}"\nalso = ["OTHER"]\n'
        'names = [{ name = "Zelda Q", from = 2020-01-01 }]\n'
    )
    work.finish_loads()
    change = Change.objects.create(
        what="name", told={"of": "worker", "id": worker["worker_id"], "name": "Zelda Q", "since": "2026-01-01"},
        base="", asked_at=work.clock.now(), saved_at=work.clock.now(), by_name="A", saved_by_name="A",
    )  # fmt: skip
    for office, sees in (("analyst", False), ("dcs", False), ("head-of-service", True)):
        client = client_as(office)
        for where in (reverse("data:teams"), reverse("data:change", args=[change.key])):
            shown = client.get(where).content.decode()
            assert ("Zelda Q" in shown) is sees, (office, where)
            assert worker["worker_id"] in shown
    form = analyst.get(f"{reverse('data:entry')}?kind=worker&id={worker['worker_id']}").content.decode()
    assert "Zelda Q" not in form
    names = lake_in_use().workers(lake_in_use().newest()[0])["worker_name"].to_pylist()
    assert not [name for name in names if name in form]
    assert "new name" not in form


def test_what_the_extracts_suggest_is_told_and_can_be_confirmed(analyst, viewer_as, home, monkeypatch) -> None:
    lake, team = lake_in_use(), team_of(home)
    now = lake.newest()[0]
    real = type(lake).teams

    def renamed(self, snapshot):
        table = real(self, snapshot)
        if snapshot.id == now.id:
            return table
        names = ["Old name" if one == team else name for one, name in
                 zip(table["team_id"].to_pylist(), table["team_name"].to_pylist(), strict=True)]  # fmt: skip
        return table.set_column(1, "team_name", [names])

    monkeypatch.setattr(type(lake), "teams", renamed)
    (one,) = [one for one in teams.page(viewer_as("analyst")).renamed if one.id == team]
    assert (one.before, one.since) == ("Old name", now.as_at)
    assert f"Confirm the new name of {team}" in analyst.get(reverse("data:teams")).content.decode()


def test_a_new_team_with_most_of_a_vanished_ones_children_is_perhaps_the_same(viewer_as, home, monkeypatch) -> None:
    lake, team = lake_in_use(), team_of(home)
    now = lake.newest()[0]
    teams_of, persons_of = type(lake).teams, type(lake).persons

    def other_id(table, name):
        values = ["NEW" if one == team else one for one in table[name].to_pylist()]
        return table.set_column(table.column_names.index(name), name, [values])

    monkeypatch.setattr(
        type(lake), "teams",
        lambda self, one: other_id(teams_of(self, one), "team_id") if one.id == now.id else teams_of(self, one),
    )  # fmt: skip
    monkeypatch.setattr(
        type(lake), "persons",
        lambda self, one, **more: other_id(persons_of(self, one, **more), "team_id") if one.id == now.id
        else persons_of(self, one, **more),
    )  # fmt: skip
    (one,) = teams.page(viewer_as("analyst")).same
    assert (one.id, one.other) == (team, "NEW")
    assert one.children > teams.MOST * one.of


@pytest.mark.parametrize("act", [actions.save, actions.drop])
def test_only_who_may_change_rules_decides(viewer_as, analyst, act) -> None:
    change = asked(analyst, WORDS, {"kind": "other"}, word="Buddy")
    jobs.do_all()
    with pytest.raises(Refused):
        act(by=viewer_as("dcs"), key=change.key)
    with pytest.raises(Refused):
        actions.ask(by=viewer_as("dcs"), what="word", told={"word": "Pal", "kind": "duty"})
    assert changes.shown(viewer_as("dcs"), change.key).may_decide is False
    assert changes.shown(viewer_as("analyst"), change.key).may_decide is True


def test_whoever_may_not_change_sees_and_has_no_button(client_as) -> None:
    client, analyst = client_as("head-of-service"), client_as("analyst")
    pages = {
        "data:roles": reverse(WORDS),
        "data:policy": reverse("data:rule", args=["cp.visit"]),
        "data:teams": reverse("data:entry"),
    }
    for where, button in pages.items():
        shown = client.get(reverse(where))
        assert shown.status_code == 200
        assert f'href="{button}' not in shown.content.decode(), where
        assert f'href="{button}' in analyst.get(reverse(where)).content.decode(), where
    assert client.get(reverse("data:rule", args=["cp.visit"])).status_code == 403
    assert client.get(reverse(WORDS) + "?word=Duty").status_code == 403
    assert client.get(reverse("data:entry") + "?kind=team&id=T1").status_code == 403
