"""One clock: UTC for time stamps, Europe/London for business dates."""

import threading
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from lineofsight import clock


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 6, 30, 22, 59, 59, tzinfo=UTC), date(2026, 6, 30)),
        (datetime(2026, 6, 30, 23, 0, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 1, 31, 23, 59, 59, tzinfo=UTC), date(2026, 1, 31)),
        (datetime(2026, 2, 1, 0, 0, tzinfo=UTC), date(2026, 2, 1)),
        # the night the clocks go forward, and the night they go back
        (datetime(2026, 3, 28, 23, 30, tzinfo=UTC), date(2026, 3, 28)),
        (datetime(2026, 3, 29, 23, 0, tzinfo=UTC), date(2026, 3, 30)),
        (datetime(2026, 10, 24, 23, 0, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 23, 59, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2028, 2, 29, 12, 0, tzinfo=UTC), date(2028, 2, 29)),
    ],
)
def test_the_day_turns_at_midnight_in_london_summer_and_winter(moment, day):
    with clock.frozen_at(moment):
        assert clock.today() == day
        assert clock.now() == moment


def test_now_is_aware_and_in_utc_whatever_zone_it_was_frozen_in():
    east = timezone(timedelta(hours=5))
    with clock.frozen_at(datetime(2026, 1, 1, 3, 0, tzinfo=east)):
        assert clock.now() == datetime(2025, 12, 31, 22, 0, tzinfo=UTC)
        assert clock.now().tzinfo == UTC
        assert clock.today() == date(2025, 12, 31)


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="aware"), clock.frozen_at(datetime(2026, 1, 1)):
        pass


def test_the_clock_goes_on_after_it_was_frozen_even_when_the_block_fails():
    with pytest.raises(RuntimeError), clock.frozen_at(datetime(2001, 1, 1, tzinfo=UTC)):
        raise RuntimeError
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_freezing_nests_and_comes_back():
    first, second = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    with clock.frozen_at(first):
        with clock.frozen_at(second):
            assert clock.now() == second
        assert clock.now() == first


def test_one_thread_frozen_does_not_stop_the_clock_of_another():
    seen = []
    with clock.frozen_at(datetime(2001, 1, 1, tzinfo=UTC)):
        thread = threading.Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()
    assert seen[0].year > 2001
