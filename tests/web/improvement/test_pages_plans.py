"""Pages of plans, by office: the list, the committee's table, loading it in two presses, taking it out."""

from __future__ import annotations

import io
from datetime import date
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.web.improvement.conftest import PUBLISHED, TODAY
from tests.web.improvement.plan_tables import committee_table, row, table

from lineofsight.lake import staging
from lineofsight.plans.reading import read
from lineofsight.plans.writing import write
from lineofsight.sources.content import Content
from lineofsight.web.access.chain import told
from lineofsight.web.access.models import ChainEvent
from lineofsight.web.improvement import taking
from lineofsight.web.improvement.actions import plans as writers
from lineofsight.web.improvement.actions.loading import NewPlan, load_table
from lineofsight.web.improvement.models import Action, ActionOwner, Plan, PlanLoad, Rating
from lineofsight.web.improvement.models.words import written
from lineofsight.web.improvement.permissions import NOT_CLEARED
from lineofsight.web.site import bodies

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mid_november")]
FIRST, NEXT = date(2026, 10, 5), date(2026, 11, 2)
SEES = ("dcs", "qa-manager", "lead-member", "head-of-service")
ABOUT = {
    "kind": "inspection",
    "title": "After the inspection",
    "published_on": "28 July 2026",
    "published_by": "The inspectorate",
    "as_at": "5 October 2026",
}


def url(name, *args):
    return reverse(f"improvement:{name}", args=args)


def text(answer):
    return " ".join(answer.content.decode().split())


def file(some=None, form="docx", name="plan.docx"):
    return SimpleUploadedFile(name, write(some or committee_table(), form, "Plan"))


@pytest.fixture
def loaded(director):
    """The committee's 22 actions, loaded by the Director as at October and not cleared."""
    new = NewPlan("After the inspection", "inspection", PUBLISHED, "The inspectorate")
    load = load_table(by=director, plan=new, table=committee_table(), file_name="plan.docx", sha256="1", as_at=FIRST)
    return load.plan


# --- who sees what ----------------------------------------------------------------------------------------


def test_the_list_says_how_each_plan_stands_and_offers_what_the_office_may_do(client_as, loaded):
    for office in SEES:
        page = client_as(office).get(url("plans"))
        assert page.status_code == 200
        assert "22 actions: 14 green, 5 amber, 3 red." in text(page), office
        assert (url("load-plan") in text(page)) == (office in ("dcs", "qa-manager")), office
    assert client_as("action-owner").get(url("plans")).status_code == 403
    assert client_as("social-worker").get(url("plans")).status_code == 403


def test_an_empty_list_says_why_and_what_next(client_as, people):
    assert "Load the committee’s table" in text(client_as("dcs").get(url("plans")))
    assert "Whoever keeps the plans loads the first one." in text(client_as("lead-member").get(url("plans")))


def test_a_plan_is_shown_as_its_table_with_words_for_who_may_read_them(client_as, loaded):
    for office in SEES:
        page = text(client_as(office).get(url("plan", loaded.pk)))
        assert "22 actions: 14 green, 5 amber, 3 red." in page, office
        assert ("Director of Midwifery" in page) == (office != "lead-member"), office
        assert ("After the inspection" in page) == (office != "lead-member"), office
        assert ("An inspection plan of" in page) == (office == "lead-member"), office
        assert ("plan.docx, loaded by" in page) == (office != "lead-member"), office
        assert ("Appoint a named midwife" in page) == (office != "lead-member"), office
        assert (NOT_CLEARED in page) == (office == "lead-member"), office
    assert client_as("action-owner").get(url("plan", loaded.pk)).status_code == 403
    assert client_as("dcs").get(url("plan", uuid4())).status_code == 404


