"""An action is closed on proof alone, and opened again by a look that fails; the value of a measure is never typed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.web.improvement.conftest import TODAY

from lineofsight.errors import PlainError
from lineofsight.web.access import chain
from lineofsight.web.access.chain import LogUnavailable, told
from lineofsight.web.access.models import ChainEvent
from lineofsight.web.access.permissions import Refused
from lineofsight.web.access.viewer import Known
from lineofsight.web.evidence import resolvers
from lineofsight.web.evidence.models import Evidence, Link
from lineofsight.web.evidence.resolvers import Figure, Seen
from lineofsight.web.improvement.actions import progress, proof
from lineofsight.web.improvement.actions.proof import Asked, Look
from lineofsight.web.improvement.models import Action, ProofAsked, ProofGiven, Update
from lineofsight.web.improvement.queries.one_action import one_action

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mid_november")]
SOON = TODAY + timedelta(weeks=4)
AUDIT = Asked("audit", SOON, "Supervision notes of the two teams: each says what was decided.", sample=20)
DOCUMENT = Asked("document", SOON, "The policy as the board agreed it.")
MEASURE = Asked("measure", SOON, measure="CP08", target=90.0)
HELD = Look(TODAY, True, "Nineteen of twenty said what was decided.", looked_at=20)
FAILED = Look(TODAY, False, "Six of twenty did.", looked_at=20)


@pytest.fixture
def measured(monkeypatch):
    """`measured(63.0)`: the newest figure of every measure, as the thread's readers give it; None for none."""

    def give(value, **changes):
        given = {"value": value, "words": f"{value}%", "as_at": date(2026, 10, 31), "better": "higher"}
        figure = Figure(**{**given, **changes}, write=lambda other: f"{other:g}%", rests_on=("figure", "CP08@s@c"))
        seen = Seen("Visits on time", f"{value}% were on time.", {"value": value, "snapshot": "s", "computation": "c"})
        monkeypatch.setitem(resolvers._figures, "measure", lambda viewer, keys: dict.fromkeys(keys, figure))
        monkeypatch.setitem(resolvers._readers, "measure", lambda viewer, key: seen)

    return give


def stands(action):
    now = Action.objects.get(pk=action.pk)
    return now.rag, now.set_by, now.closed_on


def ask(by, action, asked=AUDIT):
    return proof.ask_proof(by=by, action=action, asked=asked)


def look(by, called, found=HELD):
    return proof.give_proof(by=by, proof=called, look=found)


def newest():
    return ChainEvent.objects.order_by("-sequence").first()


def test_the_whole_way_from_proof_called_for_to_closed_to_red_again(director, keeper, make_action, on_day):
    action = make_action(said="on-track", heard_on=TODAY, rag="green")
    called = ask(keeper, action)
    assert stands(action) == ("amber", "rule", None)
    with pytest.raises(PlainError, match="has not held"):
        proof.close(by=director, action=action)
    look(director, called)
    assert stands(action) == ("green", "rule", None)
    proof.close(by=director, action=action)
    assert stands(action) == ("green", "rule", TODAY)
    with on_day(date(2027, 3, 1)):
        assert progress.rate_all(on=date(2027, 3, 1)) == 0
        look(director, called, replace(FAILED, looked_on=date(2027, 2, 26)))
        assert stands(action) == ("red", "rule", None)
        again = action.updates.get(kind="reopened")
        assert again.words == "Opened again: the proof was looked at on 26 February 2027, and it did not hold."
        assert again.cleared
    assert [(one.rag, one.rule) for one in action.ratings.order_by("rated_at", "id")] == [
        ("green", "nothing-said"),
        ("amber", "green-needs-proof"),
        ("green", "on-track"),
        ("green", "closed"),
        ("red", "proof-failed"),
    ]
    assert told(newest()).detail["colour"] == "red"


