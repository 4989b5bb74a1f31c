"""The report to a committee: what it says, for whom, and as which document."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.urls import reverse
from docx import Document
from pypdf import PdfReader
from tests.web.improvement.conftest import PUBLISHED
from tests.web.improvement.plan_tables import COUNTED, INSPECTED, committee_table, row, table

from lineofsight.web.access.chain import told as told_of
from lineofsight.web.access.models import ChainEvent
from lineofsight.web.access.permissions import Refused
from lineofsight.web.improvement.actions import plans as writers
from lineofsight.web.improvement.actions import progress
from lineofsight.web.improvement.actions.loading import NewPlan, load_table
from lineofsight.web.improvement.models import Action
from lineofsight.web.improvement.permissions import NOT_CLEARED
from lineofsight.web.improvement.report import Ask, Told, document
from lineofsight.web.improvement.report_docx import as_docx
from lineofsight.web.improvement.report_forms import ReportForm
from lineofsight.web.improvement.report_pdf import as_pdf
from lineofsight.web.improvement.report_proposed import proposed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mid_november")]
MEETING = date(2012, 10, 9)
TOLD = Told(
    committee="Overview and scrutiny",
    on=MEETING,
    as_at=MEETING,
    title="Progress on the plan",
    lead="Director of Children’s Services",
    purpose="To tell the committee how the plan stands.",
    agenda_item="6",
    asks=(Ask("Ask for the training figures.", date(2012, 12, 1)), Ask("Note the progress.")),
    introduction="It was inspected in June.\n\nThe plan followed.",
    background="It was agreed before:\n\n• by the executive\n• by the board",
    progress="Most is done.",
)


@pytest.fixture
def loaded(director):
    """The committee's 22 actions as at August 2012, not cleared."""
    new = NewPlan("After the inspection", "inspection", INSPECTED, "The inspectorate")
    load = load_table(by=director, plan=new, table=committee_table(), file_name="p.docx", sha256="1", as_at=COUNTED)
    return load.plan


def paragraphs(made, heading):
    (found,) = [one for one in made["sections"] if one["heading"].endswith(heading)]
    return [one["text"] for one in found["paragraphs"]]


def words_of(content):
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


# --- what it says -----------------------------------------------------------------------------------------


def test_a_report_has_its_form_with_every_paragraph_numbered(director, loaded):
    made = document(director, loaded.pk, TOLD)
    assert [one["heading"] for one in made["sections"]] == [
        "1. Purpose of this report",
        "2. What the committee is asked to agree",
        "3. Introduction",
        "4. Background",
        "5. Progress",
        "6. What is late, and what is done about it",
        "7. Exceptions",
    ]
    assert paragraphs(made, "asked to agree") == [
        "Ask for the training figures. Due by 1 December 2012.",
        "Note the progress.",
    ]
    assert [one["number"] for one in made["sections"][2]["paragraphs"]] == ["3.1", "3.2"]
    assert paragraphs(made, "Background") == ["It was agreed before:\n\n• by the executive\n• by the board"]
    assert made["table"]["heading"] == "8. The plan, action by action"
    assert ["Agenda item", "6"] in made["facts"] and ["Progress as at", "9 October 2012"] in made["facts"]


def test_on_the_day_of_the_committee_seven_are_late_and_each_says_what_is_done_about_it(director, loaded, on_day):
    midwife = Action.objects.get(plan=loaded, number=12)
    with on_day(date(2012, 10, 1)):
        progress.write_mitigation(by=director, action=midwife, words="A nurse covers it.")
    made = document(director, loaded.pk, TOLD)
    late = paragraphs(made, "done about it")
    assert late[0] == "Seven actions are past their deadline and not green."
    assert len(late) == 8
    said = next(one for one in late if "midwife" in one)
    assert said.startswith("Appoint a named midwife (action 12, Tess Underwood, Director of Midwifery): due by")
    assert said.endswith("28 September 2012, red.\n\nMeanwhile: A nurse covers it.")
    assert late[1].endswith("Nobody has said what is done about it meanwhile.")
    assert "14 green, 5 amber, 3 red. Seven are past" in made["table"]["sentence"]
    assert [one["rag"] for one in made["table"]["rows"]].count("red") == 3


def test_the_exceptions_name_the_actions_of_each_kind(director, loaded):
    (said,) = paragraphs(document(director, loaded.pk, TOLD), "Exceptions")
    assert "• Red: actions 11, 12 and 16." in said
    assert "• Green without proof: 14 actions." in said


