"""How close it is, in words: from where, where it is now, where it should be, and which way it went."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineofsight.web.evidence import resolvers
from lineofsight.web.evidence.resolvers import Figure
from lineofsight.web.improvement.queries.closeness import closeness, said
from lineofsight.web.improvement.queries.lines import lines

JUNE, OCTOBER = date(2026, 6, 30), date(2026, 10, 31)
VISITS = "CP08"


def figure(value, better="higher", **changes):
    given = {"words": f"{value:g}%" if value is not None else "Not measured: it lacks dates.", "as_at": OCTOBER}
    return Figure(value, better=better, write=lambda other: f"{other:g}%", **{**given, **changes})


@pytest.mark.parametrize(
    ("now", "baseline", "target", "words"),
    [
        (figure(63), 41, 90, "From 41% in June to 63% now; the target is 90%: 45% of the way."),
        (figure(41.2), 41, 90, "From 41% in June to 41.2% now; the target is 90%: less than 1% of the way."),
        (figure(89.9), 41, 90, "From 41% in June to 89.9% now; the target is 90%: 99% of the way."),
        (figure(90), 41, 90, "From 41% in June to 90% now; the target is 90%: reached."),
        (figure(95), 41, 90, "From 41% in June to 95% now; the target is 90%: reached."),
        (figure(41), 41, 90, "From 41% in June to 41% now; the target is 90%. It has not moved."),
        (figure(30), 41, 90, "From 41% in June to 30% now; the target is 90%. It has gone the wrong way."),
        (figure(63), None, 90, "63% now; the target is 90%."),
        (figure(92), None, 90, "92% now; the target is 90%: reached."),
        (figure(63), 41, None, "From 41% in June to 63% now; no target is set."),
        (figure(30), 41, None, "From 41% in June to 30% now; no target is set. It has gone the wrong way."),
        (figure(8, "lower"), 12, 4, "From 12% in June to 8% now; the target is 4%: 50% of the way."),
        (figure(15, "lower"), 12, 4, "From 12% in June to 15% now; the target is 4%. It has gone the wrong way."),
        (figure(None), 41, 90, "Not measured: it lacks dates; the target is 90%."),
        (None, 41, 90, "Not measured yet; the target is 90."),
        (figure(63, as_at=JUNE), 41, 90, "41% in June, and not measured since; the target is 90%."),
    ],
)
def test_it_says_where_it_began_where_it_is_and_where_it_should_be(now, baseline, target, words):
    assert said(VISITS, now, baseline, JUNE if baseline is not None else None, target).words == words


def test_a_year_earlier_the_month_has_its_year():
    assert said(VISITS, figure(63), 41, date(2025, 6, 30), 90).words.startswith("From 41% in June 2025 to")


@given(st.floats(0, 100), st.floats(0, 100), st.floats(0, 100), st.sampled_from(["higher", "lower"]))
def test_reached_is_said_of_what_is_reached_alone_and_no_share_is_outside_the_way(value, baseline, target, better):
    close = said(VISITS, figure(value, better), baseline, JUNE, target)
    assert close.reached == (value >= target if better == "higher" else value <= target)
    assert close.share is None or 0 <= close.share <= 1
    assert "100% of the way" not in close.words
    assert not (close.reached and close.wrong_way)


@pytest.mark.django_db
def test_figures_are_read_once_for_a_page_and_only_for_what_moves_a_measure(member, make_action, monkeypatch):
    asked = []

    def read(viewer, keys):
        asked.append((viewer.office, list(keys)))
        return {VISITS: figure(63)}

    monkeypatch.setitem(resolvers._figures, "measure", read)
    moves = [make_action(measure=VISITS, baseline=41, baseline_on=JUNE, target=90) for _ in range(3)]
    other, none = make_action(measure="CP10", target=0), make_action()
    found = closeness(member, lines())
    assert asked == [("lead-member", ["CP08", "CP10"])]
    assert {found[str(one.pk)].share for one in moves} == {(63 - 41) / (90 - 41)}
    assert found[str(other.pk)].words == "Not measured yet; the target is 0."
    assert str(none.pk) not in found
    assert found[str(moves[0].pk)].title != VISITS  # the catalogue's own title