def test_after_it_was_opened_again_what_held_before_proves_nothing(director, make_action, on_day):
    action = make_action(said="done", heard_on=TODAY)
    first, second = ask(director, action), ask(director, action, DOCUMENT)
    look(director, first)
    look(director, second, replace(HELD, reference="CB/12"))
    proof.close(by=director, action=action)
    with on_day(TODAY + timedelta(days=30)):
        progress.reopen(by=director, action=action, why="The same came back.")
        with pytest.raises(PlainError, match="None of its two proofs"):
            proof.close(by=director, action=action)
        look(director, first, replace(HELD, looked_on=TODAY))  # a look of a day before it was opened again
        with pytest.raises(PlainError, match="None of its two"):
            proof.close(by=director, action=action)
        later = TODAY + timedelta(days=30)
        look(director, first, replace(HELD, looked_on=later))
        look(director, second, replace(HELD, looked_on=later, reference="CB/13"))
        proof.close(by=director, action=action)
        assert stands(action) == ("green", "rule", later)


def test_an_action_that_calls_for_no_proof_cannot_be_closed(director, make_action):
    with pytest.raises(PlainError, match="on proof alone"):
        proof.close(by=director, action=make_action(said="done", heard_on=TODAY))


def test_an_action_is_closed_once_and_by_who_judges(director, keeper, make_action):
    action = make_action()
    look(director, ask(director, action))
    with pytest.raises(Refused):
        proof.close(by=keeper, action=action)
    proof.close(by=director, action=action)
    with pytest.raises(PlainError, match="closed already"):
        proof.close(by=director, action=action)
    assert action.updates.get().kind == "closed"


def test_a_look_that_fails_ends_a_colour_that_a_person_or_the_plan_set(director, make_action):
    for set_by in ("person", "plan"):
        action = make_action(rag="green", set_by=set_by)
        called = ProofAsked.objects.create(**asked_row(action))
        look(director, called, FAILED)
        assert stands(action)[:2] == ("red", "rule")
        assert not action.updates.exists()  # it was not closed, so nothing is opened again


def asked_row(action):
    return {
        "action": action,
        "kind": "audit",
        "wanted_by": SOON,
        "sample": 20,
        "words": "Notes.",
        "level": "identified",
        "written_at": datetime(2026, 11, 1, tzinfo=UTC),
        "written_by_key": "p-dcs",
        "written_by_name": "Person dcs",
        "office": "dcs",
    }


def test_calling_for_proof_ends_a_green_that_a_person_set_but_not_what_the_plans_table_had(director, make_action):
    by_person, by_plan = make_action(rag="green", set_by="person"), make_action(rag="green", set_by="plan")
    ask(director, by_person)
    ask(director, by_plan)
    assert stands(by_person)[:2] == ("amber", "rule")
    assert stands(by_plan)[:2] == ("green", "plan")


def test_the_latest_look_counts_by_the_day_it_was_of(director, make_action):
    action = make_action(said="on-track", heard_on=TODAY)
    called = ask(director, action)
    look(director, called, FAILED)
    look(director, called, replace(HELD, looked_on=TODAY - timedelta(days=3)))
    assert stands(action)[0] == "red"
    look(director, called, HELD)
    assert stands(action)[0] == "green"
    assert ProofGiven.objects.count() == 3