def test_a_plan_as_at_a_day_shows_that_day_and_a_day_that_is_none_is_told(client_as, director, loaded):
    load_table(
        by=director,
        plan=loaded,
        table=table(*(row(one.action, one.responsible, rag="red") for one in committee_table().rows)),
        file_name="next.docx",
        sha256="2",
        as_at=NEXT,
    )
    client = client_as("dcs")
    assert "22 red" in text(client.get(url("plan", loaded.pk)))
    then = text(client.get(url("plan", loaded.pk), {"on": "9 October 2026"}))
    assert "As at 9 October 2026: 22 actions: 14 green" in then
    assert f"{url('plan-table', loaded.pk, 'docx')}?on=2026-10-09" in then
    assert "The plan had no action on that day." in text(client.get(url("plan", loaded.pk), {"on": "2026-08-01"}))
    for wrong, said in (("31/02/2026", "no day as it was written"), ("2027-01-01", "a day to come")):
        page = client.get(url("plan", loaded.pk), {"on": wrong})
        assert page.status_code == 200 and said in text(page)


def test_a_plan_shows_its_trail_and_what_turned_since_it_was_reported(client_as, director, loaded):
    writers.add_step(by=director, plan=loaded, what="agreed", body="The executive", on=date(2026, 9, 10))
    writers.add_step(by=director, plan=loaded, what="reported", body="Scrutiny", on=date(2026, 10, 9), asked="Why Ann?")
    changed = [row(one.action, one.responsible, deadline=one.deadline, rag=one.rag) for one in committee_table().rows]
    changed[1] = row(changed[1].action, changed[1].responsible, rag="red")
    load_table(by=director, plan=loaded, table=table(*changed), file_name="n.docx", sha256="2", as_at=NEXT)
    page = text(client_as("lead-member").get(url("plan", loaded.pk)))
    assert "Agreed by a body that is not named here, 10 September 2026" in page
    said = "One action has another colour than on 9 October 2026, when it was reported to {}: it is worse."
    assert said.format("a body that is not named here") in page
    assert said.format("Scrutiny") in text(client_as("dcs").get(url("plan", loaded.pk)))
    assert "What turned since 9 October 2026" in page
    assert "Why Ann?" not in page
    assert "It asked: Why Ann?" in text(client_as("dcs").get(url("plan", loaded.pk)))


def test_what_was_not_understood_is_listed_with_its_row_and_its_value_only_for_who_may_read_it(client_as, director):
    new = NewPlan("P", "inspection", PUBLISHED, "B")
    some = table(row(deadline="Zebedee says soon"), row("Another", rag=None, rag_written="Blue"))
    plan = load_table(by=director, plan=new, table=some, file_name="p.docx", sha256="1", as_at=FIRST).plan
    page = text(client_as("dcs").get(url("plan", plan.pk)))
    assert "table 1, row 2" in page and "<span>Zebedee says soon</span>" in page
    page = text(client_as("lead-member").get(url("plan", plan.pk)))
    assert "row 2" in page and "table 1" not in page and "Zebedee" not in page
    assert "What stands in those cells is not shown to your office" in page


def test_a_page_asks_the_database_no_more_however_many_actions_there_are(client_as, director, loaded, monkeypatch):
    writers.add_step(by=director, plan=loaded, what="reported", body="Scrutiny", on=date(2026, 10, 9))
    words = written(director, loaded.begun_at, "See that supervision is held every month.")
    many = [
        Action(
            plan=loaded,
            number=number,
            responsible="Ada Brook",
            deadline_kind="date",
            deadline_on=TODAY,
            rag=("red", "amber", "green")[number % 3],
            set_by="plan",
            **words,
        )
        for number in range(23, 2_001)
    ]
    Action.objects.bulk_create(many)
    ActionOwner.objects.bulk_create([ActionOwner(action=one, place=1, name="Ada Brook") for one in many])
    Rating.objects.bulk_create(
        [
            Rating(
                action=one, on=FIRST, rag="green", set_by="plan", by_rule="red", rule="late", rated_at=one.written_at
            )
            for one in many
        ]
    )
    client = client_as("dcs")
    for address in (url("plans"), url("plan", loaded.pk), f"{url('plan', loaded.pk)}?on=2026-11-01&page=40"):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        assert len(queries) < 20, (address, [one["sql"][:90] for one in queries])


