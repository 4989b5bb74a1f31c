"""The pages of commitments and records: by office, with their forms, and what they refuse."""

import re
from datetime import date
from html import unescape

import pytest

from lineofsight.web.commitments.actions import Subject, extend, mark_missed, prepare_record, sign_now
from lineofsight.web.commitments.models import Occurrence, Record, State

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("people", "mid_november")]
ANSWER = {
    "held_on": "12 November 2026",
    "judgement": "satisfied",
    "words": "Because I read it with the worker.",
    "difference": "The visit was brought forward.",
    "then": "sign",
}
AUDIT = "/commitments/case-audit/2026-11-30/"
FORUM = "/commitments/newly-qualified-forum/2026-11-30/record/"


@pytest.fixture(autouse=True)
def diary(people, mid_november):
    extend()


def text(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def of(slug, due_on):
    return Occurrence.objects.get(commitment=slug, due_on=due_on)


def test_my_commitments_say_the_month_in_one_sentence_and_link_to_what_is_to_do(client_as):
    page = client_as("dcs").get("/commitments/")
    assert "None of 6 held in November 2026, 6 still due." in text(page)
    assert AUDIT.encode() in page.content
    assert b"/packs/" in page.content
    other = client_as("dcs").get("/commitments/?month=2026-12")
    assert "December 2026" in text(other)


def test_a_delegate_sees_the_directors_commitments_as_the_directors(client_as):
    page = text(client_as("dcs-delegate").get("/commitments/"))
    assert "Commitments of the Director" in page
    assert "You prepare these." in page


@pytest.mark.parametrize("month", ["2026-13", "november", "2026-1", "20261-01"])
def test_a_month_that_cannot_be_is_no_page(client_as, month):
    assert client_as("dcs").get(f"/commitments/?month={month}").status_code == 404


def test_the_record_of_a_commitment_is_written_signed_and_read(client_as):
    client = client_as("dcs")
    page = client.post(f"{AUDIT}record/", ANSWER, follow=True)
    assert "Signed by Person dcs" in text(page)
    assert of("case-audit", date(2026, 11, 30)).state == State.HELD
    mine = client.get("/commitments/")
    assert "1 of 6 held" in text(mine)
    assert str(Record.objects.get().pk) in mine.content.decode()
    assert "Audit of one case" in text(client.get("/records/"))


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"difference": ""}, "difference", "or the day you will look again"),
        ({"held_on": "13 November 2026"}, "held_on", "cannot be in the future"),
        ({"held_on": "31 June 2026"}, "held_on", "Enter a real date"),
        ({"judgement": ""}, "judgement", "Say whether you are satisfied"),
        ({"judgement": "asked"}, "asked_of", "Say who was asked"),
        ({"words": ""}, "words", "Say it in your words"),
        ({"look_again_on": "1 November 2026"}, "look_again_on", "is after this one"),
    ],
)
def test_what_is_missing_is_said_beside_its_question_and_nothing_is_kept(client_as, changes, field, said):
    page = client_as("dcs").post(f"{AUDIT}record/", {**ANSWER, **changes})
    assert page.status_code == 200
    assert said in text(page)
    assert f'href="#id_{field}' in page.content.decode()
    assert "Because I read it" in page.content.decode() or field == "words"
    assert not Record.objects.exists()


def test_a_forum_held_by_one_alone_is_refused_at_who_was_there(client_as):
    client = client_as("dcs")
    page = client.post(FORUM, ANSWER)
    assert "together with the Lead Member" in text(page)
    assert 'href="#id_present' in page.content.decode()
    client.post(FORUM, {**ANSWER, "present": ["lead-member"]})
    assert set(of("newly-qualified-forum", date(2026, 11, 30)).holders.values_list("state", flat=True)) == {"held"}


def test_a_draft_is_kept_changed_and_signed_by_the_office_holder(client_as):
    client_as("dcs-delegate").post(f"{AUDIT}record/", ANSWER)
    draft = Record.objects.get()
    assert not draft.signed
    director = client_as("dcs")
    assert "Drafts waiting to be signed" in text(director.get("/commitments/"))
    assert "Person dcs-delegate prepared this for you" in text(director.get(f"/records/{draft.pk}/sign/"))
    director.post(f"/records/{draft.pk}/sign/", {**ANSWER, "words": "Because I checked myself.", "draft": draft.mark})
    signed = Record.objects.get()
    assert (signed.signed, signed.words) == (True, "Because I checked myself.")
    assert (signed.prepared_by_name, signed.person_name) == ("Person dcs-delegate", "Person dcs")
    assert of("case-audit", date(2026, 11, 30)).state == State.HELD


