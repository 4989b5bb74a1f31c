"""The markup of a cell: whatever stands in a file comes to one form, and stays in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineofsight.plans.cell_text import Block, blocks, joined, one_line, tidy, written

PIECES = st.sampled_from(
    [
        "•",
        "· ",
        "1. ",
        "12. ",
        "- ",
        "–  ",
        "* ",
        "▪",
        "a",
        "b c",
        "x.",
        "\n",
        "\n\n",
        "\r\n",
        "\t",
        "\u00a0",
        "\ufeff",
        "\x01",
        "<p>",
        "</p>",
        "<ul>",
        "</ul>",
        "<ol>",
        "<li>",
        "</li>",
        "<b>",
        "<br/>",
        "<script>",
        "</script>",
        "<",
        "p>",
        "&",
        "amp;",
        "&lt;",
        "#38;",
        "<5",
    ]
)


@given(st.one_of(st.lists(PIECES, max_size=14).map("".join), st.text(max_size=40)))
def test_a_text_in_the_markup_stays_as_it_is(raw: str) -> None:
    text = tidy(raw)
    assert tidy(text) == text
    assert written(blocks(text)) == text


@given(st.lists(st.sampled_from(["word", "<p>", "</p>", "<li>", " ", "\n", "• ", "<b>", "</b>", "9"]), max_size=12))
def test_no_letter_is_lost(pieces: list[str]) -> None:
    letters = "".join(letter for piece in pieces if "<" not in piece for letter in piece if letter.isalnum())
    assert "".join(letter for letter in tidy("".join(pieces)) if letter.isalnum()) == letters


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("  one\u00a0 two\t three ", "one two three"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\n\n\n \n\nb", "a\n\nb"),
        ("<p>One</p> <p>Two</p>", "One\n\nTwo"),
        ("One<br>two<br/>three", "One\ntwo\nthree"),
        ("<ul><li>a</li><li><b>b</b> c</li></ul>", "• a\n• b c"),
        ("<ol><li>a</li><li>b</li></ol>after", "1. a\n2. b\n\nafter"),
        ('<ul style="x: y;"> • a • b <p>after</p>', "• a\n• b\n\nafter"),
        ("Including: • a • b", "Including:\n\n• a\n• b"),
        ("Done:\n- a\n* b\n– c\n\uf0b7 d", "Done:\n\n• a\n• b\n• c\n• d"),
        ("• a\nand then", "• a\n\nand then"),
        ("A &amp; B &pound;5 &#8217;s", "A & B £5 ’s"),
        ("fewer than <5 children, x < y", "fewer than <5 children, x < y"),
        ("a<script>alert(1)</script>b", "ab"),
        ("a <script>never closed", "a never closed"),
        ("R&D; Q&A", "R&D; Q&A"),
        ("\ufeffa\x00b\x07", "ab"),
        ("-", "-"),
        ("-5%", "-5%"),
        ("•", ""),
        ("2012. A year", "2012. A year"),
        ("3.5 posts", "3.5 posts"),
    ],
)
def test_what_files_hold_comes_to_the_markup(raw: str, text: str) -> None:
    assert tidy(raw) == text


def test_a_text_is_given_as_its_paragraphs_and_items() -> None:
    assert blocks("One\ntwo\n\n• a\n• b\n\n3. c") == [
        Block("paragraph", "One\ntwo"),
        Block("bullet", "a"),
        Block("bullet", "b"),
        Block("number", "c", 3),
    ]


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        (["of risk", "within casework."], "of risk within casework."),
        (["It is done.", "More follows."], "It is done.\n\nMore follows."),
        (["He said “done.”", "More."], "He said “done.”\n\nMore."),
        (["What was done:", "• a"], "What was done:\n\n• a"),
        (["• a, which", "goes on\n\n• b"], "• a, which goes on\n• b"),
        (["• a, which", "goes on\nand on"], "• a, which goes on\n\nand on"),
        (["of risk", "• a"], "of risk\n\n• a"),
        (["", "a"], "a"),
        (["a", ""], "a"),
        (["a", "b", "c"], "a b c"),
    ],
)
def test_what_runs_over_a_page_is_joined_as_it_was_written(parts: list[str], text: str) -> None:
    assert joined(parts) == text


def test_a_text_on_one_line_has_all_its_words() -> None:
    assert one_line("One\n\n• a\n• b") == "One • a • b"


def test_a_text_of_nothing_but_tags_or_entities_is_read_in_one_go() -> None:
    many = 200_000
    assert tidy("<script>" * many) == ""
    assert tidy("&amp;" * many) == "&" * many
    assert tidy("\t" * many + "•") == ""
