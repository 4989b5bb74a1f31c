"""Web pages: tables as browsers draw them, whatever their age, with nothing run and nothing fetched."""

import socket

import pytest
from tests.plans.a_plan import five, of, told
from tests.plans.office import C, html

from lineofsight.errors import PlainError

HEADS = ["Action", "Lead", "Deadline", "Progress", "RAG"]


def with_progress(progress: str) -> str:
    return of(html([HEADS, ["Visit", "Ada Quill", "May", progress, "Red"]])).rows[0].progress


@pytest.mark.parametrize(
    ("progress", "read"),
    [
        ("<p>One\n two</p><p>Three</p>", "One two\n\nThree"),
        ("One<br>two", "One\ntwo"),
        ("So far:<ul><li>a <b>b</b></li><li><p>c</p><p>d</p></li></ul>after", "So far:\n\n• a b\n• c d\n\nafter"),
        ("<ol><li>a<li>b</ol>", "1. a\n2. b"),
        ("<ol start=4><li>a<li value=9>b<li>c</ol>", "4. a\n9. b\n10. c"),
        ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "• a\n• b\n• c"),
        ("a<script>document.write('x')</script>b<style>p{}</style>", "ab"),
        ("a<!-- not this -->b", "ab"),
        ("&pound;5 &amp; more&nbsp;&lt;5", "£5 & more <5"),
        ("<table><tr><td>x</td><td>y</td></tr></table>z", "x\n\ny\n\nz"),
        ('<img src="http://example.invalid/a.png" alt="Nearly there">', "Nearly there"),
        ('<p class="MsoListParagraph"><span>·<span>&nbsp;&nbsp; </span></span>typed</p>', "• typed"),
    ],
)  # fmt: skip
def test_the_markup_of_a_cell_becomes_ours(progress: str, read: str) -> None:
    assert with_progress(progress) == read


def test_a_page_without_closing_tags_or_sections_is_read() -> None:
    table = of("<TABLE><THEAD><TR><TH>Action<TH>Lead<TH>RAG<TBODY><TR><TD>Visit<TD>Ada Quill<TD>Red</TABLE>")
    assert five(table) == [("Visit", "Ada Quill", "", "", "red")]


def test_a_fill_by_a_class_of_the_pages_own_style_sheet_is_read() -> None:
    head = "<style>.xl65 {mso-pattern:black none; background:#92D050;} .plain{color:red}</style>"
    rows = [
        HEADS,
        ["Visit", "Ada Quill", "May", "Begun", C("", "xl65")],
        ["Call", "Ada Quill", "May", "Begun", C("", "plain")],
    ]
    assert [row.rag for row in of(html(rows, head=head, fill="class")).rows] == ["green", None]


def test_a_plan_within_a_table_that_lays_out_the_page_is_found() -> None:
    plan = "<table><tr><td>Action<td>RAG<tr><td>Visit<td>Red</table>"
    table = of(f"<table><tr><td>Menu</td><td><p>Our plan</p>{plan}</td></tr></table>")
    assert [(row.action, row.rag) for row in table.rows] == [("Visit", "red")]


def test_a_table_in_a_cell_of_the_plan_is_its_text() -> None:
    inner = "<table><tr><td>Action<td>RAG<tr><td>Inner<td>Green</table>"
    table = of(html([HEADS, ["Visit", "Ada Quill", "May", f"See: {inner}", "Red"]]))
    assert [row.progress for row in table.rows] == ["See:\n\nAction\n\nRAG\n\nInner\n\nGreen"]


def test_spans_that_reach_past_the_table_end_with_it() -> None:
    rows = f'<tr><td>Action<td>RAG<tr><td rowspan="99999">Visit<td rowspan="0">Red<tr><td colspan="{"9" * 30}">x'
    with pytest.raises(PlainError, match="more than 500 columns"):
        of(f"<table>{rows}</table>")
    assert len(of("<table><tr><td>Action<td>RAG<tr><td rowspan=99999>Visit<td rowspan=0>Red<tr></table>").rows) == 1


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*given: object, **more: object) -> None:
        raise AssertionError("the network was asked for")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    page = '<!DOCTYPE html SYSTEM "http://example.invalid/x.dtd"><html><head><link rel=stylesheet href="http://example.invalid/a.css">'
    table = of(
        f"{page}<base href='http://example.invalid/'></head><body><table><tr><td>Action<td>RAG<tr><td>Visit<td>Red</table>"
    )
    assert len(table.rows) == 1


def test_an_entity_a_page_declares_itself_is_not_resolved() -> None:
    declared = '<!DOCTYPE html [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    page = f"{declared}<table><tr><td>Action<td>RAG<tr><td>Visit &a;<td>Red</table>"
    assert of(page).rows[0].action == "Visit &a;"


def test_a_page_nested_past_all_sense_is_refused() -> None:
    plan = "<table><tr><td>Action<td>RAG<tr><td>Visit<td>Red</table>"
    with pytest.raises(PlainError, match="is a web page that cannot be read"):
        of(plan + "<div>" * 400 + "lost")


def test_a_page_with_more_in_it_than_a_plan_is_refused() -> None:
    with pytest.raises(PlainError, match="holds far more than an action plan does"):
        of("<table>" + "<b>" * 1_000_001)


def test_a_page_that_begins_as_one_but_holds_its_plan_as_text_is_read() -> None:
    table = of("<p>Our plan</p>\nAction\tProgress\tRAG\nVisit\t<table><tr><td>x</td></tr></table>\tRed\n")
    assert [(row.action, row.progress) for row in table.rows] == [("Visit", "x")]
    assert told(table)[-1][3] == "The table has no column for the deadline."
