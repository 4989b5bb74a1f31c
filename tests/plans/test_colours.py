"""Colours as web pages and workbooks write them."""

import pytest

from lineofsight.plans.colours import colour, tinted


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("#FF0000", "FF0000"),
        ("ff0000", "FF0000"),
        ("#f00", "FF0000"),
        (" Red ", "FF0000"),
        ("red !important", "FF0000"),
        ("rgb(255, 192, 0)", "FFC000"),
        ("rgb(255 192 0)", "FFC000"),
        ("rgba(0,128,0,0.5)", "008000"),
        ("rgba(0, 128, 0, 0)", ""),
        ("rgb(300, 0, 0)", ""),
        ("none", ""),
        ("transparent", ""),
        ("", ""),
        ("url(x.png)", ""),
        ("#12345", ""),
    ],
)
def test_a_colour_of_a_page_is_six_digits_or_none(written: str, digits: str) -> None:
    assert colour(written) == digits


@pytest.mark.parametrize(
    ("tint", "digits"),
    [(0.0, "4F81BD"), (0.8, "DCE6F2"), (-0.5, "244062"), (1.0, "FFFFFF"), (-1.0, "000000"), (9.0, "FFFFFF")],
)
def test_a_tint_makes_a_colour_lighter_or_darker_as_a_spreadsheet_does(tint: float, digits: str) -> None:
    found = tinted("4F81BD", tint)
    far = [abs(int(found[at : at + 2], 16) - int(digits[at : at + 2], 16)) for at in (0, 2, 4)]
    assert max(far) <= 2