# --- loading ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["docx", "xlsx", "html", "csv", "tsv"])
def test_a_first_table_makes_a_plan_whatever_its_form(client_as, form):
    answer = client_as("qa-manager").post(url("load-plan"), {**ABOUT, "table": file(form=form, name=f"x.{form}")})
    plan = Plan.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, url("plan", plan.pk))
    assert (plan.title, plan.published_on, plan.actions.count()) == ("After the inspection", PUBLISHED, 22)
    assert not Action.objects.first().cleared


def test_the_day_of_the_progress_is_taken_from_the_heading_where_nobody_says_it(client_as):
    client_as("dcs").post(url("load-plan"), {**ABOUT, "published_on": "28 June 2012", "as_at": "", "table": file()})
    assert PlanLoad.objects.get().as_at == date(2012, 8, 20)


def test_a_table_that_is_fit_for_a_committee_is_read_by_the_lead_member_at_once(client_as):
    client_as("dcs").post(url("load-plan"), {**ABOUT, "cleared": "on", "table": file()})
    page = text(client_as("lead-member").get(url("plan", Plan.objects.get().pk)))
    assert "Appoint a named midwife" in page and NOT_CLEARED not in page


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"table": ""}, "Choose the file with the plan’s table."),
        ({"table": SimpleUploadedFile("a.pdf", b"%PDF-1.7 x")}, "is a PDF"),
        ({"table": SimpleUploadedFile("a.csv", b"one,two\n1,2\n")}, "holds no action plan"),
        ({"table": SimpleUploadedFile("a.docx", b"PK\x03\x04 not a zip")}, "a.docx"),
        ({"published_on": ""}, "Enter a date."),
        ({"title": ""}, "Give the plan a title."),
        ({"published_on": "1 January 2027"}, "its day cannot be in the future"),
        ({"as_at": "1 January 2027"}, "its day cannot be in the future"),
    ],
)
def test_what_cannot_be_loaded_is_told_in_the_form_and_what_was_typed_stays(client_as, changed, said):
    page = client_as("dcs").post(url("load-plan"), {**ABOUT, "table": file(), **changed})
    assert page.status_code == 200
    assert said in text(page) and "The inspectorate" in text(page)
    assert not Plan.objects.exists()


def compared(client, plan, some, **changed):
    sent = {"as_at": "2 November 2026", "table": file(some), **changed}
    page = client.post(url("load-next", plan.pk), sent)
    return page, page.context["form"]["kept"].value() if "found" in (page.context or {}) else ""


def next_table():
    rows = [row(one.action, one.responsible, deadline=one.deadline, rag=one.rag) for one in committee_table().rows]
    rows[0] = row("A manager looks at every contact before it is signed off", "Ada Brook", deadline="Immediate")
    rows[1] = row(rows[1].action, rows[1].responsible, deadline="within 3 months", rag="red")
    rows.append(row("Teach every new worker the thresholds", "Cal Dane", deadline="soon"))
    return table(*rows[:5], *rows[6:])


def test_the_next_table_is_compared_first_and_loaded_by_a_second_press(client_as, loaded, home):
    client = client_as("dcs")
    page, token = compared(client, loaded, next_table())
    shown = text(page)
    assert "Nothing is changed yet." in shown and 'name="as_at" value="2026-11-02"' in shown
    assert "Colour: green → red" in shown
    assert "Teach every new worker the thresholds" in shown
    assert "Tell parents why we are involved" in shown and "What is gone" in shown
    assert "Is row 2 action 1, written anew?" in shown
    assert "What was not understood" in shown and "soon" in shown
    assert (PlanLoad.objects.count(), len(staging.names(home))) == (1, 1)
    sent = {"kept": token, "as_at": "2026-11-02", "row_0": "1", "then": "load"}
    answer = client.post(url("load-next", loaded.pk), sent)
    assert answer["Location"] == url("plan", loaded.pk)
    told_of = loaded.loads.last().told
    assert (len(told_of["gone"]), len(told_of["new"]), told_of["moved"][0]["number"]) == (1, 1, 1)
    assert staging.names(home) == []


