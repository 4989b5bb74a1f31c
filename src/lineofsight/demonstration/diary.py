"""Two years of leaders doing, and sometimes not doing, what they promised: every entry by the product's own actions."""

import random
import tomllib
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from importlib import resources
from typing import Any

from lineofsight import clock
from lineofsight.demonstration.acts import Act
from lineofsight.demonstration.people import holder
from lineofsight.lake import Lake
from lineofsight.web.commitments import actions, protocol
from lineofsight.web.commitments.models import Judgement, Occurrence, State
from lineofsight.web.reports import packs
from lineofsight.web.reports.models import Release

BY = "demonstration"
DAYS_BACK = 730
HELD_SHARE, CANCELLED_SHARE = 0.88, 0.04
LEADERS = ("dcs", "lead-member")
# The Director has read and signed; the newest month waits for both.
PACKS_SIGNED = {"dcs": 2, "lead-member": 1}


def acts(lake: Lake, *, seed: int) -> list[Act]:
    """Hold, miss and cancel what fell due in two years; make the months' packs and sign all but the newest.

    What a signed pack fulfils is left to the packs, for the months that have one.
    """
    today = clock.today()
    chance = random.Random(f"diary {seed}")  # noqa: S311 (a made-up diary)
    began = today - timedelta(days=DAYS_BACK)
    with clock.frozen_at(_at(began)):
        actions.extend(until=today + timedelta(days=365), by=BY, since=began)
        _panels(began, today)
    words = tomllib.loads(resources.files(__package__).joinpath("words.toml").read_text("utf-8"))
    first_pack = min(snapshot.loaded_at for snapshot in lake.snapshots()).date()
    known = protocol.in_force().by_slug()
    happened = [
        _happening(occurrence, words, chance)
        for occurrence in Occurrence.objects.filter(due_on__lt=today, state=State.DUE).order_by("due_on")
        if not (known[occurrence.commitment].pack and occurrence.due_on >= first_pack)
    ]
    return [*happened, *_packs(lake, words), Act(clock.now(), partial(actions.mark_missed, by=BY))]


def _panels(began: date, today: date) -> None:
    """Dates for the boards that have no rule of their own: a calendar of meetings, one every two or three months."""
    boards = {"improvement-board": 60, "corporate-parenting-panel": 61, "safeguarding-partnership": 91}
    known = protocol.in_force().by_slug()
    for slug, every in boards.items():
        day = began + timedelta(days=20)
        while day < today + timedelta(days=120):
            if not Occurrence.objects.filter(commitment=slug, due_on=day).exists():
                actions.plan(known[slug], day, by=holder("dcs", began))
            day += timedelta(days=every)


def _happening(occurrence: Occurrence, words: dict[str, Any], chance: random.Random) -> Act:
    """One occurrence: held and recorded, cancelled with a reason, or let pass, a little before it fell due."""
    commitment = protocol.in_force().by_slug()[occurrence.commitment]
    told = words["held"].get(occurrence.commitment, words["held"]["any"])
    drawn, said, why = chance.random(), chance.choice(told), chance.choice(words["reasons"])
    day = max(occurrence.due_on - timedelta(days=chance.randrange(1, 9)), occurrence.period_start)
    office = next((one for one in LEADERS if commitment.seat(one)), commitment.offices[0])

    def happen() -> None:
        occurrence.refresh_from_db()
        if occurrence.state != State.DUE:  # another's record fulfilled it already
            return
        by = holder(office, day)
        if drawn < CANCELLED_SHARE:
            actions.cancel(occurrence, why, by=by)
        elif drawn < CANCELLED_SHARE + HELD_SHARE:
            subject = actions.Subject(commitment.title, "commitment", commitment.slug)
            present = tuple(commitment.offices)
            actions.sign_now(subject, _told(said, day, present, office), by=by, occurrence=occurrence)

    return Act(_at(day), happen)


def _told(said: dict[str, str], day: date, present: tuple[str, ...], office: str) -> actions.Told:
    asked = said.get("asked_of", "")
    if asked == office:
        asked = "head-of-service"
    judgement = Judgement.ASKED if asked else Judgement(said.get("judgement", "satisfied"))
    return actions.Told(
        held_on=day,
        judgement=judgement,
        words=said["words"],
        with_whom=said.get("with_whom", ""),
        present=present,
        asked_of=asked,
        asked_by=day + timedelta(days=14) if asked else None,
        difference=said.get("difference", ""),
        look_again_on=None if said.get("difference") else day + timedelta(days=42),
    )


def _packs(lake: Lake, words: dict[str, Any]) -> list[Act]:
    """Each month's packs as they were made when its extract came in, signed where they have been."""
    found = []
    for number, snapshot in enumerate(lake.snapshots()):
        made = snapshot.loaded_at + timedelta(hours=1)
        released = words["released"][number % len(words["released"])]["words"]
        found.append(Act(made, partial(_make, snapshot.as_at, released, made.date())))
        day = (made + timedelta(days=4)).date()
        for office in LEADERS:
            if number < PACKS_SIGNED[office]:
                said = words["packs"][office][number % len(words["packs"][office])]
                found.append(Act(_at(day), partial(_sign, office, snapshot.as_at, _told(said, day, (office,), office))))
    return found


def _make(as_at: date, released: str, on: date) -> None:
    """What the Director told the Lead Member that month, and then the packs."""
    actions.mark_missed(on=on, by=BY)
    if not Release.objects.filter(month=as_at.replace(day=1)).exists():
        packs.release("lead-member", as_at, released, by=holder("dcs", on))
    for office in LEADERS:
        packs.make(office, as_at, by=BY)


def _sign(office: str, as_at: date, told: actions.Told) -> None:
    """A month's pack, signed as having been read."""
    pack = packs.make(office, as_at, by=BY)
    if packs.signed_pack(office, pack.month) is not None:
        return
    by = holder(office, told.held_on)
    subject = actions.Subject(f"{pack.month:%B %Y} pack for the {by.office_title}", "pack", str(pack.pk))
    actions.sign_now(subject, told, by=by, rests_on=[actions.Frozen("pack", str(pack.pk), pack.digest)])


def _at(day: date) -> datetime:
    return datetime.combine(day, time(15, 30), UTC)
