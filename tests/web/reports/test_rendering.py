"""Packs as files: tagged PDF/UA, text that is never code, one page that stands alone, and a font of its own."""

import json
import re
from datetime import date
from html import unescape
from io import BytesIO

import pytest
from pypdf import PdfReader

from lineofsight.web.reports import packs, rendering, typesetting

INJECTIONS = [
    '#panic("x")',
    "*bold* _emphasis_ `raw`",
    "$ x^2 $",
    "<label> @reference",
    '#image("/etc/passwd")',
    "\\ backslash \\u{41}",
    "// comment /* block */",
    "= Heading",
    "&amp; <b>bold</b> {{ 7|add:7 }} {% now 'Y' %}",
    "</p><script>alert(1)</script>",
]


@pytest.fixture
def pack(diary):
    return packs.make("dcs", date(2026, 10, 1))


def text_of(content):
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


def squeezed(text):
    return re.sub(r"\s+", "", text)


@pytest.mark.django_db
def test_the_pdf_is_tagged_says_its_language_and_claims_pdf_ua(pack):
    content = packs.render(pack, "pdf")
    reader = PdfReader(BytesIO(content))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"].value
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value
    assert "/StructTreeRoot" in root
    assert b"<pdfuaid:part>1</pdfuaid:part>" in content
    assert reader.metadata.title == "October 2026: pack for the Director of Children’s Services"


@pytest.mark.django_db
def test_the_pdf_has_headings_tables_with_headers_and_a_text_for_each_chart(pack):
    reader = PdfReader(BytesIO(packs.render(pack, "pdf")))
    kinds, texts = [], []

    def walk(node):
        node = node.get_object()
        if isinstance(node, list):
            for one in node:
                walk(one)
        elif hasattr(node, "get"):
            if "/S" in node:
                kinds.append(node["/S"])
            if "/Alt" in node:
                texts.append(node["/Alt"])
            if "/K" in node:
                walk(node["/K"])

    walk(reader.trailer["/Root"]["/StructTreeRoot"]["/K"])
    assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/Figure"} <= set(kinds)
    assert kinds.count("/H1") == 1
    # a figure with nobody to count in any month has nothing to draw
    told = [one["chart"]["readings"] for one in pack.content["figures"] if one["status"] == "measured"]
    drawn = [readings for readings in told if any(value is not None for _, value in readings)]
    assert len(drawn) > 3
    assert len(texts) == kinds.count("/Figure") == len(drawn)
    assert any("Children on a child protection plan, by month" in one for one in texts)


@pytest.mark.django_db
def test_the_pdf_can_be_read_as_text_with_the_figures_in_it(pack):
    said = squeezed(text_of(packs.render(pack, "pdf")))
    assert squeezed("3 of 12 children on a plan have no allocated social worker") in said
    assert squeezed("9 of 12 children on a plan were seen") in said
    assert squeezed("Not measured") in said


@pytest.mark.django_db
def test_every_font_is_inside_the_pdf_and_comes_with_the_program(pack):
    reader = PdfReader(BytesIO(packs.render(pack, "pdf")))
    names = set()
    for page in reader.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            told = font.get_object()
            names.add(told["/BaseFont"])
            inside = told["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & set(inside)
    assert names
    assert all("Libertinus" in name for name in names)


@pytest.mark.django_db
@pytest.mark.parametrize("typed", INJECTIONS)
def test_what_a_person_typed_is_shown_as_they_typed_it_and_is_never_code(pack, typed):
    document = json.loads(json.dumps(rendering.document(pack)))
    document["lead"] = typed
    document["released"] = [{"paragraphs": [typed], "said": typed}]
    document["figures"][7]["title"] = typed
    document["unallocated"]["groups"][0]["team"] = typed
    said = squeezed(text_of(typesetting.pdf(document)))
    assert said.count(squeezed(typed)) >= 4


@pytest.mark.django_db
@pytest.mark.parametrize("typed", INJECTIONS)
def test_a_released_text_stands_in_the_page_as_text(diary, viewer_as, typed):
    packs.release("lead-member", date(2026, 10, 1), typed, by=viewer_as("dcs"))
    page = packs.render(packs.make("lead-member", date(2026, 10, 1)), "html").decode()
    assert "<script" not in page
    assert "<b>" not in page
    assert typed in unescape(page)


@pytest.mark.django_db
def test_the_page_and_the_pdf_carry_the_mark_and_the_seal_of_their_pack(pack):
    for form in packs.FORMS:
        content = packs.render(pack, form)
        assert f"lineofsight-pack {pack.pk}".encode() in content
        assert f"lineofsight-digest {pack.digest}".encode() in content


@pytest.mark.django_db
def test_a_chart_is_drawn_again_from_its_frozen_months_alone(pack):
    figure = next(one for one in pack.content["figures"] if one["measure"] == "CP01")
    first = rendering.chart_of(figure)
    figure["chart"]["readings"][-1][1] = 60.0
    assert first.dots[-1].text.endswith("120")
    assert rendering.chart_of(figure).dots[-1].text.endswith("60")
