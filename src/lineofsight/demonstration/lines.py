"""The leads' three lines: two months of them, some late, one not written; and what the Director released of them."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import partial
from importlib import resources
from typing import Any

from lineofsight import clock
from lineofsight.demonstration.acts import Act, moment
from lineofsight.demonstration.people import holder
from lineofsight.lake import Lake, Snapshot
from lineofsight.web.access.models import Holding
from lineofsight.web.access.viewer import Known, Viewer
from lineofsight.web.practice.monthly import actions, leads, schedule
from lineofsight.web.practice.queries import figures, signals
from lineofsight.web.practice.queries.standing import Standing, standing

MONTHS = 2
CHANGES = ("better", "worse", "changed")
NAMED_AFTER, WRITTEN_AFTER, RELEASED_AFTER = timedelta(minutes=42), timedelta(minutes=45), timedelta(minutes=52)
LATE_BY = timedelta(days=3)
FRONT = ("Front door", "Referral", "Early help")  # led by the delegate, who is a senior manager; the rest by the head


def acts(lake: Lake) -> list[Act]:
    """Who is named to lead, what they write of each month, and what is released: nothing that is yet to come."""
    words = tomllib.loads(resources.files(__package__).joinpath("lines.toml").read_text("utf-8"))
    known = sorted(lake.snapshots(), key=lambda one: one.as_at)[-MONTHS:]
    if not known:
        return []
    first = known[0]
    found = [Act(first.loaded_at + NAMED_AFTER, partial(_name_leads, first))]
    for back, snapshot in enumerate(reversed(known)):
        found += _month(snapshot, words, back)
    return [one for one in found if one.at <= clock.now()]


def _month(snapshot: Snapshot, words: Mapping[str, Any], back: int) -> Iterator[Act]:
    """The acts of one month, the newest one (`back` 0) with somebody who has not written."""
    late = words["late_now"] if back == 0 else words["late"]
    silent = words["missing"] if back == 0 else []
    for said in words["measure"]:
        if said["id"] in silent:
            continue
        after = _late(snapshot) if said["id"] in late else snapshot.loaded_at + WRITTEN_AFTER
        yield Act(after, partial(_write, snapshot, said, back, words))
    for said in words["released"]:
        yield Act(snapshot.loaded_at + RELEASED_AFTER, partial(_release, snapshot, said))


def _late(snapshot: Snapshot) -> datetime:
    return moment(schedule.due_on(snapshot.as_at.replace(day=1)) + LATE_BY, time(16, 20))


def _name_leads(snapshot: Snapshot) -> None:
    """The Director names somebody for every measure that nobody leads by its area."""
    by = _in(snapshot, "dcs")
    for key, lead in leads.leads(standing(by)).items():
        if lead is None:
            office = "dcs-delegate" if leads.headline()[key].area in FRONT else "head-of-service"
            holding = Holding.objects.in_force(clock.today()).get(office=office)
            actions.name_lead(by=by, measure=key, holding=holding.pk)


def _write(snapshot: Snapshot, said: Mapping[str, Any], back: int, words: Mapping[str, Any]) -> None:
    stand = standing(_in(snapshot, "dcs"))
    lead = leads.leads(stand)[said["id"]]
    assert lead is not None
    told = _three(stand, said, back, words)
    actions.write(by=_in(snapshot, lead.office), measure=said["id"], told=told)


def _three(stand: Standing, said: Mapping[str, Any], back: int, words: Mapping[str, Any]) -> actions.Three:
    """What somebody honest would write of this figure."""
    measure, series = leads.headline()[said["id"]], figures.authority(stand, "identified").get(said["id"])
    if series is None or not series.headline.measured:
        return actions.Three(**words["not_measured"])
    signal = signals.fair_signal(stand, measure, series)
    place = list(leads.headline()).index(measure.id) + back
    without = words["no_reason"][place % len(words["no_reason"])]
    why = said["why"][back] if signal.kind in CHANGES else without
    return actions.Three(words["changed"].get(signal.kind, words["changed"]["none"]), why, said["next"][back])


def _release(snapshot: Snapshot, said: Mapping[str, str]) -> None:
    actions.release(by=_in(snapshot, "dcs"), measure=said["id"], text=said["text"])


def _in(snapshot: Snapshot, office: str) -> Viewer:
    """Whoever held an office that day, looking at that extract."""
    known = Known(snapshot.id, snapshot.as_at, snapshot.loaded_at)
    return replace(holder(office, clock.today()), known=known)