def test_what_is_said_of_a_row_is_shown_in_a_new_comparison_and_goes_on_to_the_load(client_as, loaded):
    client = client_as("dcs")
    _, token = compared(client, loaded, next_table())
    sent = {"kept": token, "as_at": "2026-11-02", "row_0": "1", "then": "compare"}
    page = text(client.post(url("load-next", loaded.pk), sent))
    assert "written anew?" not in page
    assert '<input type="hidden" name="row_0" value="1">' in page
    assert PlanLoad.objects.count() == 1


def test_a_table_that_is_not_loaded_leaves_nothing_behind(client_as, loaded, home):
    client = client_as("dcs")
    _, token = compared(client, loaded, next_table())
    client.post(url("load-next", loaded.pk), {"kept": token, "as_at": "2026-11-02", "then": "drop"})
    assert (staging.names(home), PlanLoad.objects.count()) == ([], 1)


def test_what_the_second_press_cannot_load_is_told_beside_the_comparison_and_the_file_still_waits(client_as, loaded):
    client = client_as("dcs")
    _, token = compared(client, loaded, next_table(), as_at="2 October 2026")
    page = client.post(url("load-next", loaded.pk), {"kept": token, "as_at": "2026-10-02", "then": "load"})
    assert page.status_code == 200
    assert "this one is of an earlier day" in text(page) and "Colour: green → red" in text(page)
    again = {"kept": token, "as_at": "2026-11-02", "then": "load"}
    assert client.post(url("load-next", loaded.pk), again).status_code == 302


@pytest.mark.parametrize("said", [{"row_0": "999"}, {"row_999": "1"}, {"row_1": "1", "row_2": "1"}])
def test_answers_that_cannot_be_are_told_and_nothing_is_loaded(client_as, loaded, said):
    client = client_as("dcs")
    _, token = compared(client, loaded, next_table())
    page = client.post(url("load-next", loaded.pk), {"kept": token, "as_at": "2026-11-02", "then": "load", **said})
    assert page.status_code == 200 and "There is a problem" in text(page)
    assert PlanLoad.objects.count() == 1


def test_a_file_that_waits_is_nobody_elses_and_of_no_other_plan(client_as, loaded, plan):
    _, token = compared(client_as("dcs"), loaded, next_table())
    sent = {"kept": token, "as_at": "2026-11-02", "then": "load"}
    tried = [
        (client_as("qa-manager"), loaded, sent),
        (client_as("dcs"), plan, sent),
        (client_as("dcs"), loaded, {**sent, "kept": token[:-1] + ("a" if token[-1] != "a" else "b")}),
        (client_as("dcs"), loaded, {**sent, "kept": ""}),
        (client_as("dcs"), loaded, {**sent, "as_at": "nonsense"}),
    ]
    for client, about, what in tried:
        page = client.post(url("load-next", about.pk), what)
        assert page.status_code == 200 and "choose it again" in text(page)
    assert PlanLoad.objects.count() == 1


def test_a_file_that_was_swept_away_meanwhile_is_asked_for_again(client_as, loaded, home):
    client = client_as("dcs")
    _, token = compared(client, loaded, next_table())
    for name in staging.names(home):
        staging.erase(home, name)
    page = client.post(url("load-next", loaded.pk), {"kept": token, "as_at": "2026-11-02", "then": "load"})
    assert "send them again" in text(page) and PlanLoad.objects.count() == 1


def test_another_plans_table_is_warned_of_before_it_is_loaded(client_as, loaded):
    page, _ = compared(client_as("dcs"), loaded, table(row("Something else", "Zoe Ash")))
    assert "It may be another plan’s." in text(page)


# --- hostile sendings -------------------------------------------------------------------------------------


class Counted(io.BytesIO):
    """A body that counts what is read of it."""

    def read(self, *size):
        piece = super().read(*size)
        self.count = getattr(self, "count", 0) + len(piece)
        return piece


