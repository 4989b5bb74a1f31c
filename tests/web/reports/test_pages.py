"""The pages of packs: read and sign, what is different now, files, and what a Lead Member can never fetch."""

import re
from collections import deque
from datetime import date
from html import unescape
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from pypdf import PdfReader
from tests.web.reports.northmere import NAMES, october

from lineofsight.web.access.chain import told as payload_of
from lineofsight.web.access.house import lake_in_use
from lineofsight.web.access.models import ChainEvent
from lineofsight.web.commitments.models import Occurrence, Record
from lineofsight.web.reports import packs

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("diary")]
OCTOBER = date(2026, 10, 1)
ELSEWHERE = ("/static/", "/access/", "/sign", "/commitments/?month=")
PACK = "/packs/dcs/2026-10/"
MEMBERS = "/packs/lead-member/2026-10/"
ANSWER = {
    "judgement": "satisfied",
    "words": "Because cover is arranged for all three.",
    "difference": "All three were seen this week.",
    "asked_of": "",
    "asked_by": "",
    "look_again_on": "",
    "then": "sign",
}


@pytest.fixture
def made():
    return packs.make_current()


def text(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def test_the_director_reads_the_pack_and_signs_it_and_the_commitment_is_held(made, client_as):
    client = client_as("dcs")
    page = client.get(PACK)
    assert "3 of 12 children on a plan have no allocated social worker" in text(page)
    signed = client.post(PACK, ANSWER, follow=True)
    assert "Signed by Person dcs" in text(signed)
    assert "Because cover is arranged for all three." in text(signed)
    record = Record.objects.signed().get()
    assert record.rests_on == [{"kind": "pack", "key": str(made[0].pk), "digest": made[0].digest}]
    held = Occurrence.objects.get(commitment="performance-review", due_on=date(2026, 11, 30))
    assert held.state == "held"
    again = client.get(PACK)
    assert b'name="judgement"' not in again.content
    assert "Read what was signed" in text(again)


def test_a_pack_is_not_signed_without_the_difference_or_a_day_and_the_field_says_so(made, client_as):
    page = client_as("dcs").post(PACK, {**ANSWER, "difference": ""})
    assert page.status_code == 200
    assert "Say what difference this has made to children, or the day you will look again." in text(page)
    assert b'href="#id_difference"' in page.content
    assert not Record.objects.exists()


def test_signing_a_pack_twice_is_refused_in_words(made, client_as):
    client = client_as("dcs")
    client.post(PACK, ANSWER)
    page = client.post(PACK, ANSWER)
    assert "signed already" in text(page)
    assert Record.objects.signed().count() == 1


def test_a_delegate_prepares_and_the_director_signs_what_they_prepared(made, client_as):
    delegate, director = client_as("dcs-delegate"), client_as("dcs")
    page = delegate.get(PACK)
    assert "Only the Director of Children’s Services signs it" in text(page)
    assert "Sign the pack" not in text(page)
    delegate.post(PACK, ANSWER)  # asks to sign, and is left with a draft
    assert not Record.objects.signed().exists()
    assert "Person dcs-delegate prepared what stands below" in text(director.get(PACK))
    mark = Record.objects.get().mark
    director.post(PACK, {**ANSWER, "words": "Because I checked.", "draft": mark})
    record = Record.objects.get()
    assert (record.person_name, record.prepared_by_name, record.words) == (
        "Person dcs",
        "Person dcs-delegate",
        "Because I checked.",
    )


def test_after_a_correction_the_pack_and_the_record_stand_and_the_page_says_what_changed(made, client_as, load):
    client = client_as("dcs")
    client.post(PACK, ANSWER)
    load(october({"4", "8", "12", "2"}))
    packs.make_current()
    page = text(client.get(PACK))
    assert "3 of 12 when this pack was made, 4 of 12 now: one recorded late." in page
    assert "3 of 12 children on a plan have no allocated social worker" in page
    assert "Read the pack made from the newer data" in page
    record = Record.objects.get()
    told = text(client.get(f"/records/{record.pk}/"))
    assert "3 of 12 when this pack was made, 4 of 12 now: one recorded late." in told
    newer = packs.Pack.objects.filter(office="dcs").order_by("-made_at").first()
    assert "4 of 12 children on a plan" in text(client.get(f"{PACK}?pack={newer.pk}"))


def test_the_unallocated_stand_by_name_on_the_directors_page_and_in_no_file(made, client_as):
    client = client_as("dcs")
    page = client.get(PACK)
    assert {surname for _, surname in NAMES if surname in text(page)} == {"Heron", "Siskin", "Whimbrel"}
    assert "no-store" in page["Cache-Control"]
    written = client.get(f"{PACK}pack.html").content.decode()
    assert not any(surname in written for _, surname in NAMES)
    assert len(payload_of(ChainEvent.objects.filter(action="pack.read").latest("sequence")).children) == 3


def test_every_reading_of_a_pack_and_every_file_taken_is_in_the_log(made, client_as):
    client = client_as("dcs")
    client.get(PACK)
    client.get(f"{PACK}pack.pdf")
    client.get(f"{PACK}pack.html")
    told = list(ChainEvent.objects.order_by("sequence").values_list("action", "subject"))
    assert ("pack.read", "pack dcs 2026-10") in told
    assert told.count(("pack.taken", "pack dcs 2026-10")) == 2


@pytest.mark.parametrize(
    ("office", "address", "status"),
    [
        ("lead-member", PACK, 403),
        ("lead-member", f"{PACK}pack.pdf", 403),
        ("lead-member", MEMBERS, 200),
        ("chief-executive", PACK, 403),
        ("chief-executive", MEMBERS, 403),
        ("head-of-service", PACK, 403),
        ("scrutiny", MEMBERS, 403),
        ("analyst", PACK, 200),
        ("dcs", MEMBERS, 200),
        ("dcs", "/packs/dcs/2026-09/", 404),
        ("dcs", "/packs/mayor/2026-10/", 404),
        ("dcs", f"{PACK}?pack=not-an-id", 404),
        ("dcs", "/packs/dcs/2026-13/", 404),
    ],
)
def test_each_pack_opens_for_those_it_is_for_and_for_nobody_else(made, client_as, office, address, status):
    assert client_as(office).get(address).status_code == status


@pytest.mark.full
def test_nothing_a_lead_member_can_fetch_names_a_child_or_holds_a_childs_key(made, client_as):
    director = client_as("dcs")
    director.post(PACK, {**ANSWER, "words": "Dot Heron has waited longest.", "difference": "Hal Siskin was seen."})
    director.post("/records/ask/?kind=measure&key=CP10", ask(director, "Why has Lou Whimbrel nobody?", "psw"))
    lake = lake_in_use()
    keys = lake.persons(lake.latest(), columns=["child_key"])["child_key"].to_pylist()
    seen = crawl(client_as("lead-member"))
    assert {"/records/", "/commitments/", MEMBERS, f"{MEMBERS}pack.html"} <= {one.split("?")[0] for one in seen}
    assert any(address.startswith(f"{MEMBERS}pack.pdf") and "Children on a plan" in seen[address] for address in seen)
    for address, body in seen.items():
        assert not [surname for _, surname in NAMES if surname in body], address
        assert not [key for key in keys if key in body], address


def ask(client, words, asked_of):
    page = client.get("/records/ask/?kind=measure&key=CP10").content.decode()
    mark = re.search(r'name="seen" value="([0-9a-f]+)"', page)[1]
    return {"seen": mark, "words": words, "asked_of": asked_of, "asked_by": "20 November 2026"}


def crawl(client):
    """The text of every page and file that can be reached by links from the first pages, by address."""
    waiting, seen = deque(["/", "/packs/", "/records/", "/measures/"]), {}
    while waiting:
        address = waiting.popleft()
        if address in seen:
            continue
        assert len(seen) < 2000, "the pages do not end"
        response = client.get(address)
        seen[address] = read_text(response)
        if response["Content-Type"].startswith("text/html"):
            base = urlsplit(address).path
            for link in map(unescape, re.findall(r'href="([^"#]+)"', seen[address])):
                whole = base + link if link.startswith("?") else link
                if whole.startswith("/") and not whole.startswith(ELSEWHERE):
                    waiting.append(whole)
    return seen


def read_text(response):
    """A page as it is sent, without the random mark of its forms; a PDF as the text in it."""
    body = response.getvalue()
    if response["Content-Type"] == "application/pdf":
        return "\n".join(page.extract_text() for page in PdfReader(BytesIO(body)).pages)
    return re.sub(r'(name="csrfmiddlewaretoken" value=")\w+', r"\1", body.decode("utf-8", "replace"))


def test_the_page_that_stands_alone_asks_nothing_of_anywhere_else(made, client_as):
    response = client_as("dcs").get(f"{PACK}pack.html")
    body = response.content.decode()
    assert "<script" not in body
    assert not re.findall(r'(?:src|href)="(?!#|data:,")', body)
    assert not re.search(r"url\(|@import", body)
    policy = response["Content-Security-Policy"]
    assert "script-src 'none'" in policy
    assert re.search(r"style-src 'sha256-[A-Za-z0-9+/=]+'", policy)


def test_a_text_can_be_written_on_the_page_of_a_pack_only_by_who_releases_it(made, client_as):
    assert "Release it" in text(client_as("dcs").get(PACK))
    delegates = client_as("dcs-delegate").get(PACK)
    assert delegates.status_code == 200 and "Release it" not in text(delegates)


def test_the_answer_to_a_pack_is_asked_for_from_its_office_and_who_acts_for_it_alone(made, client_as):
    for office, asked in (("dcs", True), ("dcs-delegate", True), ("qa-manager", False), ("analyst", False)):
        page = client_as(office).get(PACK)
        assert page.status_code == 200
        assert (page.context["form"] is not None) is asked
        assert ('name="judgement"' in page.content.decode()) is asked, office


def test_a_text_that_names_a_child_comes_back_with_the_reason_and_is_not_released(made, client_as):
    client = client_as("dcs")
    page = client.post(f"{PACK}release/", {"text": "Dot Heron is waiting."})
    assert "This text names a child" in text(page)
    assert "Nothing has been released" in text(client_as("lead-member").get(MEMBERS))
    client.post(f"{PACK}release/", {"text": "Cover is arranged in both teams."})
    assert "Cover is arranged in both teams." in text(client_as("lead-member").get(MEMBERS))
    from lineofsight.web.reports.models import Release

    client.post(f"/packs/release/{Release.objects.get().pk}/take-back/")
    assert "Cover is arranged" not in text(client_as("lead-member").get(MEMBERS))


@pytest.mark.parametrize("office", ["lead-member", "dcs-delegate", "analyst", "scrutiny"])
def test_nobody_but_the_director_releases_a_text(made, client_as, office):
    assert client_as(office).post(f"{PACK}release/", {"text": "Cover is arranged."}).status_code == 403
    assert client_as(office).post(f"{PACK}release/", {"text": ""}).status_code == 403
    assert client_as(office).post("/packs/release/0/take-back/").status_code == 403


def test_typed_text_is_shown_as_text_and_never_as_a_page(made, client_as):
    client = client_as("dcs")
    signed = client.post(PACK, {**ANSWER, "words": "<script>alert(1)</script> {{ 7|add:7 }}"}, follow=True)
    assert b"<script>alert(1)" not in signed.content
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7|add:7 }}" in signed.content.decode()


@pytest.mark.parametrize("address", [PACK, "/packs/", "/records/", "/commitments/", "/commitments/coverage/"])
def test_a_page_keeps_within_twenty_queries(made, client_as, address, django_assert_max_num_queries):
    client = client_as("dcs")
    client.post(PACK, ANSWER)
    client.get(address)
    with django_assert_max_num_queries(20):
        assert client.get(address).status_code == 200


def test_a_month_without_a_pack_is_offered_to_who_prepares_and_made_by_one_press(client_as):
    client = client_as("dcs-delegate")
    assert "October 2026, for the Director of Children’s Services" in text(client.get("/packs/"))
    assert client.post("/packs/dcs/2026-10/make/").status_code == 302
    assert client.get(PACK).status_code == 200
    assert client_as("lead-member").post("/packs/dcs/2026-10/make/").status_code == 403
