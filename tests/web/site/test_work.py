"""The worker's round: each step by itself, one worker at a time, and what failed is said."""

import threading

import pytest

from lineofsight.lake import folders
from lineofsight.web.site import work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]


@pytest.fixture
def steps(monkeypatch):
    """Two steps, the first of which fails; what was done."""
    done = []

    def broken():
        done.append("broken")
        raise ValueError("no")

    def sound():
        done.append("sound")

    monkeypatch.setattr(work, "STEPS", (broken, sound))
    return done


def test_a_step_that_fails_does_not_stop_the_others_and_a_single_round_raises_it(steps):
    with pytest.raises(ValueError, match="no"):
        work.run(once=True)
    assert steps == ["broken", "sound"]


def test_a_round_says_which_steps_failed(steps):
    assert list(work.work()) == ["broken"]


def test_a_second_worker_waits_for_the_first(steps, home):
    with folders.locked(home.lake, work.WORKING):
        second = threading.Thread(target=work.work)
        second.start()
        second.join(0.3)
        assert steps == []
    second.join(30)
    assert steps == ["broken", "sound"]


def test_the_worker_loads_the_night_s_extract_before_it_tells_of_loads(home, monkeypatch):
    asked = []
    monkeypatch.setattr(work.nightly, "load_if_due", asked.append)
    work.load_of_the_night()
    assert [one.path for one in asked] == [home.path]
    assert work.STEPS.index(work.load_of_the_night) < work.STEPS.index(work.tell_of_loads)
