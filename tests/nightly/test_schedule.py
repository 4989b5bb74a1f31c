"""When a night's load falls due, also on the nights when the clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from lineofsight.clock import LONDON
from lineofsight.nightly import schedule

TIMES = st.times().map(lambda one: one.replace(second=0, microsecond=0))
DAYS = st.dates(date(2020, 1, 2), date(2035, 12, 30))
# Clocks go forward at 01:00 on 29 March 2026 and back at 02:00 on 25 October 2026.
FORWARD, BACK = date(2026, 3, 29), date(2026, 10, 25)


def _round(night: date, hours: int = 24) -> list[datetime]:
    """Each minute at which the worker looks, from the midnight that begins a day."""
    began = datetime.combine(night, time(0), tzinfo=LONDON).astimezone(UTC)
    return [began + timedelta(minutes=minute) for minute in range(hours * 60)]


def _done(moments: list[datetime], at: time, since: datetime | None = None) -> list[tuple[date, datetime]]:
    """The nights a worker loads that looks at each of these moments, and loads each night once."""
    done: list[tuple[date, datetime]] = []
    for now in moments:
        night = schedule.due(now, at, since)
        if night is not None and night not in [one for one, _ in done]:
            done.append((night, now))
    return done


@given(DAYS, TIMES)
@example(FORWARD, time(1, 30))
@example(FORWARD, time(1, 0))
@example(FORWARD, time(2, 0))
@example(BACK, time(1, 30))
@example(BACK, time(1, 0))
@example(BACK, time(0, 59))
@example(BACK, time(23, 59))
def test_each_day_has_one_moment_and_moments_follow_one_another(day, at):
    moments = [schedule.moment(day + timedelta(days=more), at) for more in (-1, 0, 1)]
    assert moments == sorted(set(moments))
    assert all(timedelta(hours=22) < later - one < timedelta(hours=26) for one, later in pairwise(moments))
    assert moments[1].astimezone(LONDON).date() == day


@given(DAYS, TIMES)
def test_at_its_moment_the_clocks_show_the_hour_unless_it_is_left_out_that_night(day, at):
    shown = schedule.moment(day, at).astimezone(LONDON).time()
    assert shown == at or (shown.hour, shown.minute) == (at.hour + 1, at.minute)


def test_an_hour_that_happens_twice_is_loaded_once_the_first_time():
    loaded = _done(_round(BACK, 25), time(1, 30))
    assert loaded[-1] == (BACK, datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
    assert [night for night, _ in loaded].count(BACK) == 1


def test_an_hour_that_never_happens_is_loaded_once_all_the_same():
    loaded = [one for one in _done(_round(FORWARD, 23), time(1, 30)) if one[0] == FORWARD]
    assert loaded == [(FORWARD, datetime(2026, 3, 29, 1, 30, tzinfo=UTC))]


@given(st.sampled_from([FORWARD, BACK, date(2026, 6, 1), date(2026, 12, 31)]), TIMES, st.integers(0, 3 * 1440))
def test_a_worker_that_looks_every_minute_loads_each_night_once_and_at_its_moment(day, at, offset):
    """Three days around a change of the clocks, the worker begun at any minute of them."""
    began = schedule.moment(day - timedelta(days=1), time(0)) + timedelta(minutes=offset)
    looks = [began + timedelta(minutes=minute) for minute in range(3 * 1440)]
    loaded = _done(looks, at, since=began)
    nights = [night for night, _ in loaded]
    around = [day + timedelta(days=more) for more in range(-2, 8)]
    assert nights == [one for one in around if began < schedule.moment(one, at) <= looks[-1]]
    assert all(now - schedule.moment(night, at) < timedelta(minutes=1) for night, now in loaded)


@given(DAYS, TIMES, st.integers(0, 2 * 1440))
def test_a_worker_that_comes_back_the_same_day_makes_up_for_it_and_the_next_day_does_not(day, at, late):
    moment = schedule.moment(day, at)
    now = moment + timedelta(minutes=late)
    night = schedule.due(now, at, None)
    if now < schedule.moment(day + timedelta(days=1), at):
        same_day = now.astimezone(LONDON).date() == day
        assert (night == day) == (same_day or timedelta(minutes=late) < schedule.AT_LEAST)
    else:
        assert night != day


def test_an_hour_that_passed_before_the_schedule_was_set_is_not_made_up():
    set_at = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
    assert schedule.due(datetime(2026, 6, 1, 10, 0, tzinfo=UTC), time(2, 30), set_at) is None
    assert schedule.due(datetime(2026, 6, 2, 1, 29, tzinfo=UTC), time(2, 30), set_at) is None
    assert schedule.due(datetime(2026, 6, 2, 1, 30, tzinfo=UTC), time(2, 30), set_at) == date(2026, 6, 2)


@given(DAYS, TIMES, st.integers(0, 1439))
def test_the_next_moment_is_the_first_one_still_to_come(day, at, minute):
    now = schedule.moment(day, time(0)) + timedelta(minutes=minute)
    following = schedule.following(now, at)
    assert now < following <= now + timedelta(hours=26)
    assert schedule.passed(following, at) == schedule.passed(now, at) + timedelta(days=1)
