"""What a finding's words point to: said with why, never more than offered, and an authority's own themes."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineofsight.errors import PlainError
from lineofsight.web.improvement import themes
from lineofsight.web.improvement.stems import LONGEST, READ, stem, words

THE_SIX = {"leadership", "casework-and-reviews", "workforce", "prevention", "working-together", "performance"}
PRIORITIES = {
    "supervision",
    "recording",
    "thresholds",
    "core-groups",
    "visits",
    "childrens-voice",
    "health-in-care",
    "missing-and-exploitation",
    "allegations",
}
SHIPPED = themes._shipped()
OWN = """
[[theme]]
slug = "harbour-project"
title = "The harbour project"
about = "Whether the boats keep their promise."
[theme.words]
3 = ["harbour", "boat crew"]
1 = ["tide"]
"""


def offered(text):
    return [one.theme.slug for one in themes.suggest(text, SHIPPED)]


def best(text):
    return themes.suggest(text, SHIPPED)[0]


# --- what is shipped ------------------------------------------------------------------------------------------


def test_the_six_and_what_practice_turns_on_are_there():
    slugs = [one.slug for one in SHIPPED]
    assert set(slugs) >= THE_SIX | PRIORITIES
    assert set(slugs[:6]) == THE_SIX


def test_every_shipped_theme_has_a_title_a_sentence_and_a_word_that_says_it_alone():
    for one in SHIPPED:
        assert one.title and one.about.endswith("."), one.slug
        assert 3 in one.phrases.values(), one.slug
        assert not one.own


def test_what_points_to_a_theme_alone_is_offered_for_it():
    for one in SHIPPED:
        for phrase, weight in one.phrases.items():
            if weight == 3:
                score = themes._score(one, [themes.Word(part, part) for part in phrase])
                assert score.score >= 3, (one.slug, phrase)


# --- what a text is about -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Supervision was late and held no reflection on the child.", "supervision"),
        ("Chronologies were not up to date and case notes were missing from the file.", "recording"),
        ("Referrals were screened late and the threshold was not understood by schools.", "thresholds"),
        ("Core groups did not meet, and minutes reached families weeks later.", "core-groups"),
        ("Children were not visited as often as their plan said, and seldom seen alone.", "visits"),
        ("Wishes and feelings were not sought; few children had an advocate.", "childrens-voice"),
        ("Initial health assessments were late, and dental checks were not recorded.", "health-in-care"),
        ("Nobody spoke with children who had gone missing: return home interviews were not offered.",
         "missing-and-exploitation"),
        ("Allegations did not reach the designated officer.", "allegations"),
        ("Eleven children had no allocated social worker, and caseloads were too high.", "allocation"),
        ("Senior leaders did not know; elected members did not challenge.", "leadership"),
        ("Turnover was high: half of the posts were filled by agency staff.", "workforce"),
        ("Early help came too late, and prevention had no owner.", "prevention"),
        ("Strategy discussions were held without health or police: partner agencies were not asked.",
         "working-together"),
        ("Case audits were few and performance information could not be relied upon.", "performance"),
        ("Pathway plans of care leavers were out of date.", "care-leavers"),
    ],
)  # fmt: skip
def test_a_plain_sentence_is_put_under_its_theme(text, slug):
    assert best(text).theme.slug == slug


def test_a_suggestion_says_the_very_words_that_led_to_it_the_strongest_first():
    found = best("REFLECTIVE talks were few. Supervision was late; supervised staff said so.")
    assert found.theme.slug == "supervision"
    assert found.because == ("supervision", "reflective")
    assert found.why == "because of: supervision, reflective"


def test_every_word_of_a_reason_stands_in_the_text():
    text = "Core groups drifted; the chronology, the visits and the supervision were late, and LADO was not told."
    for one in themes.suggest(text, SHIPPED):
        assert all(word in text.casefold() for word in one.because)


@pytest.mark.parametrize(
    "text",
    ["", "   \n\t ", "The roof of the town hall leaks.", "12 34 56", "!!! ???", "management", "<p></p>", "\x00"],
)
def test_nothing_is_offered_where_nothing_fits(text):
    assert offered(text) == []


def test_a_word_that_only_counts_beside_others_offers_nothing_alone():
    assert offered("It was overdue.") == []
    assert "visits" in offered("It was overdue by weeks.")


@pytest.mark.parametrize(
    "text",
    [
        "children’s views",
        "CHILDREN'S VIEWS",
        "the childrens views",
        "a child's view",
        "Children‘s views.",
        "children´s  views",
        "ＣＨＩＬＤＲＥＮ’Ｓ views",
    ],
)
def test_case_plurals_and_apostrophes_make_no_difference(text):
    assert best(text).theme.slug == "childrens-voice"


def test_words_in_a_row_count_only_where_they_follow_each_other():
    assert "core-groups" in offered("The core-group met once.")
    assert "core-groups" not in offered("The core of the group met once.")


def test_of_phrases_that_overlap_the_longest_counts_and_the_shorter_one_does_not():
    found = best("drift and delay")
    assert (found.theme.slug, found.because, found.score) == ("planning", ("drift and delay",), 3)


def test_a_word_said_over_and_over_counts_three_times_at_most():
    assert best("supervision " * 3).score == best("supervision " * 300).score == 9


def test_at_most_three_are_offered_and_none_that_is_far_weaker_than_the_first():
    text = "supervision visits chronology allegations thresholds " + "neglect " * 3
    found = themes.suggest(text, SHIPPED)
    assert len(found) == themes.MOST
    assert found[0].theme.slug == "harm-at-home"
    assert all(one.score * 3 >= found[0].score for one in found)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_markup_is_no_text_and_what_is_in_it_is_not_read():
    assert offered("<supervision><chronology class='visits'>") == []
    assert best("<p>Super</p><script>supervision</script>").theme.slug == "supervision"


def test_a_text_without_end_is_read_as_far_as_anybody_would():
    assert offered("x " * READ + "supervision") == []
    assert offered("a" * 1_000_000) == []
    assert offered("<" * 100_000) == []


@given(st.text(max_size=400))
def test_no_text_breaks_it_and_each_suggestion_has_a_reason(text):
    for one in themes.suggest(text, SHIPPED):
        assert one.because and one.score >= themes.ENOUGH


@given(st.permutations(["Supervision was late.", "Visits were few.", "The chronology had gaps.", "Nobody met."]))
def test_the_order_of_the_sentences_does_not_change_what_is_offered(sentences):
    scores = {one.theme.slug: one.score for one in themes.suggest(" ".join(sentences), SHIPPED)}
    assert scores == {"supervision": 3, "visits": 3, "recording": 3}


# --- stems ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "same",
    [
        "supervise supervised supervising supervision supervisions",
        "record records recorded recording recordings",
        "assess assesses assessed assessment assessments assessing",
        "allegation allegations alleged",
        "refer referred referring referral referrals",
        "plan plans planned planning",
        "family families",
        "child children",
        "timely timeliness",
        "analyse analysed analysis analyses",
        "allocate allocated allocation allocations",
        "search searches searched",
    ],
)
def test_words_that_differ_in_their_endings_have_one_stem(same):
    assert len({stem(word) for word in same.split()}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("missing", "missed"), ("placement", "place"), ("meeting", "meet"), ("mission", "miss"), ("visitor", "visit"),
     ("care", "carer"), ("police", "policy"), ("allocated", "unallocated")],
)  # fmt: skip
def test_words_that_mean_something_else_keep_their_own(one, other):
    assert stem(one) != stem(other)


@given(st.text(alphabet=st.characters(categories=["Ll"]), max_size=60))
def test_a_stem_is_its_own_stem_and_never_longer(word):
    assert stem(stem(word)) == stem(word)
    assert len(stem(word)) <= len(word)
    assert bool(stem(word)) == bool(word)


def test_what_is_too_long_for_a_word_is_left_as_it_is():
    assert stem("ing" * LONGEST) == "ing" * LONGEST


def test_a_possessive_is_the_word_and_a_contraction_stays():
    assert [one.said for one in words("The child’s; the parents’ don't")] == ["the", "child", "the", "parents", "don't"]


# --- an authority's own ---------------------------------------------------------------------------------------


def written(home, text):
    (home.path / themes.FILE).write_text(text, "utf-8")


def test_without_a_file_the_shipped_themes_are_in_force(home):
    assert themes.themes() == themes.themes(home) == SHIPPED


def test_an_authority_adds_a_theme_and_it_is_offered(home):
    written(home, OWN)
    assert [one.slug for one in themes.themes()] == [*(one.slug for one in SHIPPED), "harbour-project"]
    assert themes.theme("harbour-project").own
    found = themes.suggest("The boat’s crew waited in the harbour.")
    assert (found[0].theme.title, found[0].because) == ("The harbour project", ("boat crew", "harbour"))


def test_an_authority_puts_its_own_in_the_place_of_a_shipped_one(home):
    written(home, OWN.replace("harbour-project", "visits"))
    assert len(themes.themes()) == len(SHIPPED)
    assert themes.title_of("visits") == "The harbour project"
    assert themes.suggest("Children were not visited.") == ()


def test_a_file_that_is_changed_counts_at_once(home):
    written(home, OWN)
    assert "harbour-project" in themes.titles()
    written(home, OWN.replace("harbour-project", "quay-project"))
    assert "quay-project" in themes.titles() and "harbour-project" not in themes.titles()


def test_a_theme_that_is_no_more_keeps_a_name_and_is_no_choice(home):
    assert themes.title_of("harbour-project") == "Harbour project"
    assert themes.title_of("") == ""
    with pytest.raises(PlainError, match="no theme of that name"):
        themes.theme("harbour-project")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[theme]", "not a TOML file"),
        ("[rule]\nslug = 1", "entries and nothing else"),
        ("theme = 3", "entries and nothing else"),
        ("theme = [1]", "entries and nothing else"),
        (OWN + OWN, "gives the slug 'harbour-project' twice"),
        (OWN.replace("harbour-project", "Harbour Project"), "small letters, digits and hyphens"),
        (OWN.replace("harbour-project", "none"), "small letters, digits and hyphens"),
        (OWN.replace("harbour-project", "x" * 61), "60 at most"),
        (OWN.replace("harbour-project", "../x"), "small letters, digits and hyphens"),
        (OWN.replace("The harbour project", " "), "needs a title"),
        (OWN.replace("The harbour project", "x" * 81), "80 letters"),
        (OWN.replace("The harbour project", "supervision"), "gives the title 'supervision' twice"),
        (OWN.replace("about", "colour"), "unknown fields: colour"),
        (OWN.split("[theme.words]")[0], "needs the words that point to it"),
        (OWN.split("3 =")[0], "needs the words that point to it"),
        (OWN.replace("3 =", "4 ="), "weights 3, 2 and 1"),
        (OWN.replace('["tide"]', '"tide"'), "weights 3, 2 and 1"),
        (OWN.replace('"tide"', "7"), "entry without a word under the weight 1"),
        (OWN.replace('"tide"', '" … "'), "entry without a word under the weight 1"),
    ],
)
def test_a_file_that_is_not_right_is_refused_in_one_sentence_that_names_it(home, text, said):
    written(home, text)
    with pytest.raises(PlainError, match=said) as refused:
        themes.themes()
    assert str(refused.value).startswith("The authority’s themes.toml")
    assert "\n" not in str(refused.value)


def test_a_file_that_is_no_text_is_refused_plainly(home):
    (home.path / themes.FILE).write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(PlainError, match="cannot be read as text"):
        themes.themes()


def test_the_words_of_the_shipped_file_are_plain_and_each_says_something_of_its_own():
    text = (Path(themes.__file__).parent / themes.FILE).read_text("utf-8")
    for entry in tomllib.loads(text)["theme"]:
        listed = [one for weight in entry["words"].values() for one in weight]
        assert all(re.fullmatch(r"[a-z0-9’ ]+", one) for one in listed), entry["slug"]
        stems = [tuple(word.stem for word in words(one)) for one in listed]
        assert len(stems) == len(set(stems)), entry["slug"]
