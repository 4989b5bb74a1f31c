"""From published rates to flows, for every authority there is."""

from collections.abc import Callable

import pytest

from lineofsight.schema import published
from lineofsight.synth.flows import Flow, Path, flows
from lineofsight.synth.rates import NOBODY, Rates, read

CODES = [row["la_code"] for row in published.authorities().to_pylist() if row["is_current"]]


def _mean(stay: Callable[[float], float]) -> float:
    return sum(stay((step + 0.5) / 800) for step in range(800)) / 800


@pytest.fixture(scope="module")
def every_authority() -> list[tuple[Rates, dict[Path, Flow]]]:
    """The rates and flows of each of the authorities there are now."""
    return [(rates, {flow.path: flow for flow in flows(rates)}) for rates in map(read, CODES)]


def test_flows_add_up_to_the_referrals_of_every_authority(every_authority: list) -> None:
    assert len(every_authority) > 150
    for rates, found in every_authority:
        assert min(flow.rate for flow in found.values()) >= 0, rates.authority
        assert sum(flow.rate for flow in found.values()) == pytest.approx(rates.referrals, rel=0.02), rates.authority
        assert rates.population > 0


def test_the_flow_times_the_mean_stay_is_the_published_open_number(every_authority: list) -> None:
    for rates, found in every_authority:
        plans = found[Path.PROTECTED].rate + found[Path.PROTECTED_THEN_CARE].rate
        open_plans = plans * _mean(found[Path.PROTECTED].stay) / 365.25
        assert open_plans == pytest.approx(rates.plans_open, rel=0.02, abs=0.3), rates.authority
        open_care = rates.care_started * _mean(found[Path.CARE].stay) / 365.25
        assert open_care == pytest.approx(rates.looked_after, rel=0.04), rates.authority


def test_stays_never_fall_as_the_draw_rises(every_authority: list) -> None:
    for rates, found in every_authority:
        for flow in found.values():
            lengths = [flow.stay(step / 300) for step in range(300)]
            assert lengths == sorted(lengths), (rates.authority, flow.path)
            assert lengths[0] >= 0


def test_a_suppressed_figure_falls_back_to_englands() -> None:
    # Rutland's adoptions are too few to publish.
    table = published.lait().to_pylist()
    own = [row for row in table if row["la_code"] == "857" and row["measure"] == "%_of LAC Adopted"]
    assert read("857").adopted == (own[-1]["value"] / 100 if own else read(None).adopted)
    assert read(None).authority == NOBODY
