"""The pages on which proof is called for and looked at, actions closed on it, and letters said to be sent."""

from __future__ import annotations

from datetime import date

import pytest
from tests.web.improvement.conftest import TODAY
from tests.web.improvement.reading_pages import of, text

from lineofsight.web.improvement.actions import proof
from lineofsight.web.improvement.actions.proof import Asked, Look
from lineofsight.web.improvement.models import Action, ActionOwner, Chaser, ProofAsked, ProofGiven

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("people", "mid_november")]

WORDS = "See that supervision is held every month."


@pytest.fixture
def asked(director):
    """`asked(action)`: a document that the action calls for."""
    return lambda action: proof.ask_proof(by=director, action=action, asked=Asked("document", TODAY, "The policy."))


def test_green_that_needs_proof_is_refused_and_the_reason_stays_in_its_box(client_as, make_action, asked):
    action = make_action()
    asked(action)
    page = client_as("dcs").post(of(action, "colour/"), {"colour": "green", "why": "I know that it works."})
    assert "green needs it" in text(page) and "I know that it works." in text(page)
    assert Action.objects.get().rag != "green"


def test_proof_is_called_for_looked_at_and_the_action_closed_on_it_and_opened_again(client_as, make_action):
    action, client = make_action(), client_as("qa-manager")
    called = {"kind": "audit", "wanted_by": "30 November 2026", "sample": "10", "words": "Ten files show it."}
    assert client.post(of(action, "proof/"), called).status_code == 302
    look = of(action, f"proof/{ProofAsked.objects.get().pk}/look/")
    found = {"looked_on": "12 November 2026", "held": "yes", "looked_at": "4", "words": "They do."}
    page = client.post(look, found)
    assert "too few to say that it held" in text(page) and "They do." in text(page) and not ProofGiven.objects.exists()
    assert "Its proof has not held yet." in text(client.post(of(action, "close/")))
    client.post(look, {**found, "looked_at": "10"})
    page = client.post(of(action, "close/"), follow=True)
    assert "Green: it is closed, on proof that held." in text(page) and of(action, "reopen/") in page.content.decode()
    client.post(look, {**found, "held": "no", "looked_at": "3", "words": "Three files say nothing."})
    assert "Red: somebody looked for the proof, and it did not hold." in text(client.get(of(action)))
    assert Action.objects.get().closed_on is None


def test_an_action_is_opened_again_by_a_person_with_a_reason(client_as, make_action, asked, director):
    action, client = make_action(), client_as("dcs")
    assert "nothing to open again" in text(client.post(of(action, "reopen/"), {"why": "A visit."}))
    called = asked(action)
    proof.give_proof(by=director, proof=called, look=Look(TODAY, True, "There.", reference="1"))
    proof.close(by=director, action=action)
    assert "Say why it is opened again." in text(client.post(of(action, "reopen/"), {"why": " "}))
    client.post(of(action, "reopen/"), {"why": "A visit found it again."})
    assert (Action.objects.get().rag, Action.objects.get().closed_on) == ("red", None)


def test_a_proof_is_dropped_with_a_reason_and_stays_in_sight(client_as, make_action, asked):
    action, client = make_action(), client_as("dcs")
    drop = of(action, f"proof/{asked(action).pk}/drop/")
    assert "Say why this proof is no longer called for." in text(client.post(drop, {"why": ""}))
    assert client.post(drop, {"why": "Another audit covers it."}).status_code == 302
    assert "no longer called for" in text(client.get(of(action)))
    assert "no longer called for" in text(client.post(drop, {"why": "Again."}))


def test_a_proof_is_of_its_own_action_alone(client_as, make_action, asked):
    action, other = make_action(), make_action()
    called, client = asked(other), client_as("dcs")
    for number in (called.pk, 0, 10**25):
        for page in ("look", "drop"):
            assert client.get(of(action, f"proof/{number}/{page}/")).status_code == 404


def test_the_newest_figure_proves_nothing_where_there_is_none(client_as, make_action):
    action, client = make_action(), client_as("dcs")
    client.post(
        of(action, "proof/"), {"kind": "measure", "wanted_by": "30 November 2026", "measure": "CP08", "target": "90"}
    )
    called = ProofAsked.objects.get()
    page = client.post(of(action, f"proof/{called.pk}/look/"), {"looked_on": "12 November 2026", "words": "Typed."})
    assert page.status_code == 200 and "There is a problem" in text(page) and "Typed." in text(page)
    assert "still to come" in text(client.get(of(action))) and ": 90%" in text(client.get(of(action)))


def test_a_letter_is_drafted_with_its_link_and_a_person_says_that_they_sent_it(client_as, make_action):
    action = make_action(deadline_on=date(2026, 9, 1))
    make_action(owned_by=None, deadline_on=date(2026, 9, 1), responsible="Ada Brook")
    client = client_as("partnership-manager")
    page = client.get("/actions/ask/")
    assert "Two owners are to be asked for word of two actions." in text(page)
    assert f"http://testserver{of(action, 'say/')}" in text(page) and "Nobody has said who this is here" in text(page)
    assert WORDS not in text(page)
    owner = ActionOwner.objects.get(action=action)
    assert "on record that the letter was sent" in text(client.post("/actions/ask/", {"owner": owner.pk}, follow=True))
    assert Chaser.objects.get().owner == owner
    again = client.post("/actions/ask/", {"owner": owner.pk})
    assert "It was said already today" in text(again) and Chaser.objects.count() == 1
    assert "Last asked on 12 November 2026." in text(again)
    assert "Who was asked for word" in text(client.get(of(action)))


@pytest.mark.parametrize(("owners", "status"), [([], 200), (["999999"], 200), (["x"], 404), (["-1"], 404)])
def test_a_letter_to_nobody_is_not_on_record(client_as, make_action, owners, status):
    make_action(deadline_on=date(2026, 9, 1))
    page = client_as("dcs").post("/actions/ask/", {"owner": owners})
    assert page.status_code == status and not Chaser.objects.exists()
    assert status == 404 or "There is a problem" in text(page)


def test_letters_stand_ten_to_a_page_and_who_sent_one_stays_on_theirs(client_as, make_action):
    for number in range(12):
        make_action(owned_by=None, deadline_on=date(2026, 9, 1), responsible=f"Owner {number:02}")
    client = client_as("dcs")
    first, second = client.get("/actions/ask/"), client.get("/actions/ask/?page=2")
    assert [len(page.context["letters"]) for page in (first, second)] == [10, 2]
    assert "12 owners are to be asked for word of 12 actions." in text(second)
    assert {client.get(f"/actions/ask/?page={page}").status_code for page in ("3", "0", "x")} == {404}
    owner = next(one for one in ActionOwner.objects.all() if one.name == "Owner 11")
    page = client.post("/actions/ask/?page=2", {"owner": owner.pk}, follow=True)
    assert page.redirect_chain[-1][0] == "/actions/ask/?page=2" and "Last asked on 12 November 2026." in text(page)


def test_actions_that_nobody_is_named_for_stand_by_themselves(client_as, make_action):
    make_action(owned_by=None, deadline_on=date(2026, 9, 1))
    ActionOwner.objects.update(left_on=TODAY)
    page = text(client_as("dcs").get("/actions/ask/"))
    assert "Nobody is named for these" in page and "Its deadline passed on 1 September 2026." in page
