"""Who may see loads, who may load, who may read issues: each guard by a viewer who fails it alone."""

from __future__ import annotations

import io
from dataclasses import replace
from uuid import uuid4

import openpyxl
import pytest
from django.http import Http404
from django.urls import reverse

from lineofsight.errors import PlainError
from lineofsight.lake import issues as kept
from lineofsight.lake import whose
from lineofsight.web.access.house import lake_in_use
from lineofsight.web.access.permissions import Capability, Refused
from lineofsight.web.data import jobs, permissions
from lineofsight.web.data.actions import loads as actions
from lineofsight.web.data.models import Job
from lineofsight.web.data.queries import changes, fed, issues, load, loads, sent, side_tables

pytestmark = pytest.mark.django_db
WHY = "The team moved to another system in October."


def test_who_loads_reads_files_by_name_and_nobody_else_does(viewer_as):
    analyst = viewer_as("analyst")
    assert permissions.may_load(analyst) and permissions.may_read_issues(analyst)
    blind = replace(analyst, level="pseudonymised")
    assert not permissions.may_load(blind) and not permissions.may_read_issues(blind)
    nameless = replace(analyst, capabilities=analyst.capabilities - {Capability.SEE_CHILDREN})
    assert permissions.may_load(nameless) and not permissions.may_read_issues(nameless)
    without = replace(analyst, capabilities=analyst.capabilities - {Capability.LOAD_DATA})
    assert not permissions.may_load(without) and not permissions.may_read_issues(without)
    with pytest.raises(Refused, match="sees none by name"):
        permissions.check_load(blind)


def test_nothing_of_any_load_is_told_to_who_does_not_see_data(viewer_as, newest):
    other = viewer_as("lead-member")
    for asked in (
        lambda: loads.front(other),
        lambda: loads.today(other),
        lambda: load.load_page(other, newest, {}),
        lambda: load.removed(other, newest),
        lambda: load.standing(other, newest),
        lambda: fed.fed(other, newest),
        lambda: sent.progress(other, uuid4()),
        lambda: side_tables.listed(other),
        lambda: side_tables.file_of(other, "side_oversight", "csv"),
    ):
        with pytest.raises(Refused):
            asked()


def test_issues_are_read_only_by_who_may(viewer_as, newest):
    lake = lake_in_use()
    snapshot = lake.latest()
    nameless = viewer_as("analyst")
    nameless = replace(nameless, capabilities=nameless.capabilities - {Capability.SEE_CHILDREN})
    assert issues.read_issues(nameless, lake, snapshot, {}) is None
    with pytest.raises(Refused):
        issues.take_issues(nameless, lake, snapshot, {}, "csv")


def test_an_empty_form_of_somebody_else_is_refused_and_not_shown_again(client_as, waiting):
    client = client_as("dcs")
    for name in ("data:answer-load", "data:withdraw-load"):
        assert client.post(reverse(name, args=[waiting]), {}).status_code == 403


def test_that_a_load_was_removed_is_told_to_who_sees_data_alone(client_as, analyst, waiting):
    analyst.post(reverse("data:answer-load", args=[waiting]), {"why": WHY, "answer": "no"})
    jobs.do_all()
    assert client_as("lead-member").get(reverse("data:load", args=[waiting])).status_code == 403
    assert WHY in client_as("dcs").get(reverse("data:load", args=[waiting])).content.decode()


def test_the_list_offers_to_load_only_to_who_may(client_as, home):
    assert "Load an extract" in client_as("analyst").get(reverse("data:front")).content.decode()
    assert "Load an extract" not in client_as("dcs").get(reverse("data:front")).content.decode()


def test_a_load_that_is_not_there_is_said_plainly(analyst, home, viewer_as):
    assert "no such snapshot" in analyst.get(reverse("data:load", args=["2020-01-01-abcdef12"])).content.decode()
    with pytest.raises(PlainError):
        load.standing(viewer_as("analyst"), "2020-01-01-abcdef12")


def test_today_tells_what_waits_what_is_new_and_what_fell(analyst, viewer_as, waiting, client_as):
    told = loads.today(viewer_as("analyst"))
    assert [one.id for one in told.waiting] == [waiting]
    text = analyst.get("/").content.decode()
    assert "Waiting for a yes" in text and "one table has fewer rows" in text
    assert "New issues, by file" in text and "Tables that shrank" in text
    assert "What was loaded" not in client_as("dcs").get("/").content.decode()


