"""Loads through the browser: sent, read by the worker, shown with counts that add up, answered, withdrawn."""

from __future__ import annotations

import io
import os
import re
from dataclasses import replace
from datetime import timedelta

import openpyxl
import pytest
from django.urls import reverse
from tests.web.data.conftest import NOW, extract_files, later

from lineofsight import clock, loading, sources
from lineofsight.errors import PlainError
from lineofsight.lake import staging
from lineofsight.web.access import chain
from lineofsight.web.access.chain import LogUnavailable
from lineofsight.web.access.house import lake_in_use
from lineofsight.web.access.loads import tell_of_loads
from lineofsight.web.access.models import ChainEvent, Restriction
from lineofsight.web.access.permissions import Refused
from lineofsight.web.data import jobs
from lineofsight.web.data.actions import loads as actions
from lineofsight.web.data.models import Job

pytestmark = pytest.mark.django_db
WHY = "The team moved to another system in October."


def events(action):
    return list(ChainEvent.objects.filter(action=action).order_by("sequence"))


def page(client, name, *args, **query):
    answer = client.get(reverse(f"data:{name}", args=args), query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


# --- sending ---------------------------------------------------------------------------------------------


@pytest.mark.full
def test_what_is_sent_is_read_by_the_worker_loaded_and_erased(send, analyst, home, months):
    job = send(later(months[1]))
    assert (job.state, job.by_name) == (Job.QUEUED, "Person analyst")
    assert staging.names(home) == [job.sending]
    assert jobs.waiting()
    jobs.do_all()
    job.refresh_from_db()
    assert (job.state, job.failure, jobs.waiting()) == (Job.DONE, "", False)
    assert staging.names(home) == []
    snapshot = lake_in_use().latest()
    assert (snapshot.id, str(snapshot.as_at)) == (job.snapshot, "2026-11-10")
    assert lake_in_use().computation(snapshot)
    sent, loaded = events("load.sent")[0], [one for one in events("data.loaded") if snapshot.id in one.subject][0]
    assert sent.actor == loaded.actor == "p-analyst"
    assert chain.told(sent).detail["files"] == len(job.files)
    answer = analyst.get(reverse("data:sending", args=[job.key]))
    assert answer["Location"] == reverse("data:load", args=[snapshot.id])


def test_the_same_bytes_sent_twice_are_one_snapshot(send, home, months):
    before = len(lake_in_use().snapshots())
    for _ in range(2):
        send(extract_files(months[1]))
    jobs.do_all()
    assert len(lake_in_use().snapshots()) == before
    assert {one.again for one in Job.objects.all()} == {True}


def test_a_part_needs_no_day_of_its_own_and_one_without_any_says_so(send, analyst, home):
    table = b"cont_contact_id,cont_person_id,cont_contact_date\nC1,P1,01/10/2026\n"
    job = send({"ssd_contacts.csv": table})
    jobs.do_all()
    job.refresh_from_db()
    assert job.state == Job.FAILED
    assert job.failure.endswith("say the day when you send it.")
    assert "--as-at" not in page(analyst, "sending", job.key)
    assert job.failure in page(analyst, "front")
    again = send({"ssd_contacts.csv": table}, as_at="31 October 2026")
    jobs.do_all()
    again.refresh_from_db()
    assert (again.state, again.failure) == (Job.WAITS, "")  # one row where there were many


def test_an_extract_that_a_demonstration_refuses_is_told_in_a_plain_sentence(send, home, analyst, months, monkeypatch):
    monkeypatch.setattr(jobs, "home_in_use", lambda: replace(home, demo=True))
    job = send(extract_files(months[1], "extract"), as_at="31 October 2026")
    jobs.do_all()
    assert "takes only extracts made by" in page(analyst, "sending", job.key)


def test_files_that_are_none_are_told_and_nothing_is_kept(analyst, home):
    answer = analyst.post(reverse("data:new-load"), {"as_at": ""})
    assert "Choose the files to load" in answer.content.decode()
    answer = analyst.post(reverse("data:new-load"), {"as_at": "not a day", "files": io.BytesIO(b"a,b\n1,2\n")})
    assert "Enter a real date" in answer.content.decode()
    assert staging.names(home) == []
    assert not Job.objects.exists()


def test_only_who_loads_may_send(client_as, home, viewer_as):
    for office in ("dcs", "head-of-service", "lead-member", "information-governance"):
        assert client_as(office).get(reverse("data:new-load")).status_code == 403
        assert client_as(office).post(reverse("data:new-load"), {"files": io.BytesIO(b"a")}).status_code == 403
    with pytest.raises(Refused):
        actions.send(by=viewer_as("dcs"), sending="", files=[], as_at=None)
    assert staging.names(home) == []


def test_where_the_log_cannot_be_written_nothing_is_asked(send, home, months, monkeypatch):
    def unwritten(**told):
        raise LogUnavailable

    monkeypatch.setattr(actions, "record", unwritten)
    with pytest.raises(AssertionError):
        send(extract_files(months[1]))
    assert not Job.objects.exists()
    assert staging.names(home) == []


# --- the worker -------------------------------------------------------------------------------------------


def test_a_job_that_one_worker_holds_no_other_takes_until_its_lease_ends(send, months):
    send(extract_files(months[1]))
    job = jobs.claim()
    assert job and jobs.claim() is None and not jobs.waiting()
    with clock.frozen_at(NOW + jobs.LEASE + timedelta(seconds=1)):
        again = jobs.claim()
        assert again.key == job.key and again.lease != job.lease and again.tries == 2


def test_a_worker_that_died_is_followed_by_another_and_comes_to_the_same_snapshot(send, home, months, monkeypatch):
    job = send(later(months[1]))
    published = loading.load

    class Killed(BaseException):
        pass

    def killed(*args, **kwargs):
        published(*args, **kwargs)
        raise Killed

    monkeypatch.setattr(loading, "load", killed)
    with pytest.raises(Killed):
        jobs.do_all()
    monkeypatch.setattr(loading, "load", published)
    job.refresh_from_db()
    assert job.state == Job.COMPUTING
    assert staging.names(home) == [job.sending]
    count = len(lake_in_use().snapshots())
    with clock.frozen_at(NOW + jobs.LEASE + timedelta(seconds=1)):
        jobs.do_all()
    job.refresh_from_db()
    assert (job.state, len(lake_in_use().snapshots())) == (Job.DONE, count)
    assert staging.names(home) == []


def test_a_job_whose_worker_dies_each_time_is_given_up(send, home, months):
    job = send(extract_files(months[1]))
    Job.objects.update(tries=jobs.MOST_TRIES)
    jobs.do_all()
    job.refresh_from_db()
    assert (job.state, job.failure) == (Job.FAILED, jobs.GIVEN_UP)
    assert staging.names(home) == []


def test_what_goes_wrong_unforeseen_is_told_plainly_and_raised_for_the_workers_log(send, months, monkeypatch):
    job = send(extract_files(months[1]))
    monkeypatch.setattr(sources, "read", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        jobs.do_all()
    job.refresh_from_db()
    assert (job.state, job.failure) == (Job.FAILED, jobs.FAULT)


def test_where_the_log_fails_after_a_load_the_job_is_taken_up_again_later(send, months, monkeypatch):
    job = send(later(months[1]))
    told = jobs.told_of.tell_of_loads

    def unwritten(**named):
        raise LogUnavailable

    monkeypatch.setattr(jobs.told_of, "tell_of_loads", unwritten)
    with pytest.raises(LogUnavailable):
        jobs.do_all()
    job.refresh_from_db()
    assert not job.is_over
    monkeypatch.setattr(jobs.told_of, "tell_of_loads", told)
    with clock.frozen_at(NOW + jobs.LEASE + timedelta(seconds=1)):
        jobs.do_all()
    job.refresh_from_db()
    assert job.state == Job.DONE


def test_files_that_nobody_waits_for_any_more_are_erased(send, home, months):
    job = send(extract_files(months[1]))
    stray = staging.begin(home, lake_in_use().keys)
    os.utime(stray.folder, (NOW.timestamp(), NOW.timestamp()))
    jobs.erase_what_nobody_waits_for()
    assert set(staging.names(home)) == {job.sending, stray.id}  # it may be arriving still
    with clock.frozen_at(NOW + timedelta(days=jobs.KEPT_DAYS, hours=1)):
        jobs.erase_what_nobody_waits_for()
    job.refresh_from_db()
    assert job.state == Job.FAILED and "within 7 days" in job.failure
    assert staging.names(home) == []


def test_how_far_it_is_is_told_while_it_goes_on(send, analyst, months, monkeypatch):
    job = send(extract_files(months[1]))
    seen = []
    read = sources.read

    def watched(files, *, as_at, progress):
        progress("Reading ssd_contacts.csv", 3, 10)
        seen.append(page(analyst, "sending", job.key))
        seen.append(
            analyst.get(reverse("data:sending", args=[job.key]), headers={"X-Part": "progress"}).content.decode()
        )
        seen.append(page(analyst, "front"))
        return read(files, as_at=as_at, progress=progress)

    monkeypatch.setattr(sources, "read", watched)
    jobs.do_all()
    whole, part, front = seen
    for text in (whole, part):
        assert "Reading the files: Reading ssd_contacts.csv, 30%" in text
        assert 'value="30"' in text
    assert "<html" in whole and "<html" not in part
    assert '<noscript><meta http-equiv="refresh"' in whole
    assert "Under way" in front
    done = analyst.get(reverse("data:sending", args=[job.key]), headers={"X-Part": "progress"}).content.decode()
    assert "data-over" in done


def test_who_does_not_see_data_sees_no_job_and_one_that_is_not_there_is_not_found(send, client_as, analyst, months):
    job = send(extract_files(months[1]))
    assert client_as("lead-member").get(reverse("data:sending", args=[job.key])).status_code == 403
    assert analyst.get(reverse("data:sending", args=["00000000-0000-4000-8000-000000000000"])).status_code == 404


# --- yes, no ----------------------------------------------------------------------------------------------


def test_a_fall_beyond_policy_waits_and_is_shown_before_anything_is_published(waiting, analyst, newest):
    assert newest != waiting
    text = page(analyst, "load", waiting)
    assert "This table fell beyond what policy allows" in text
    assert "Yes, these numbers are right: publish" in text
    assert "What every page shows" not in text
    front = page(analyst, "front")
    assert "One load waits for a person’s yes" in front
    assert "Waits for a yes" in front


def test_a_yes_with_its_reason_publishes_what_waited(waiting, analyst, home):
    answer = analyst.post(reverse("data:answer-load", args=[waiting]), {"why": WHY, "answer": "yes"})
    job = Job.objects.get(kind=Job.YES)
    assert answer["Location"] == reverse("data:sending", args=[job.key])
    assert "It was answered just now" in page(analyst, "front")
    jobs.do_all()
    lake = lake_in_use()
    assert lake.latest().id == waiting and lake.waiting() == []
    assert (lake.accepted(lake.latest()).by, lake.accepted(lake.latest()).why) == ("p-analyst", WHY)
    assert {one.state for one in Job.objects.all()} == {Job.DONE}
    assert [chain.told(one).detail["why"] for one in events("load.yes")] == [WHY]
    assert [one.actor for one in events("data.accepted")] == ["p-analyst"]
    text = page(analyst, "load", waiting)
    assert "Person analyst said yes" in text and WHY in text


def test_who_said_yes_to_a_load_is_not_said_to_have_loaded_it(waiting, analyst, home):
    Job.objects.all().delete()  # as one that the command line read
    loading.accept(home, waiting, by="p-dcs", why=WHY)
    tell_of_loads(by="p-dcs")
    text = page(analyst, "load", waiting)
    assert "It had waited." in text and WHY in text
    assert not re.search(r"Loaded on [^<]* by ", text)


def test_the_id_that_the_commands_want_is_on_the_page_and_in_the_list(analyst, newest):
    assert f'Its id is <code class="loads-id">{newest}</code>' in page(analyst, "load", newest)
    assert f'<span class="los-said loads-id">{newest}</span>' in page(analyst, "front")
    assert newest in page(analyst, "withdraw-load", newest)


def test_dates_that_were_lost_are_under_the_tables_to_look_at_and_in_the_box_that_asks(send, analyst, months):
    lost = later(months[1])
    lost["ssd_contacts.csv"] = lost["ssd_contacts.csv"].replace(b"cont_contact_date", b"the_day", 1)
    send(lost)
    jobs.do_all()
    (held,) = lake_in_use().waiting()
    text = page(analyst, "load", held.id)
    assert "This table fell beyond what policy allows" in text
    assert "but 0 of them can be dated" in text
    look = text.partition("Tables to look at")[2].partition("</table>")[0]
    assert "Contacts" in look


def test_a_no_removes_it_and_nothing_of_it_is_kept(waiting, analyst):
    analyst.post(reverse("data:answer-load", args=[waiting]), {"why": WHY, "answer": "no"})
    jobs.do_all()
    assert lake_in_use().waiting() == []
    assert Job.objects.get(kind=Job.READ).state == Job.REFUSED
    assert [one.actor for one in events("load.removed")] == ["p-analyst"]
    assert [chain.told(one).detail["why"] for one in events("load.no")] == [WHY]
    text = page(analyst, "load", waiting)
    assert "This load was removed" in text and WHY in text


@pytest.mark.parametrize("why", ["", "ok", "two words"])
def test_an_answer_without_a_reason_is_asked_for_one(waiting, analyst, why):
    answer = analyst.post(reverse("data:answer-load", args=[waiting]), {"why": why, "answer": "yes"})
    assert answer.status_code == 200
    assert "Say why" in answer.content.decode()
    assert not Job.objects.exclude(kind=Job.READ).exists()


def test_two_who_decide_at_once_decide_once(waiting, viewer_as):
    by = viewer_as("analyst")
    actions.say_yes(by=by, snapshot=waiting, why=WHY)
    with pytest.raises(PlainError, match="just decided"):
        actions.say_no(by=by, snapshot=waiting, why=WHY)
    jobs.do_all()
    with pytest.raises(PlainError, match="somebody answered before you"):
        actions.say_no(by=by, snapshot=waiting, why=WHY)


def test_a_no_that_comes_after_a_yes_removes_nothing(waiting, viewer_as):
    by = viewer_as("analyst")
    job = actions.say_no(by=by, snapshot=waiting, why=WHY)
    loading.accept(lake_in_use().home, waiting, by="console:ada")
    jobs.do_all()
    job.refresh_from_db()
    assert job.state == Job.FAILED and "somebody said yes" in job.failure
    assert lake_in_use().latest().id == waiting
    assert not events("load.removed")


def test_a_yes_cut_short_after_it_was_published_is_finished(waiting, viewer_as):
    actions.say_yes(by=viewer_as("analyst"), snapshot=waiting, why=WHY)
    lake_in_use().release(waiting, by="p-analyst", why=WHY)
    jobs.do_all()
    snapshot = lake_in_use().latest()
    assert snapshot.id == waiting and lake_in_use().computation(snapshot)
    assert {one.state for one in Job.objects.all()} == {Job.DONE}


def test_only_who_loads_answers(waiting, client_as, viewer_as):
    client = client_as("dcs")
    assert client.post(reverse("data:answer-load", args=[waiting]), {"why": WHY, "answer": "yes"}).status_code == 403
    assert "Yes, these numbers" not in page(client, "load", waiting)
    for action in (actions.say_yes, actions.say_no):
        with pytest.raises(Refused):
            action(by=viewer_as("dcs"), snapshot=waiting, why=WHY)


# --- withdrawing ------------------------------------------------------------------------------------------


def test_a_withdrawn_load_stands_no_more_and_says_who_when_and_why(analyst, newest):
    text = page(analyst, "withdraw-load", newest)
    assert "What it has fed" in text
    analyst.post(reverse("data:withdraw-load", args=[newest]), {"why": WHY})
    jobs.do_all()
    lake = lake_in_use()
    assert lake.latest().id != newest
    assert lake.withdrawn(lake.snapshot(newest)).by == "p-analyst"
    assert [one.actor for one in events("load.withdraw")] == ["p-analyst"]
    assert [one.actor for one in events("data.withdrawn")] == ["p-analyst"]
    text = page(analyst, "load", newest)
    assert "Withdrawn by Person analyst" in text and WHY in text
    assert "Withdraw this load" not in text
    assert "Withdrawn" in page(analyst, "front")


def test_a_load_is_withdrawn_once_for_a_reason_and_by_who_loads(analyst, newest, client_as, viewer_as):
    answer = analyst.post(reverse("data:withdraw-load", args=[newest]), {"why": "oops"})
    assert "Say why" in answer.content.decode() and not Job.objects.exists()
    assert client_as("dcs").get(reverse("data:withdraw-load", args=[newest])).status_code == 403
    assert client_as("dcs").post(reverse("data:withdraw-load", args=[newest]), {"why": WHY}).status_code == 403
    with pytest.raises(Refused):
        actions.withdraw(by=viewer_as("dcs"), snapshot=newest, why=WHY)
    actions.withdraw(by=viewer_as("analyst"), snapshot=newest, why=WHY)
    jobs.do_all()
    with pytest.raises(PlainError, match="withdrawn before"):
        actions.withdraw(by=viewer_as("analyst"), snapshot=newest, why=WHY)


def test_the_page_that_asks_names_the_loads_that_go_on_from_it(analyst, home):
    first = lake_in_use().snapshots()[0]
    text = page(analyst, "withdraw-load", first.id)
    assert "goes on from its exceptions" in text


# --- one load ---------------------------------------------------------------------------------------------


def test_the_page_of_a_load_says_that_every_row_is_accounted_for(analyst, newest):
    text = page(analyst, "load", newest)
    assert "Every row is accounted for" in text
    assert "What every page shows" in text
    assert "Compared with" in text
    assert "ssd_contacts.csv" in text


def test_only_new_issues_stand_out_the_next_time(analyst, newest, send, months):
    assert "None is new since the load before" in page(analyst, "load", newest)
    files = later(months[1])
    files["ssd_contacts.csv"] = files["ssd_contacts.csv"].replace(b"not a day", b"never", 1)
    send(files)
    jobs.do_all()
    snapshot = lake_in_use().latest()
    assert snapshot.account.new_issues == 1
    text = page(analyst, "load", snapshot.id)
    assert "1 is new" in text
    assert text.index("never") < text.index("not a day")
    only = page(analyst, "load", snapshot.id, new="1")
    assert "never" in only and "not a day" not in only


def test_the_file_holds_exactly_the_issues_that_are_filtered(analyst, newest):
    held = lake_in_use().issues(lake_in_use().latest())
    table = "ssd_contacts"
    wanted = [row for row in held.to_pylist() if row["table"] == table]
    answer = analyst.get(reverse("data:load", args=[newest]), {"format": "xlsx", "table": table})
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content))["Issues"].values)
    assert len(rows) == len(wanted) + 1 > 3
    assert {row[6] for row in rows[1:]} == {row["value"] for row in wanted}
    text = analyst.get(reverse("data:load", args=[newest]), {"format": "csv", "table": table}).content.decode(
        "utf-8-sig"
    )
    assert len(text.splitlines()) == len(rows)
    taken = events("load.issues-taken")
    assert [chain.told(one).detail["format"] for one in taken] == ["xlsx", "csv"]
    assert chain.told(taken[0]).detail["rows"] == len(wanted)


