"""Every kind of exception is called by what is owed, in plain words: a measure's title says what is counted."""

import tomllib
from importlib.resources import files

from lineofsight.measures import definitions

WORDS = tomllib.loads((files("lineofsight.cases") / "owed.toml").read_text("utf-8"))


def test_every_measure_that_finds_exceptions_says_what_is_owed_and_no_other_does():
    assert set(WORDS) == {key for key, one in definitions.load().items() if one.exception}


def test_what_is_owed_is_said_in_a_few_words():
    assert all(text[:1].isupper() and not text.endswith(".") and len(text) <= 60 for text in WORDS.values())
