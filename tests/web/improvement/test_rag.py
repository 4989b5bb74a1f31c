"""The published rule: every standing has a colour, and none is green that is stale, failed, late or unproved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineofsight.errors import PlainError
from lineofsight.web.improvement import rag
from lineofsight.web.improvement.rag import Proofs, Standing, rate

ON = date(2026, 11, 12)
FAR = ON + timedelta(days=60)
BEGUN = ON - timedelta(days=7)
days = st.integers(-400, 400).map(lambda number: ON + timedelta(days=number))
past = st.integers(-400, 0).map(lambda number: ON + timedelta(days=number))


@st.composite
def proofs(draw):
    asked = draw(st.integers(0, 4))
    held = draw(st.integers(0, asked))
    return Proofs(asked, held, draw(st.integers(0, asked - held)))


standings = st.builds(
    Standing,
    begun_on=past,
    deadline_on=st.none() | days,
    closed_on=st.none() | past,
    said=st.sampled_from(["", "on-track", "at-risk", "off-track", "done"]),
    heard_on=st.none() | past,
    proofs=proofs(),
)


@given(standings)
def test_every_standing_has_a_colour_and_a_rule_that_is_published(stand):
    rated = rate(stand, ON)
    assert rated.colour in rag.COLOURS and rag.rule(rated.rule).colour == rated.colour and rated.words.endswith(".")


@given(standings)
def test_nothing_is_green_that_is_open_and_stale_or_late_or_lacks_a_proof_it_calls_for(stand):
    if rate(stand, ON).colour == "green" and stand.closed_on is None:
        assert (stand.heard_on or stand.begun_on) >= ON - timedelta(weeks=6)
        assert stand.deadline_on is not None and stand.deadline_on >= ON
        assert stand.proofs.held == stand.proofs.asked


@given(standings)
def test_a_proof_that_did_not_hold_is_red_whatever_else_is_said(stand):
    assert stand.proofs.failed == 0 or rate(stand, ON).rule == "proof-failed"


@given(standings)
def test_what_is_past_its_deadline_and_not_closed_is_red(stand):
    if stand.closed_on is None and stand.deadline_on is not None and stand.deadline_on < ON:
        assert rate(stand, ON).colour == "red"


def said(word="on-track", **changes):
    return Standing(**{"begun_on": BEGUN, "deadline_on": FAR, "said": word, "heard_on": BEGUN, **changes})


@pytest.mark.parametrize(
    ("stand", "colour", "rule"),
    [
        (said(closed_on=ON, proofs=Proofs(2, 1, 1)), "red", "proof-failed"),
        (said(deadline_on=ON - timedelta(days=1)), "red", "past-deadline"),
        (said(deadline_on=ON - timedelta(days=1), closed_on=BEGUN), "green", "closed"),
        (said("off-track"), "red", "off-track"),
        (said("done"), "amber", "to-be-proved"),
        (said("done", proofs=Proofs(1, 0, 0)), "amber", "to-be-proved"),
        (said("done", proofs=Proofs(1, 1, 0)), "green", "on-track"),
        (said(heard_on=ON - timedelta(weeks=6, days=1)), "amber", "no-word"),
        (said("", heard_on=None, begun_on=ON - timedelta(weeks=6, days=1)), "amber", "no-word"),
        (said(heard_on=ON - timedelta(weeks=6)), "green", "on-track"),
        (said(deadline_on=None), "amber", "deadline-unclear"),
        (said("at-risk"), "amber", "at-risk"),
        (said(deadline_on=ON + timedelta(days=3), heard_on=ON - timedelta(days=12)), "amber", "deadline-near"),
        (said(deadline_on=ON + timedelta(days=3), heard_on=ON - timedelta(days=11)), "green", "on-track"),
        (said(deadline_on=ON), "green", "on-track"),
        (said(proofs=Proofs(2, 1, 0)), "amber", "green-needs-proof"),
        (said(), "green", "on-track"),
        (said(""), "amber", "nothing-said"),
    ],
)
def test_the_first_rule_that_holds_decides(stand, colour, rule):
    rated = rate(replace(stand), ON)
    assert (rated.colour, rated.rule) == (colour, rule)


def test_the_rules_are_published_in_their_order_with_their_numbers_of_weeks():
    assert [one.slug for one in rag.rules()][:3] == ["proof-failed", "past-deadline", "closed"]
    assert (rag.weeks_of("no-word"), rag.weeks_of("deadline-near")) == (6, 2)


RULE = '[[rule]]\nslug = "{slug}"\ncolour = "{colour}"\nwhen = "{when}"\nwords = "It is so."\n'


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (RULE.format(slug="a", colour="blue", when="always"), "not known"),
        (RULE.format(slug="a", colour="red", when="somebody feels so"), "not known"),
        (RULE.format(slug="a", colour="red", when="closed"), "hold always"),
        (
            RULE.format(slug="a", colour="red", when="closed") + RULE.format(slug="a", colour="amber", when="always"),
            "same",
        ),
    ],
)
def test_a_rule_file_that_could_leave_an_action_without_a_colour_is_refused(text, why):
    with pytest.raises(PlainError, match=why):
        rag.read(text)


def test_a_rule_that_is_not_there_is_said_to_be_missing():
    with pytest.raises(PlainError):
        rag.weeks_of("feels-good")