def test_reading_issues_is_logged_with_the_children_before_anything_is_shown(analyst, newest, monkeypatch):
    page(analyst, "load", newest)
    (read,) = events("load.issues-read")
    told = chain.told(read)
    assert read.subject == f"snapshot {newest}" and told.children
    from lineofsight.web.data.queries import issues

    def unwritten(**named):
        raise LogUnavailable

    monkeypatch.setattr(issues, "record_read", unwritten)
    for query in ({}, {"format": "csv"}):
        answer = analyst.get(reverse("data:load", args=[newest]), query)
        assert answer.status_code == 503
        assert "not a day" not in answer.content.decode()


def test_who_does_not_load_sees_how_many_issues_there_are_and_no_cell(client_as, newest):
    client = client_as("dcs")
    text = page(client, "load", newest)
    assert "This is how many there are" in text
    assert "not a day" not in text
    assert not events("load.issues-read")
    assert client.get(reverse("data:load", args=[newest]), {"format": "csv"}).status_code == 403
    assert client_as("lead-member").get(reverse("data:load", args=[newest])).status_code == 403


def test_no_value_of_a_restricted_record_is_shown_to_who_is_not_named_for_it(analyst, newest, people):
    lake = lake_in_use()
    bad = [row for row in lake.issues(lake.latest()).to_pylist() if row["value"] == "not a day"]
    text = page(analyst, "load", newest)
    open_before = text.count("not a day")
    assert open_before >= 1
    for row in bad:
        Restriction.objects.get_or_create(
            child_key=row["child_key"],
            kind="family-of-staff",
            defaults={"reason": "x", "placed_by_key": "p-dcs", "from_date": NOW.date()},
        )
    text = page(analyst, "load", newest)
    assert "not a day" not in text
    assert text.count("not shown: a restricted record") == len(bad)
    taken = analyst.get(reverse("data:load", args=[newest]), {"format": "csv"}).content.decode()
    assert "not a day" not in taken and "not shown: a restricted record" in taken
    last = chain.told(events("load.issues-read")[-1])
    assert not set(last.children) & {row["child_key"] for row in bad}