def test_the_value_of_a_row_that_nobody_can_place_is_not_shown_where_records_are_restricted(
    viewer_as, newest, monkeypatch
):
    lake = lake_in_use()
    snapshot, analyst = lake.latest(), viewer_as("analyst")
    rows = lake.issues(snapshot)
    unplaced = rows.set_column(kept.SCHEMA.get_field_index("child_key"), "child_key", [[None] * rows.num_rows])
    unplaced = unplaced.cast(kept.SCHEMA)
    read = lambda one, columns=None, where=None: (unplaced.filter(where) if where is not None else unplaced).select(  # noqa: E731
        list(columns or kept.SCHEMA.names)
    )
    monkeypatch.setattr(lake, "issues", read)
    monkeypatch.setattr(issues, "withheld_in", lambda *given: frozenset())
    assert not any(one.hidden for one in issues.read_issues(analyst, lake, snapshot, {}).lines)
    monkeypatch.setattr(issues, "withheld_in", lambda *given: frozenset({"somebody"}))
    lines = issues.read_issues(analyst, lake, snapshot, {}).lines
    assert {one.hidden for one in lines if one.row} == {whose.NOT_TOLD}
    assert all(one.value is None for one in lines if one.hidden)


def test_a_side_table_is_told_with_its_files(analyst, client_as, home):
    text = analyst.get(reverse("data:templates")).content.decode()
    assert "side_oversight" in text and "not measured" in text
    sizes = {}
    for form in ("csv", "xlsx", "example", "query"):
        answer = analyst.get(reverse("data:side-file", args=["side_oversight", form]))
        assert answer.status_code == 200 and "attachment" in answer["Content-Disposition"]
        sizes[form] = answer.content
    assert openpyxl.load_workbook(io.BytesIO(sizes["xlsx"])).sheetnames
    assert sizes["csv"].decode("utf-8-sig").startswith("over_")
    assert b"select" in sizes["query"].lower()
    for name, form in (("side_oversight", "pdf"), ("ssd_person", "csv"), ("no-such", "xlsx")):
        refused = analyst.get(reverse("data:side-file", args=[name, form]))
        assert "Content-Disposition" not in refused


def test_a_page_of_many_loads_is_told_in_parts(analyst, home, monkeypatch):
    monkeypatch.setattr(loads, "PAGE", 1)
    first = analyst.get(reverse("data:front")).content.decode()
    assert "Earlier loads" in first and "Later loads" not in first
    for page in ("2", "99", "x"):
        answer = analyst.get(reverse("data:front"), {"page": page})
        assert answer.status_code == 200


def test_a_job_of_each_kind_has_words_of_its_own(analyst, home, newest):
    from lineofsight import clock

    for kind, words in (("yes", "Publishing a load"), ("no", "Removing a load"), ("withdraw", "Withdrawing a load")):
        job = Job.objects.create(
            kind=kind, asked_at=clock.now(), by_key="p", by_name="Ada", snapshot=f"{newest}-{kind}"
        )
        assert words in analyst.get(reverse("data:sending", args=[job.key])).content.decode()
        assert words.split(" a ")[0] in analyst.get(reverse("data:front")).content.decode()


@pytest.mark.parametrize("answer", [actions.say_yes, actions.say_no])
def test_a_load_that_does_not_wait_is_answered_by_nobody(answer, viewer_as, newest):
    with pytest.raises(PlainError, match="does not wait"):
        answer(by=viewer_as("analyst"), snapshot=newest, why="The numbers were looked at with the teams.")
    assert not Job.objects.filter(kind__in=(Job.YES, Job.NO)).exists()


def test_a_change_that_nobody_asked_for_has_no_page(viewer_as, home):
    with pytest.raises(Http404):
        changes.shown(viewer_as("analyst"), uuid4())


def test_what_was_loaded_is_refused_before_anything_else_is_asked(viewer_as, home, monkeypatch):
    monkeypatch.setattr(loads.roles, "listed", lambda viewer: [])  # which would refuse as well
    with pytest.raises(Refused):
        loads.today(viewer_as("lead-member"))