def test_an_audit_of_too_few_files_does_not_say_that_it_held(director, make_action):
    called = ask(director, make_action())
    with pytest.raises(PlainError, match="12 of the 20"):
        look(director, called, replace(HELD, looked_at=12))
    look(director, called, replace(FAILED, looked_at=12))
    assert ProofGiven.objects.get().held is False


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (replace(AUDIT, kind="feeling"), "Choose"),
        (replace(AUDIT, wanted_by=TODAY - timedelta(days=1)), "day to come"),
        (replace(AUDIT, words=" "), "what is to be looked at"),
        (replace(AUDIT, sample=None), "how many files"),
        (replace(AUDIT, sample=0), "how many files"),
        (replace(AUDIT, sample=10**9), "above nought"),
        (replace(DOCUMENT, sample=-1), "above nought"),
        (replace(MEASURE, measure="XX99"), "catalogue"),
        (replace(MEASURE, target=None), "which value"),
        (replace(MEASURE, target=101.0), "100 at most"),
        (replace(MEASURE, target=-1.0), "nought"),
        (replace(MEASURE, target=float("nan")), "nought"),
    ],
)
def test_what_no_proof_could_be_looked_for_by_is_refused(director, make_action, asked, why):
    action = make_action()
    with pytest.raises(PlainError, match=why):
        ask(director, action, asked)
    assert not ProofAsked.objects.exists() and stands(action)[0] == "amber"


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (replace(HELD, looked_on=TODAY + timedelta(days=1)), "future"),
        (replace(HELD, held=None), "whether it held"),
        (replace(HELD, words=" "), "what was found"),
        (replace(HELD, looked_at=None), "how many"),
        (replace(HELD, looked_at=-3), "whole number"),
        (replace(HELD, evidence_kind="evidence"), "not there"),
        (replace(HELD, evidence_kind="evidence", evidence_key="no such thing"), "not there"),
    ],
)
def test_a_look_that_says_too_little_is_refused(director, make_action, found, why):
    called = ask(director, make_action())
    with pytest.raises(PlainError, match=why):
        look(director, called, found)
    assert not ProofGiven.objects.exists()


def test_a_document_that_held_has_a_reference(director, make_action):
    called = ask(director, make_action(), DOCUMENT)
    with pytest.raises(PlainError, match="reference"):
        look(director, called, Look(TODAY, True, "It is there."))
    look(director, called, Look(TODAY, False, "It is not there."))


def test_who_keeps_plans_calls_for_proof_and_only_who_judges_says_whether_it_held(keeper, member, owner, make_action):
    action = make_action()
    called = ask(keeper, action)
    for viewer in (keeper, member, owner):
        with pytest.raises(Refused):
            look(viewer, called)
        with pytest.raises(Refused):
            proof.drop_proof(by=viewer, proof=called, why="So.")
    for viewer in (member, owner):
        with pytest.raises(Refused):
            ask(viewer, action)


def test_a_measures_proof_takes_the_value_as_it_is_measured_and_the_target_decides(director, make_action, measured):
    action = make_action(said="on-track", heard_on=TODAY)
    called = ask(director, action, MEASURE)
    measured(63.0)
    made = look(director, called, Look(TODAY, held=True))  # what is said does not count
    assert (made.held, made.value) == (False, 63.0)
    assert made.words == "63.0%, as at 31 October 2026. The target is 90%."
    assert made.cleared and stands(action)[0] == "red"
    measured(91.5)
    made = look(director, called, Look(TODAY, words="Every team is there."))
    assert made.held and made.words.endswith("\n\nEvery team is there.") and not made.cleared
    frozen = Evidence.objects.get(pk=made.evidence_key)
    assert (frozen.kind, frozen.key, frozen.content["value"]) == ("measure", "CP08", 91.5)
    assert Link.objects.filter(from_kind="action", to_kind="evidence", to_key=str(frozen.pk)).exists()
    assert Link.objects.filter(from_kind="evidence", to_kind="figure", to_key="CP08@s@c").exists()
    assert stands(action)[0] == "green"


def test_a_figure_that_is_hidden_from_some_offices_is_theirs_to_read_only_once_it_is_cleared(
    director, member, make_action, measured, monkeypatch
):
    action = make_action()
    called = ask(director, action, MEASURE)
    measured(97.5)
    shown = resolvers._figures["measure"]

    def masked(viewer, keys):
        found = shown(viewer, keys)
        if viewer.level != "published":
            return found
        return {key: replace(one, value=None, words="Too small to show.") for key, one in found.items()}

    monkeypatch.setitem(resolvers._figures, "measure", masked)
    made = look(director, called, Look(TODAY))
    assert made.held and made.value == 97.5 and not made.cleared
    (told,) = one_action(member, action.pk).proofs[0].looks
    assert told.text.hidden and "97" not in told.text.words


def test_a_measure_that_should_fall_is_proved_by_a_lower_value(director, make_action, measured):
    called = ask(director, make_action(), Asked("measure", SOON, measure="CP10", target=0.0))
    measured(3.0, better="lower")
    assert not look(director, called, Look(TODAY)).held
    measured(0.0, better="lower")
    assert look(director, called, Look(TODAY)).held