def test_words_that_a_viewer_may_not_read_are_not_in_their_report(director, member, loaded, on_day):
    midwife = Action.objects.get(plan=loaded, number=12)
    with on_day(date(2012, 10, 1)):
        progress.write_mitigation(by=director, action=midwife, words="A nurse covers it.")
    made = str(document(member, loaded.pk, TOLD))
    assert "nurse covers" not in made and "named midwife" not in made and NOT_CLEARED in made
    assert "Action 12 of an inspection plan of 28 June 2012" in made and "After the inspection" not in made


def test_who_may_not_see_plans_has_no_report(owner, loaded):
    for ask in (lambda: document(owner, loaded.pk, TOLD), lambda: proposed(owner, loaded.pk)):
        with pytest.raises(Refused):
            ask()


def test_a_plan_without_actions_has_a_report_too(director, plan):
    made = document(director, plan.pk, TOLD)
    assert paragraphs(made, "done about it") == ["No action is past its deadline and not green."]
    assert paragraphs(made, "Exceptions") == ["There are no actions yet."]
    assert as_docx(made) and as_pdf(made)


# --- what it proposes -------------------------------------------------------------------------------------


def test_it_proposes_its_texts_from_the_plan_and_its_trail(director, loaded):
    writers.add_step(by=director, plan=loaded, what="agreed", body="The executive", on=date(2012, 9, 11))
    writers.add_step(by=director, plan=loaded, what="reported", body="Scrutiny", on=date(2012, 10, 1), asked="Ann?")
    changed = [row(one.action, one.responsible, deadline=one.deadline, rag=one.rag) for one in committee_table().rows]
    changed[1] = row(changed[1].action, changed[1].responsible, rag="red")
    load_table(by=director, plan=loaded, table=table(*changed), file_name="n", sha256="2", as_at=date(2012, 10, 8))
    _, texts = proposed(director, loaded.pk, MEETING)
    assert "The inspectorate published what this plan answers on 28 June 2012." in texts["introduction"]
    assert "• Agreed by The executive on 11 September 2012.\n• Reported to Scrutiny" in texts["background"]
    assert "22 actions: 13 green, 5 amber, 4 red." in texts["progress"]
    assert "Since the report to Scrutiny on 1 October 2012, one action has turned:" in texts["progress"]
    assert "• Action 2 was green and is red." in texts["progress"]
    assert "Ann?" not in str(texts)
    assert "Reported to" not in proposed(director, loaded.pk, date(2012, 9, 20))[1]["background"]


# --- as a document ----------------------------------------------------------------------------------------


def test_the_word_document_has_headings_numbered_paragraphs_and_a_real_table(director, loaded):
    made = Document(io.BytesIO(as_docx(document(director, loaded.pk, TOLD))))
    levels = [(one.style.name, one.text) for one in made.paragraphs if one.style.name.startswith("Heading")]
    assert levels[0] == ("Heading 1", "Progress on the plan")
    assert ("Heading 2", "6. What is late, and what is done about it") in levels
    assert "1.1\tTo tell the committee how the plan stands." in [one.text for one in made.paragraphs]
    assert "by the executive" in [one.text for one in made.paragraphs if one.style.name == "List Bullet"]
    (found,) = made.tables
    assert [cell.text for cell in found.rows[0].cells][:3] == ["Action", "Person responsible", "Deadline"]
    assert found.rows[0]._tr.xpath("./w:trPr/w:tblHeader")
    assert len(found.rows) == 23 and found.rows[12].cells[4].text == "Red"
    assert found.rows[12].cells[4]._tc.xpath("./w:tcPr/w:shd/@w:fill") == ["F4B6B0"]
    assert [round(one.page_width.mm) for one in made.sections] == [210, 297]


def test_the_pdf_is_tagged_says_all_of_it_and_is_the_same_each_time(director, loaded):
    made = document(director, loaded.pk, TOLD)
    content = as_pdf(made)
    assert content == as_pdf(made)
    reader = PdfReader(io.BytesIO(content))
    assert reader.trailer["/Root"]["/Lang"] == "en-GB"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in content
    assert reader.metadata.title == "Progress on the plan"
    said = words_of(content)
    assert "Overview and scrutiny" in said and "7. Exceptions" in said and "Appoint a named midwife" in said


