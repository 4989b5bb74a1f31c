"""What the demonstration's people do is done in the order of time, and goes on where it was stopped."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from functools import partial

import pytest

from lineofsight import clock
from lineofsight.calendar import is_working_day
from lineofsight.demonstration.acts import Act, moment, play, working_days_ago
from lineofsight.web.access import chain

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def now(db, home):
    with clock.frozen_at(NOW):
        yield


def _silent(step: str, number: int, of: int) -> None:
    pass


def _write(done: list[tuple[str, datetime]], name: str) -> None:
    done.append((name, clock.now()))
    chain.record(actor="demonstration", action="looked", subject=name)


def _acts(done: list[tuple[str, datetime]]) -> list[Act]:
    days = {"third": 0, "first": -9, "later than now": 3, "second": -4}
    return [Act(NOW + timedelta(days=ago), partial(_write, done, name)) for name, ago in days.items()]


def test_acts_are_played_in_the_order_of_time_and_never_after_now():
    done: list[tuple[str, datetime]] = []
    play(_acts(done), "Playing", _silent)
    assert [name for name, _ in done] == ["first", "second", "third", "later than now"]
    assert [at for _, at in done] == [NOW - timedelta(days=9), NOW - timedelta(days=4), NOW, NOW]


def test_a_play_that_was_stopped_goes_on_where_the_log_ends():
    done: list[tuple[str, datetime]] = []
    with clock.frozen_at(NOW - timedelta(days=5)):
        chain.record(actor="demonstration", action="looked", subject="played before")
    play(_acts(done), "Playing", _silent)
    assert [name for name, _ in done] == ["second", "third", "later than now"]


def test_a_day_so_many_days_ago_is_a_working_day():
    days = [working_days_ago(days) for days in range(60)]
    assert all(map(is_working_day, days))
    assert moment(days[0], time(9, 30)).tzinfo is clock.LONDON