def test_who_keeps_no_plans_has_no_byte_of_a_file_taken(client_as, people, loaded, monkeypatch):
    seen = []
    monkeypatch.setattr(taking.PlanFile, "receive_data_chunk", lambda self, *told: seen.append(self))
    for client in (Client(), client_as("lead-member"), client_as("action-owner")):
        for address in (url("load-plan"), url("load-next", loaded.pk)):
            answer = client.post(address, {**ABOUT, "table": SimpleUploadedFile("a.csv", b"x" * 1_000_000)})
            assert answer.status_code in (302, 403)
    assert not seen


def test_a_form_without_its_token_is_refused(client_as, loaded):
    client = client_as("dcs")
    client.handler.enforce_csrf_checks = True
    for address in (url("load-plan"), url("load-next", loaded.pk)):
        assert client.post(address, {**ABOUT, "table": file()}).status_code == 403


def test_more_than_a_plans_table_may_have_is_told_and_nothing_is_kept(client_as, monkeypatch, home):
    monkeypatch.setattr(taking, "MOST_BYTES", 100_000)
    answer = client_as("dcs").post(url("load-plan"), {**ABOUT, "table": SimpleUploadedFile("a.csv", b"x" * 300_000)})
    assert answer.status_code == 200 and "more than the" in text(answer)
    assert staging.names(home) == []


def test_two_files_or_one_in_another_box_are_not_taken(client_as):
    client = client_as("dcs")
    for sent in ({"table": [file(), file()]}, {"table": file(), "other": file()}, {"other": file()}):
        page = client.post(url("load-plan"), {**ABOUT, **sent})
        assert "Send one file" in text(page)
    assert not Plan.objects.exists()