def test_nothing_that_is_typed_is_read_as_code_in_either_document(director, loaded):
    hostile = '#panic("x") $x^2$ <b>&amp;</b> `raw` *bold* \\u{41} @ref // no'
    words = Told(**{**vars(TOLD), "title": hostile, "purpose": hostile, "committee": hostile, "asks": (Ask(hostile),)})
    made = document(director, loaded.pk, words)
    assert '#panic("x")' in words_of(as_pdf(made))
    assert any('#panic("x")' in one.text for one in Document(io.BytesIO(as_docx(made))).paragraphs)


def test_control_characters_that_no_document_may_hold_do_not_stop_it(director, loaded):
    made = document(director, loaded.pk, Told(**{**vars(TOLD), "progress": "a\x01b\ufffe\x0bc", "title": "T\x02"}))
    assert as_pdf(made) and as_docx(made)
    nothing = document(director, loaded.pk, Told(**{**vars(TOLD), "title": "<b></b>"}))
    assert nothing["title"] == "After the inspection" and as_pdf(nothing)


# --- its page ---------------------------------------------------------------------------------------------


def sent(client, plan):
    form = client.get(reverse("improvement:plan-report", args=[plan.pk])).context["form"]
    found = {name: form[name].value() or "" for name in form.fields}
    return {**found, "committee": "Scrutiny", "on": "1 December 2026"}


def test_the_form_begins_with_what_is_proposed_and_makes_the_document(client_as, director):
    new = NewPlan("After the inspection", "inspection", PUBLISHED, "The inspectorate")
    some = table(row("Hold supervision on time"))
    plan = load_table(by=director, plan=new, table=some, file_name="p", sha256="1", as_at=date(2026, 10, 5)).plan
    for office in ("dcs", "qa-manager", "lead-member", "head-of-service"):
        client = client_as(office)
        page = client.get(reverse("improvement:plan-report", args=[plan.pk])).content.decode()
        assert "1 action: 1 green" in page, office
        assert ("have not been cleared" in page) == (office != "lead-member" and office != "head-of-service"), office
        for form, head in (("docx", b"PK"), ("pdf", b"%PDF")):
            answer = client.post(reverse("improvement:plan-report-file", args=[plan.pk, form]), sent(client, plan))
            assert answer.content.startswith(head), (office, form)
            assert answer["Content-Disposition"] == f'attachment; filename="plan-report-2026-11-12.{form}"'
        event = ChainEvent.objects.order_by("sequence").last()
        assert event.action == "improvement.report taken"
        assert told_of(event).detail == {"format": "pdf", "rows": 1, "as_at": "2026-11-12"}
    assert client_as("action-owner").get(reverse("improvement:plan-report", args=[plan.pk])).status_code == 403
    refused = client_as("action-owner").post(reverse("improvement:plan-report-file", args=[plan.pk, "pdf"]), {})
    assert refused.status_code == 403


def test_the_document_is_as_at_the_day_that_was_asked_for(client_as, director, loaded):
    client = client_as("dcs")
    page = client.get(reverse("improvement:plan-report", args=[loaded.pk]), {"on": "9 October 2012"})
    assert '<input type="hidden" name="as_at" value="2012-10-09">' in page.content.decode()
    given = {**sent(client, loaded), "as_at": "2012-10-09"}
    answer = client.post(reverse("improvement:plan-report-file", args=[loaded.pk, "pdf"]), given)
    assert "Seven actions are past their deadline and not green." in words_of(answer.content)


def test_what_is_missing_is_told_and_nothing_that_was_written_is_lost(client_as, plan):
    given = {"committee": "Scrutiny", "on": "soon", "progress": "My own words.", "due_1": "1 May 2026"}
    page = client_as("dcs").post(reverse("improvement:plan-report-file", args=[plan.pk, "docx"]), given)
    said = page.content.decode()
    assert page.status_code == 200
    for each in ("Enter a real date", "Say what the report is for.", "Say what is due by that day.", "My own words."):
        assert each in said


def test_a_form_that_is_none_is_not_there_and_a_document_that_is_only_asked_for_leads_to_its_form(client_as, plan):
    client = client_as("dcs")
    assert client.post(reverse("improvement:plan-report-file", args=[plan.pk, "exe"]), {}).status_code == 404
    answer = client.get(reverse("improvement:plan-report-file", args=[plan.pk, "pdf"]))
    assert answer["Location"] == reverse("improvement:plan-report", args=[plan.pk])


def test_every_field_of_the_form_is_drawn(client_as, plan):
    page = client_as("dcs").get(reverse("improvement:plan-report", args=[plan.pk])).content.decode()
    assert all(f'name="{name}"' in page for name in ReportForm().fields)
