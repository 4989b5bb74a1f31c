"""Referrals, worked out a second time."""

from collections.abc import Callable, Iterator
from datetime import date

from tests.oracle.front_door import decided
from tests.oracle.world import Record, Row, World, add_months, in_month, same_word


def referrals_of(world: World, day: date) -> Iterator[Record]:
    """The referrals of the month that have a child."""
    for row in world.rows("ssd_cin_episodes"):
        if row["cine_person_id"] is not None and in_month(row["cine_referral_date"], day):
            yield row


def referrals(world: World, day: date) -> list[Row]:
    """RF01: every referral of the month, whatever came of it."""
    return [Row(row["cine_person_id"], None, row["cine_referral_id"]) for row in referrals_of(world, day)]


def referred_again(world: World, day: date) -> list[Row]:
    """RF02: met unless the child was referred on an earlier day whose window had not closed."""
    rows = []
    for row in referrals_of(world, day):
        child, made = row["cine_person_id"], row["cine_referral_date"]
        others = [one["cine_referral_date"] for one in world.by("ssd_cin_episodes", "cine_person_id")[child]]
        again = any(
            one is not None and one < made <= add_months(one, int(world.number("referral.rereferral_months", one)))
            for one in others
        )
        rows.append(Row(child, not again, row["cine_referral_id"]))
    return rows


def no_further_action(world: World, day: date) -> list[Row]:
    """RF03: what the referral's own flag says."""
    said = {"Y": True, "N": False}
    return [
        Row(row["cine_person_id"], said.get(row["cine_referral_nfa"]), row["cine_referral_id"])
        for row in referrals_of(world, day)
    ]


def not_in_need(world: World, day: date) -> list[Row]:
    """RF04: found not to be in need, by the first authorised assessment or the reason for closing."""
    return [
        Row(row["cine_person_id"], _found_not_in_need(world, row), row["cine_referral_id"])
        for row in referrals_of(world, day)
    ]


def _found_not_in_need(world: World, row: Record) -> bool | None:
    authorised = [
        one
        for one in world.by("ssd_cin_assessments", "cina_referral_id")[row["cine_referral_id"]]
        if one["cina_person_id"] == row["cine_person_id"]
        and one["cina_assessment_auth_date"] is not None
        and one["cina_assessment_auth_date"] <= world.as_at
    ]
    closed = row["cine_close_date"] is not None and row["cine_close_date"] <= world.as_at
    reason = row["cine_close_reason"] if closed else None
    if not authorised and row["cine_referral_nfa"] == "Y":
        return False
    first = min(authorised, key=lambda one: (one["cina_assessment_auth_date"], one["cina_assessment_id"]), default=None)
    word = first["cina_assessment_outcome_nfa"] if first else None
    if word == "Y" or same_word(reason, "RC8"):
        return True
    if word == "N" or reason is not None:
        return False
    return None


def referrals_decided(world: World, day: date) -> list[Row]:
    """RF05: of the month's referrals, those decided on within a working day of coming in."""
    rows = []
    for row in referrals_of(world, day):
        child, referral = row["cine_person_id"], row["cine_referral_id"]
        counts, met = decided(world, "referral", referral, child, row["cine_referral_date"], "referral.decision")
        if counts:
            rows.append(Row(child, met, referral))
    return rows


MEASURES: dict[str, Callable[[World, date], list[Row]]] = {
    "RF01": referrals,
    "RF02": referred_again,
    "RF03": no_further_action,
    "RF04": not_in_need,
    "RF05": referrals_decided,
}