def test_who_sends_second_is_told_that_the_draft_has_changed_and_nothing_is_written_over(client_as):
    client_as("dcs-delegate").post(f"{AUDIT}record/", ANSWER)
    draft = Record.objects.get()
    address = f"/records/{draft.pk}/sign/"
    read = {"delegate": client_as("dcs-delegate").get(address), "director": client_as("dcs").get(address)}
    assert all(f'name="draft" value="{draft.mark}"' in page.content.decode() for page in read.values())

    first = {**ANSWER, "words": "Because the plan is the child's.", "then": "draft", "draft": draft.mark}
    assert client_as("dcs-delegate").post(address, first).status_code == 302
    second = {**ANSWER, "words": "Because I sat with the worker.", "draft": draft.mark}
    answer = client_as("dcs").post(address, second)

    page = text(answer)
    assert "Somebody else has changed this draft since you read it" in page
    assert "What the draft says now" in page
    assert "Because the plan is the child's." in page.replace("’", "'")
    assert "Because I sat with the worker." in page
    standing = Record.objects.get()
    assert (standing.signed, standing.words) == (False, "Because the plan is the child's.")
    client_as("dcs").post(address, {**second, "draft": standing.mark})
    assert Record.objects.get().words == "Because I sat with the worker."


def test_a_delegate_who_asks_to_sign_is_left_with_a_draft(client_as):
    client = client_as("dcs-delegate")
    client.post(f"{AUDIT}record/", ANSWER)
    draft = Record.objects.get()
    client.post(f"/records/{draft.pk}/sign/", ANSWER)
    assert not Record.objects.signed().exists()


def test_a_record_is_corrected_by_its_own_office_and_both_versions_say_so(client_as, viewer_as, told):
    client = client_as("dcs")
    first = sign_now(Subject("Audit of one case", "commitment", "case-audit"), told(), by=viewer_as("dcs"))
    assert client_as("lead-member").get(f"/records/{first.pk}/correct/").status_code == 403
    page = client.post(
        f"/records/{first.pk}/correct/", {**ANSWER, "words": "Because of the second visit."}, follow=True
    )
    assert "Version 2. It corrects version 1" in text(page)
    assert "This was corrected on" in text(client.get(f"/records/{first.pk}/"))
    assert Record.objects.get(pk=first.pk).words.startswith("Because every late visit")


def test_moving_and_cancelling_ask_for_the_reason_and_the_day(client_as):
    client = client_as("dcs")
    nothing = client.post(f"{AUDIT}change/", {})
    assert "Say whether it moves or will not be held" in text(nothing)
    assert "Enter the new day" in text(client.post(f"{AUDIT}change/", {"what": "move", "reason": "Leave."}))
    assert "Say why" in text(client.post(f"{AUDIT}change/", {"what": "cancel"}))
    moved = client.post(f"{AUDIT}change/", {"what": "move", "due_on": "4 December 2026", "reason": "Leave."})
    assert moved.status_code == 302
    assert of("case-audit", date(2026, 11, 30)).state == State.MOVED
    page = text(client.get("/commitments/"))
    assert "Moved: Leave." in page


def test_the_broken_line_says_ask_and_takes_no_date_so_that_it_is_never_overdue(client_as):
    client = client_as("lead-member")
    page = text(client.get("/commitments/childrens-broken-line/"))
    assert "Text broken in source, ask" in page
    assert "never overdue" in page
    assert 'name="due_on"' not in client.get("/commitments/childrens-broken-line/").content.decode()
    refused = client.post("/commitments/childrens-broken-line/", {"due_on": "20 November 2026"})
    assert (refused.status_code, "Ask what it was" in text(refused)) == (409, True)
    assert not Occurrence.objects.filter(commitment="childrens-broken-line").exists()


def test_a_date_is_added_by_those_who_keep_the_commitment_and_nobody_else(client_as):
    for office in ("psw", "head-of-service", "chief-executive"):
        assert (
            client_as(office).post("/commitments/improvement-board/", {"due_on": "20 November 2026"}).status_code == 403
        )
    page = client_as("dcs").post("/commitments/improvement-board/", {"due_on": "20 October 2026"})
    assert "A date is added ahead" in text(page)
    assert not Occurrence.objects.filter(commitment="improvement-board").exists()


