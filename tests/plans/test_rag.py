"""Red, amber and green, by word and by colour; whatever else stands there is kept and told, never guessed."""

import pytest

from lineofsight.plans.rag import FILLS, NONE, ONLY_THREE, RAGS, TWO, UNCLEAR_FILL, WHOLE_ROW, RagRead, read_rag


@pytest.mark.parametrize(
    "word", ["Red", "RED", "red", " Red ", "R", "r", "RAG: Red", "Red (was late)", "↓ Red", "🔴", "R*"]
)
def test_a_word_is_read_in_any_case_with_anything_around_it(word: str) -> None:
    read = read_rag(word)
    assert (read.rag, read.why) == ("red", "")
    assert read.written == word.strip()


@pytest.mark.parametrize("word", ["Amber/Green", "A/G", "Amber (was Red)", "R A G", "red green", "🔴🟢"])
def test_two_colours_are_not_understood(word: str) -> None:
    assert read_rag(word) == RagRead(None, word, TWO)


@pytest.mark.parametrize(
    "word", ["Complete", "Completed", "Done", "Blue", "B", "On track", "Reduced", "Greenwich", "tbc", "1"]
)
def test_other_words_are_kept_and_only_three_are_known(word: str) -> None:
    assert read_rag(word) == RagRead(None, word, ONLY_THREE)


@pytest.mark.parametrize("word", ["Complete", "Blue"])
def test_a_green_cell_does_not_make_another_word_green(word: str) -> None:
    assert read_rag(word, "00B050").rag is None


@pytest.mark.parametrize(
    ("fill", "rag"),
    [
        ("FF0000", "red"), ("C00000", "red"), ("FFC7CE", "red"), ("F4B6B0", "red"), ("FF4500", "red"),
        ("FFC000", "amber"), ("FFFF00", "amber"), ("FFEB9C", "amber"), ("ED7D31", "amber"), ("FFA500", "amber"),
        ("00B050", "green"), ("92D050", "green"), ("C6EFCE", "green"), ("008000", "green"), ("00FF00", "green"),
    ],
)  # fmt: skip
def test_a_colour_is_read_by_its_hue_where_there_is_no_word(fill: str, rag: str) -> None:
    assert read_rag("", fill) == RagRead(rag, "", "")


@pytest.mark.parametrize("fill", ["0070C0", "7030A0", "00FFFF", "FF00FF", "D0FF00"])
def test_any_other_colour_is_told(fill: str) -> None:
    assert read_rag("", fill) == RagRead(None, "", UNCLEAR_FILL)


@pytest.mark.parametrize("fill", ["", "FFFFFF", "D9D9D9", "808080", "000000", "F2F2F2", "200000"])
def test_white_grey_and_black_say_nothing(fill: str) -> None:
    assert read_rag("", fill) == RagRead(None, "", NONE)


def test_where_word_and_colour_disagree_the_word_counts_and_it_is_told() -> None:
    read = read_rag("Green", "FF0000")
    assert (read.rag, read.why) == ("green", "The word says green and the cell’s colour red: the word counts.")


def test_the_shading_of_a_whole_row_is_no_disagreement_and_no_sure_colour() -> None:
    assert read_rag("Red", "C6EFCE", "C6EFCE") == RagRead("red", "Red", "")
    assert read_rag("", "C6EFCE", "C6EFCE") == RagRead("green", "", WHOLE_ROW)


def test_the_colours_we_write_are_read_as_what_they_mean() -> None:
    assert [read_rag("", FILLS[rag]).rag for rag in RAGS] == list(RAGS)