def test_a_form_cut_short_is_refused(client_as):
    whole = encode_multipart(BOUNDARY, {**ABOUT, "table": file()})
    client = client_as("dcs")
    for length in (len(whole) // 2, 300):
        answer = client.generic(
            "POST", url("load-plan"), whole[:length], content_type=MULTIPART_CONTENT, CONTENT_LENGTH=str(length)
        )
        assert answer.status_code in (200, 400)
    assert not Plan.objects.exists()


def test_a_files_name_reaches_no_path_and_is_told_back_harmless(client_as):
    name = "..\\..\\<script>alert(1)</script>\u202e.docx"
    client_as("dcs").post(url("load-plan"), {**ABOUT, "table": file(name=name)})
    page = text(client_as("dcs").get(url("plan", Plan.objects.get().pk)))
    assert "<script>alert" not in page
    assert "\u202e" not in PlanLoad.objects.get().file_name


def test_only_these_addresses_take_a_plans_table(rf, client_as, loaded):
    assert bodies.takes_a_plan(rf.post(url("load-plan"), {"a": "b"}))
    assert bodies.takes_a_plan(rf.post(url("load-next", loaded.pk), {"a": "b"}))
    assert not bodies.takes_a_plan(rf.post(url("load-plan"), "a=b", content_type=bodies.URLENCODED))
    for name, args in (("new-plan", []), ("plan-step", [loaded.pk]), ("new-action", [loaded.pk])):
        assert client_as("dcs").post(url(name, *args), {"title": "x", "f": file()}).status_code == 400


# --- the other forms --------------------------------------------------------------------------------------


def test_a_plan_is_begun_agreed_and_given_an_action(client_as, make_finding):
    client = client_as("dcs")
    about = {name: value for name, value in ABOUT.items() if name != "as_at"}
    client.post(url("new-plan"), about)
    plan = Plan.objects.get()
    step = {"what": "agreed", "body": "The executive", "on": "1 September 2026", "asked": ""}
    assert client.post(url("plan-step", plan.pk), step).status_code == 302
    finding = make_finding()
    told_of = {"words": "Hold supervision", "owners": "Ada Brook, Head of Service\nBen Ash", "deadline": "3 months"}
    address = f"{url('new-action', plan.pk)}?finding={finding.pk}"
    assert "It answers the finding “Supervision”" in text(client.get(address))
    assert client.post(address, told_of).status_code == 302
    action = Action.objects.get()
    assert (action.responsible, action.deadline_on) == ("Ada Brook, Head of Service / Ben Ash", date(2026, 10, 28))
    assert action.finding == finding


@pytest.mark.parametrize(
    ("name", "sent", "said"),
    [
        ("plan-step", {"what": "agreed", "body": "The board", "on": "1 January 2027"}, "today or before"),
        ("plan-step", {"body": "The board", "on": "x"}, "Enter a real date"),
        ("new-action", {"words": "Hold it", "owners": "Ada\nAda"}, "Name each owner once."),
        ("new-action", {"words": "Hold it", "owners": ", , "}, "Say who answers for it."),
    ],
)
def test_a_form_that_is_refused_says_why_and_keeps_what_was_typed(client_as, plan, name, sent, said):
    page = client_as("dcs").post(url(name, plan.pk), sent)
    assert page.status_code == 200 and said in text(page)
    assert (sent.get("body") or sent["words"]) in text(page)


def test_forms_are_for_who_keeps_the_plans(client_as, plan):
    for office in ("lead-member", "head-of-service", "action-owner"):
        client = client_as(office)
        for name, args in (
            ("new-plan", []),
            ("load-plan", []),
            ("load-next", [plan.pk]),
            ("new-action", [plan.pk]),
            ("plan-step", [plan.pk]),
            ("close-plan", [plan.pk]),
        ):
            for answer in (client.get(url(name, *args)), client.post(url(name, *args), {})):
                assert answer.status_code == 403, (office, name)


def test_a_plan_is_closed_by_who_judges_and_not_while_something_is_open(client_as, make_action, plan):
    make_action()
    client = client_as("dcs")
    page = client.post(url("close-plan", plan.pk))
    assert page.status_code == 200 and "close what is open on proof first" in text(page)
    Action.objects.update(closed_on=TODAY)
    assert url("close-plan", plan.pk) in text(client.get(url("plan", plan.pk)))
    assert client.post(url("close-plan", plan.pk)).status_code == 302
    assert "Closed 12 November 2026" in text(client.get(url("plan", plan.pk)))


# --- taking it out ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["docx", "xlsx", "html", "csv", "tsv"])
def test_a_table_is_taken_out_as_a_file_that_reads_back_and_is_written_in_the_log(client_as, loaded, form):
    answer = client_as("dcs").get(url("plan-table", loaded.pk, form), {"on": "2026-10-09"})
    assert answer["Content-Disposition"] == f'attachment; filename="plan-table-2026-10-09.{form}"'
    back = read(Content("back", len(answer.content), lambda: io.BytesIO(answer.content)))
    assert [one.rag for one in back.rows] == [one.rag for one in committee_table().rows]
    assert back.progress_as_at == date(2026, 10, 9)
    event = ChainEvent.objects.order_by("sequence").last()
    assert (event.action, event.subject) == ("improvement.table taken", f"plan {loaded.pk}")
    assert told(event).detail == {"format": form, "rows": 22, "as_at": "2026-10-09"}


def test_a_file_holds_no_word_that_the_page_does_not_show(client_as, loaded):
    answer = client_as("lead-member").get(url("plan-table", loaded.pk, "csv"))
    told_back = answer.content.decode()
    assert "midwife" not in told_back.lower().replace("director of midwifery", "") and NOT_CLEARED in told_back
    assert client_as("action-owner").get(url("plan-table", loaded.pk, "csv")).status_code == 403


@pytest.mark.parametrize(("form", "on"), [("exe", ""), ("docx", "9 October"), ("docx", "2026-02-31")])
def test_a_form_or_a_day_that_is_none_is_not_there(client_as, loaded, form, on):
    assert client_as("dcs").get(url("plan-table", loaded.pk, form), {"on": on}).status_code == 404
