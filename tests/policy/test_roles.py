"""The role map: what each system's role words mean."""

from pathlib import Path

import pytest

from lineofsight import policy
from lineofsight.errors import PlainError
from lineofsight.home import Home


def home_with(folder: Path, text: str) -> Home:
    (folder / "roles.toml").write_text(text)
    return Home(path=folder, authority="999", authority_name="Somewhere", demo=True)


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("ALLOCATED CASE WORKER", "allocated_worker"),
        ("Allocated Case Worker", "allocated_worker"),
        (" csw ", "allocated_worker"),
        ("CW", "allocated_worker"),
        ("Lead child protection practitioner", "allocated_worker"),
        ("Family Help Lead", "family_help_lead"),
        ("IRO", "reviewing_officer"),
        ("pa", "personal_adviser"),
        ("DUTY", "duty"),
        ("Team Manager", "manager"),
        ("CSO", "other"),
    ],
)
def test_role_words_are_read_without_regard_to_case_or_spaces(word, kind):
    assert policy.roles().kind(word) == kind


@pytest.mark.parametrize("word", ["", None, "Wizard", "MANAGERIAL", "#N/A"])
def test_a_word_nobody_has_explained_has_no_kind(word):
    assert policy.roles().kind(word) is None


def test_unmapped_words_are_reported_once_and_blanks_never():
    words = ["IRO", "Wizard", " Wizard", None, "", "Elder"]
    assert policy.roles().unmapped(words) == ["Elder", "Wizard"]


def test_a_home_adds_words_and_moves_them_and_the_hash_tells(tmp_path):
    own = policy.roles(home_with(tmp_path, 'allocated_worker = ["Wizard"]\nother = ["CW"]\n'))
    assert own.kind("WIZARD") == "allocated_worker"
    assert own.kind("cw") == "other"
    assert own.kind("IRO") == "reviewing_officer"
    assert own.hash != policy.roles().hash


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('chief = ["X"]', "no kind of role called 'chief'"),
        ('manager = "X"', "needs a list"),
        ('manager = [" "]', "needs a list"),
        ('manager = ["X"]\nduty = ["x"]', "stands under two kinds"),
        ("manager = [", "not a TOML file"),
    ],
)
def test_a_homes_role_map_that_is_wrong_is_refused_in_words(tmp_path, text, words):
    with pytest.raises(PlainError, match=words):
        policy.roles(home_with(tmp_path, text))


def test_the_table_has_each_word_once_in_upper_case():
    table = policy.roles().table()
    words = table["role_word"].to_pylist()
    assert len(set(words)) == len(words) == table.num_rows > 40
    assert all(word == word.strip().upper() for word in words)
    assert set(table["role_kind"].to_pylist()) == set(policy.KINDS)