def test_coverage_counts_and_never_says_that_children_are_safe(client_as, viewer_as, told):
    mark_missed()
    sign_now(Subject("Audit of one case", "commitment", "case-audit"), told(), by=viewer_as("dcs"))
    page = client_as("psw").get("/commitments/coverage/")
    said = text(page)
    assert re.search(r"1 of \d+ that fell due were held", said)
    assert "does not say that children are safer" in said
    assert "govuk-tag--green" not in page.content.decode()
    assert "no date yet" in said


@pytest.mark.parametrize(
    ("office", "address", "status"),
    [
        ("dcs", "/commitments/", 200),
        ("lead-member", "/commitments/", 200),
        ("psw", "/commitments/", 302),
        ("agency", "/commitments/", 403),
        ("administrator", "/commitments/", 403),
        ("agency", "/commitments/coverage/", 403),
        ("social-worker", "/records/", 403),
        ("scrutiny", "/records/", 403),
        ("chief-executive", "/records/", 200),
        ("lead-member", f"{AUDIT}record/", 403),
        ("head-of-service", f"{AUDIT}change/", 403),
        ("dcs", "/commitments/tea/", 404),
        ("dcs", "/commitments/case-audit/2026-11-29/record/", 404),
        ("dcs", "/commitments/performance-review/2026-11-30/record/", 302),
        ("dcs", "/records/00000000-0000-4000-8000-000000000000/", 404),
        ("dcs", "/records/?page=2", 404),
        ("dcs", "/records/?page=x", 404),
    ],
)
def test_each_page_opens_for_those_whose_it_is(client_as, office, address, status):
    assert client_as(office).get(address).status_code == status


def test_a_lead_member_reads_that_the_director_signed_and_not_the_words(client_as, viewer_as, told):
    director = viewer_as("dcs")
    record = sign_now(
        Subject("Audit of one case", "commitment", "case-audit"),
        told(words="Canary Child was seen.", difference="Canary Sibling too.", with_whom="Canary Parent"),
        by=director,
    )
    page = client_as("lead-member").get(f"/records/{record.pk}/")
    assert "Signed by Person dcs" in text(page)
    assert "The words are not shown to your office" in text(page)
    assert "Canary" not in page.content.decode()
    assert "Canary Child" in client_as("psw").get(f"/records/{record.pk}/").content.decode()


def test_a_draft_is_no_business_of_another_office(client_as, viewer_as, told):
    draft = prepare_record(
        Subject("Audit of one case", "commitment", "case-audit"), told(), by=viewer_as("dcs-delegate"), office="dcs"
    )
    for office in ("lead-member", "psw", "chief-executive"):
        page = client_as(office).get(f"/records/{draft.pk}/")
        assert page.status_code == 403
        assert "This is a draft" in text(page)


def test_what_was_promised_to_be_looked_at_again_comes_back_in_its_month(client_as, viewer_as, told):
    given = told(difference="", look_again_on=date(2026, 12, 10))
    sign_now(Subject("Audit of one case", "commitment", "case-audit"), given, by=viewer_as("dcs"))
    client = client_as("dcs")
    assert "You said you would look again on 10 December 2026" in text(client.get("/commitments/?month=2026-12"))
    assert "To look at again" not in text(client.get("/commitments/"))


def test_a_record_altered_underneath_says_so_on_its_page(client_as, viewer_as, told):
    from django.db import connection

    record = sign_now(Subject("Audit of one case", "commitment", "case-audit"), told(), by=viewer_as("dcs"))
    with connection.cursor() as cursor:
        cursor.execute("update commitments_record set judgement = 'decided'")
    client = client_as("dcs")
    assert "This record was altered after it was signed" in text(client.get(f"/records/{record.pk}/"))
    assert "Altered after it was signed" in text(client.get("/records/"))


def test_somebody_who_only_asks_reads_their_own_question_and_no_other_record(client_as, viewer_as, told):
    question = told(judgement="asked", asked_of="dcs", asked_by=date(2026, 11, 20), difference="",
                    look_again_on=date(2026, 11, 20))  # fmt: skip
    own = sign_now(Subject("A measure", "measure", "CP10"), question, by=viewer_as("scrutineer"))
    other = sign_now(Subject("A measure", "measure", "CP10"), told(), by=viewer_as("dcs"))
    client = client_as("scrutineer")
    assert client.get(f"/records/{own.pk}/").status_code == 200
    assert client.get(f"/records/{other.pk}/").status_code == 403
