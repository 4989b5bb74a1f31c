"""Words are cleared one by one, as they were read, by who may; and may be taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.web.improvement.conftest import PUBLISHED, TODAY

from lineofsight.errors import PlainError
from lineofsight.web.access import chain
from lineofsight.web.access.chain import LogUnavailable, told
from lineofsight.web.access.models import ChainEvent
from lineofsight.web.access.permissions import Refused
from lineofsight.web.improvement.actions import plans, progress, proof
from lineofsight.web.improvement.actions.clearing import KINDS, MOST, Read, clear, mark_of, take_back
from lineofsight.web.improvement.actions.proof import Asked, Look
from lineofsight.web.improvement.models import Action, FindingTurn, Plan, Recommendation, Update
from lineofsight.web.improvement.models.words import written
from lineofsight.web.improvement.queries.clearing import PAGE, to_clear
from lineofsight.web.improvement.queries.one_action import one_action

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mid_november")]


@pytest.fixture
def typed(director, plan, make_action, make_finding):
    """Something of every kind, all of it typed by the Director."""
    finding = make_finding()
    told_now = written(director, plan.begun_at, "Typed.")
    Recommendation.objects.create(finding=finding, made_by="Inspectors", made_on=PUBLISHED, **told_now)
    FindingTurn.objects.create(finding=finding, what="closed", on=TODAY, **told_now)
    action = make_action()
    progress.add_update(by=director, action=action, words="Typed.", as_at=TODAY, said="at-risk")
    progress.set_colour(by=director, action=action, colour="red", why="Typed.")
    called = proof.ask_proof(by=director, action=action, asked=Asked("document", TODAY, "Typed."))
    proof.give_proof(by=director, proof=called, look=Look(TODAY, False, "Typed."))
    plans.add_step(by=director, plan=plan, what="agreed", body="The board", on=TODAY, asked="Typed.")
    Plan.objects.update(cleared_at=None)
    return action


def read(one):
    return Read(one.kind, one.key, one.mark)


def test_everything_typed_by_who_sees_children_by_name_waits_and_is_cleared_once(director, typed):
    waiting = to_clear(director)
    assert sorted({one.kind for one in waiting.texts}) == sorted(KINDS) and waiting.total == len(KINDS)
    assert waiting.sentence == "10 texts wait to be read again."
    assert clear(by=director, read=[read(one) for one in waiting.texts]) == len(KINDS)
    assert to_clear(director).sentence == "Nothing waits to be read again."
    assert clear(by=director, read=[read(one) for one in waiting.texts]) == 0
    event = ChainEvent.objects.order_by("-sequence").first()
    assert event.action == "improvement.words cleared" and len(told(event).detail["texts"]) == len(KINDS)
    kept = Action.objects.get(pk=typed.pk)
    assert (kept.cleared, kept.cleared_by_key, kept.cleared_by_name) == (True, "p-dcs", "Person dcs")


def test_what_was_cleared_is_shown_to_who_sees_no_child_by_name_until_it_is_taken_back(director, member, typed):
    clear(by=director, read=[read(one) for one in to_clear(director).texts])
    page = one_action(member, typed.pk)
    assert page.progress[0].text.words == "Typed." and page.proofs[0].looks[0].text.words == "Typed."
    assert [one.why for one in page.colours if one.why] == ["Typed."]
    update = Update.objects.get(kind="progress")
    take_back(by=director, kind="update", key=str(update.pk))
    assert one_action(member, typed.pk).progress[0].text.hidden
    assert Update.objects.get(pk=update.pk).cleared_by_name == ""
    with pytest.raises(PlainError, match="not cleared"):
        take_back(by=director, kind="update", key=str(update.pk))
    rating = typed.ratings.exclude(why_cleared_at=None).get(set_by="person")
    take_back(by=director, kind="reason", key=str(rating.pk))
    assert one_action(member, typed.pk).colours[1].hidden


def test_what_changed_since_it_was_read_is_not_cleared_and_nothing_beside_it(director, typed):
    texts = [read(one) for one in to_clear(director).texts]
    typed.words = "Anna Ash was not seen."
    typed.save(update_fields=["words"])
    with pytest.raises(PlainError, match="changed this since you read it"):
        clear(by=director, read=texts)
    assert to_clear(director).total == len(KINDS)


def test_the_mark_of_one_text_clears_no_other_with_the_same_words(director, make_action):
    first, second = make_action(words="The same."), make_action(words="The same.")
    assert mark_of("action", first) != mark_of("action", second)
    with pytest.raises(PlainError, match="changed"):
        clear(by=director, read=[Read("action", str(second.pk), mark_of("action", first))])


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("action", "x"),
        ("action", "5f0c1d4e-8a51-4d5b-9a5e-6c0f6f0a7b11"),
        ("update", "x"),
        ("update", "99999"),
        ("person", "1"),
        ("", ""),
    ],
)
def test_what_is_not_there_cannot_be_cleared_or_taken_back(director, kind, key):
    with pytest.raises(PlainError, match="not there"):
        clear(by=director, read=[Read(kind, key, "m")])
    with pytest.raises(PlainError, match="not there"):
        take_back(by=director, kind=kind, key=key)


def test_a_reason_that_was_never_typed_cannot_be_cleared(director, make_action):
    with pytest.raises(PlainError, match="not there"):
        clear(by=director, read=[Read("reason", str(make_action().ratings.get().pk), "m")])


def test_nothing_chosen_or_too_much_is_refused(director, make_action):
    one = Read("action", str(make_action().pk), "m")
    for chosen, why in (([], "Choose"), ([one] * (MOST + 1), str(MOST))):
        with pytest.raises(PlainError, match=why):
            clear(by=director, read=chosen)


def test_who_may_not_clear_sees_nothing_that_waits_and_clears_nothing(
    keeper, member, owner, viewer_as, director, typed
):
    texts = [read(one) for one in to_clear(director).texts]
    blind = replace(director, level="pseudonymised")
    for viewer in (keeper, member, owner, viewer_as("analyst"), viewer_as("head-of-service"), blind):
        for write in (
            lambda by: to_clear(by),
            lambda by: clear(by=by, read=texts),
            lambda by: take_back(by=by, kind="action", key=str(typed.pk)),
        ):
            with pytest.raises(Refused):
                write(viewer)
    assert to_clear(director).total == len(KINDS)


def test_what_an_office_typed_that_sees_no_child_by_name_waits_for_nobody(director, keeper, make_action):
    action = make_action(by=keeper)
    progress.add_update(by=keeper, action=action, words="Begun.", as_at=TODAY, said="on-track")
    assert to_clear(director).total == 0


def test_it_can_be_asked_of_one_action_or_one_plan(director, make_action, typed, plan):
    other = make_action(words="Another.")
    assert [one.words for one in to_clear(director, action=other).texts] == [
        "Another.\n\nWho answers for it: Person action-owner\n\nDeadline: within 6 months"
    ]
    of_plan = to_clear(director, plan=plan)
    assert {"asked", "plan"} <= {one.kind for one in of_plan.texts}
    assert "finding" not in {one.kind for one in of_plan.texts}
    assert of_plan.total == 8


def test_a_page_holds_the_oldest_thirty(director, make_action, on_day):
    for number in range(PAGE + 3):
        with on_day(TODAY - timedelta(days=number)):
            make_action(words=f"Words {number}.")
    waiting = to_clear(director)
    assert (len(waiting.texts), waiting.total) == (PAGE, PAGE + 3)
    assert waiting.texts[0].words.startswith(f"Words {PAGE + 2}.")


def test_where_the_log_cannot_be_written_nothing_is_cleared(director, typed, monkeypatch):
    texts = [read(one) for one in to_clear(director).texts]

    def broken(*given, **named):
        raise OSError

    monkeypatch.setattr(chain, "_append", broken)
    with pytest.raises(LogUnavailable):
        clear(by=director, read=texts)
    assert to_clear(director).total == len(KINDS)
