"""Two years of leaders doing, and sometimes not doing, what they promised: every entry by the product's own actions."""

import random
import tomllib
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from importlib import resources
from typing import Any

from lineofsight import clock
from lineofsight.lake import Lake
from lineofsight.web.access.models import Holding
from lineofsight.web.access.viewer import Viewer, viewer_in
from lineofsight.web.commitments import actions, protocol
from lineofsight.web.commitments.models import Judgement, Occurrence, State
from lineofsight.web.reports import packs
from lineofsight.web.reports.models import Pack, Release

Progress = Callable[[str, int, int], None]

STEP = "Two years of commitments and records"
BY = "demonstration"
DAYS_BACK = 730
HELD_SHARE, CANCELLED_SHARE = 0.88, 0.04
LEADERS = ("dcs", "lead-member")
# The Director has read and signed; the newest month waits for both.
PACKS_SIGNED = {"dcs": 2, "lead-member": 1}


def live(lake: Lake, *, seed: int, progress: Progress) -> None:
    """Hold, miss and cancel what fell due in two years; make the months' packs and sign all but the newest.

    What a signed pack fulfils is left to the packs, for the months that have one.
    """
    today = clock.today()
    chance = random.Random(f"diary {seed}")  # noqa: S311 (a made-up diary)
    began = today - timedelta(days=DAYS_BACK)
    actions.extend(until=today + timedelta(days=365), by=BY, since=began)
    _panels(began, today)
    words = tomllib.loads(resources.files(__package__).joinpath("words.toml").read_text("utf-8"))
    first_pack = min(snapshot.loaded_at for snapshot in lake.snapshots()).date()
    past = list(Occurrence.objects.filter(due_on__lt=today, state=State.DUE).order_by("due_on"))
    for number, occurrence in enumerate(past):
        progress(STEP, number, len(past))
        if not (protocol.in_force().by_slug()[occurrence.commitment].pack and occurrence.due_on >= first_pack):
            _happen(occurrence, words, chance)
    _packs(lake, words)
    progress(STEP, 1, 1)
    actions.mark_missed(by=BY)


def _panels(began: date, today: date) -> None:
    """Dates for the boards that have no rule of their own: agreed a little ahead, every two or three months."""
    boards = {"improvement-board": 60, "corporate-parenting-panel": 61, "safeguarding-partnership": 91}
    known = protocol.in_force().by_slug()
    for slug, every in boards.items():
        day = began + timedelta(days=20)
        while day < today + timedelta(days=120):
            moment = min(day - timedelta(days=14), today)
            if not Occurrence.objects.filter(commitment=slug, due_on=day).exists():
                with clock.frozen_at(_at(moment)):
                    actions.plan(known[slug], day, by=_holder("dcs", moment))
            day += timedelta(days=every)


def _happen(occurrence: Occurrence, words: dict[str, Any], chance: random.Random) -> None:
    """One occurrence: held and recorded, cancelled with a reason, or let pass."""
    occurrence.refresh_from_db()
    if occurrence.state != State.DUE:  # another's record fulfilled it already
        return
    commitment = protocol.in_force().by_slug()[occurrence.commitment]
    told = words["held"].get(occurrence.commitment, words["held"]["any"])
    drawn, which = chance.random(), chance.randrange(len(told))
    day = max(occurrence.due_on - timedelta(days=chance.randrange(1, 9)), occurrence.period_start)
    office = next((one for one in LEADERS if commitment.seat(one)), commitment.offices[0])
    with clock.frozen_at(_at(day)):
        by = _holder(office, day)
        if drawn < CANCELLED_SHARE:
            actions.cancel(occurrence, chance.choice(words["reasons"]), by=by)
        elif drawn < CANCELLED_SHARE + HELD_SHARE:
            subject = actions.Subject(commitment.title, "commitment", commitment.slug)
            present = tuple(commitment.offices)
            actions.sign_now(subject, _told(told[which], day, present, office), by=by, occurrence=occurrence)


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


def _packs(lake: Lake, words: dict[str, Any]) -> None:
    """Each month's packs as they were made when its extract came in, signed where they have been."""
    for number, snapshot in enumerate(lake.snapshots()):
        made = snapshot.loaded_at + timedelta(hours=1)
        actions.mark_missed(on=made.date(), by=BY)
        _release(snapshot.as_at, words["released"][number % len(words["released"])]["words"], made)
        for office in LEADERS:
            with clock.frozen_at(min(made, clock.now())):
                pack = packs.make(office, snapshot.as_at, by=BY)
            if number < PACKS_SIGNED[office] and packs.signed_pack(office, pack.month) is None:
                day = (made + timedelta(days=4)).date()
                said = words["packs"][office][number % len(words["packs"][office])]
                with clock.frozen_at(_at(day)):
                    _sign(pack, _told(said, day, (office,), office), by=_holder(office, day))


def _release(month: date, text: str, moment: datetime) -> None:
    """What the Director told the Lead Member that month, before the packs were made."""
    if Release.objects.filter(month=month.replace(day=1)).exists():
        return
    with clock.frozen_at(min(moment, clock.now())):
        packs.release("lead-member", month, text, by=_holder("dcs", moment.date()))


def _sign(pack: Pack, told: actions.Told, *, by: Viewer) -> None:
    subject = actions.Subject(f"{pack.month:%B %Y} pack for the {by.office_title}", "pack", str(pack.pk))
    actions.sign_now(subject, told, by=by, rests_on=[actions.Frozen("pack", str(pack.pk), pack.digest)])


def _holder(office: str, day: date) -> Viewer:
    """Whoever held `office` on `day`, as a viewer."""
    held = Holding.objects.in_force(day).select_related("person").filter(office=office, as_delegate=False)
    holding = held.order_by("-from_date").first()
    assert holding is not None
    return viewer_in(holding)


def _at(day: date) -> datetime:
    return min(datetime.combine(day, time(15, 30), UTC), clock.now())