def test_a_measure_that_is_hidden_or_not_measured_or_not_there_proves_nothing(
    director, make_action, measured, monkeypatch
):
    called = ask(director, make_action(), MEASURE)
    monkeypatch.delitem(resolvers._figures, "measure", raising=False)
    with pytest.raises(PlainError, match="no figure"):
        look(director, called, Look(TODAY))
    measured(None, words="Numbers this small could point to a child, so they are not shown.")
    with pytest.raises(PlainError, match="could point to a child"):
        look(director, called, Look(TODAY))
    assert not ProofGiven.objects.exists()


def test_what_holds_now_is_not_said_while_looking_at_the_past(director, make_action, measured):
    called = ask(director, make_action(), MEASURE)
    measured(95.0)
    past = replace(director, known=Known("s", date(2026, 9, 30), datetime(2026, 10, 2, tzinfo=UTC)))
    with pytest.raises(PlainError, match="the past"):
        look(past, called, Look(TODAY))


def test_a_figure_from_before_it_was_opened_again_proves_nothing(director, make_action, measured):
    action = make_action(said="on-track", heard_on=TODAY)
    called = ask(director, action, MEASURE)
    measured(95.0)
    look(director, called, Look(TODAY))
    proof.close(by=director, action=action)
    progress.reopen(by=director, action=action, why="The same came back.")
    with pytest.raises(PlainError, match="31 October 2026"):
        look(director, called, Look(TODAY))
    measured(95.0, as_at=TODAY)
    look(director, called, Look(TODAY))
    assert ProofGiven.objects.filter(held=True).count() == 2


def test_a_proof_is_called_for_no_longer_only_with_a_reason_and_never_where_it_failed_or_closed_it(
    director, make_action
):
    action = make_action(said="on-track", heard_on=TODAY)
    called, other = ask(director, action), ask(director, action, DOCUMENT)
    with pytest.raises(PlainError, match="Say why"):
        proof.drop_proof(by=director, proof=called, why=" ")
    proof.drop_proof(by=director, proof=other, why="The board keeps no such document.")
    kept = Update.objects.get(action=action)
    assert kept.words == "Proof no longer called for (a document). Why: The board keeps no such document."
    with pytest.raises(PlainError, match="no longer called for"):
        look(director, other, replace(HELD, reference="x"))
    look(director, called, FAILED)
    with pytest.raises(PlainError, match="did not hold"):
        proof.drop_proof(by=director, proof=called, why="We do not like it.")
    look(director, called, HELD)
    proof.close(by=director, action=action)
    with pytest.raises(PlainError, match="closed on its proof"):
        proof.drop_proof(by=director, proof=called, why="It is over.")


def test_dropping_the_only_proof_lets_the_rule_decide_without_it(director, make_action):
    action = make_action(said="on-track", heard_on=TODAY, rag="green")
    called = ask(director, action)
    assert stands(action)[0] == "amber"
    proof.drop_proof(by=director, proof=called, why="It cannot be audited.")
    assert stands(action)[0] == "green"


@pytest.mark.parametrize("write", ["ask", "look", "drop", "close"])
def test_where_the_log_cannot_be_written_nothing_is(director, make_action, monkeypatch, write):
    action = make_action(said="on-track", heard_on=TODAY)
    called = ask(director, action)
    if write == "close":
        look(director, called)
    before = stands(action), ProofAsked.objects.count(), ProofGiven.objects.count(), Update.objects.count()

    def broken(*given, **named):
        raise OSError

    monkeypatch.setattr(chain, "_append", broken)
    with pytest.raises(LogUnavailable):
        {
            "ask": lambda: ask(director, action),
            "look": lambda: look(director, called, FAILED),
            "drop": lambda: proof.drop_proof(by=director, proof=called, why="So."),
            "close": lambda: proof.close(by=director, action=action),
        }[write]()
    assert before == (stands(action), ProofAsked.objects.count(), ProofGiven.objects.count(), Update.objects.count())
    assert ProofAsked.objects.get().dropped_at is None
