"""Two months of the log: ordinary reading in working hours, and a few things that information governance asks about.

Every entry is left by the same queries and actions that any page uses, with the clock held where it would have been.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from functools import partial
from importlib import resources
from typing import Any

from django.http import Http404

from lineofsight import clock
from lineofsight.calendar import is_working_day
from lineofsight.cases import refs
from lineofsight.demonstration.acts import Act, moment, working_days_ago
from lineofsight.demonstration.people import holder
from lineofsight.lake import Lake
from lineofsight.web import keys_in_use
from lineofsight.web.access import scope
from lineofsight.web.access.appointing import inviting
from lineofsight.web.access.desk import actions as desk_actions
from lineofsight.web.access.desk import belonging as desk_belonging
from lineofsight.web.access.desk import front as desk
from lineofsight.web.access.desk import subject_access
from lineofsight.web.access.models import Invitation, Person
from lineofsight.web.access.need import nights, reading
from lineofsight.web.access.restricted import actions as restricting
from lineofsight.web.access.retention import actions as retention
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.practice import queries
from lineofsight.web.practice.queries import drawing, ledger, rows
from lineofsight.web.practice.queries.standing import belonging, standing

Held = Mapping[str, Any]
LISTS: Mapping[str, Callable[[Viewer], object]] = {
    "exceptions": queries.exceptions,
    "unallocated": queries.unallocated,
}


def acts(lake: Lake, *, seed: int) -> list[Act]:
    """Everything trail.toml tells, as acts for the play."""
    told = tomllib.loads(resources.files(__package__).joinpath("trail.toml").read_text("utf-8"))
    chance = random.Random(f"trail {seed}")  # noqa: S311 (a made-up diary)
    children = _children(lake)
    known = [one for _, one in sorted(children.items()) if not one["restricted"]]
    served = [one for one in known if one["on_plan"] or one["looked_after"]]
    found: list[Act] = []
    for habit in told["habits"]:
        found += _habit(habit, told["days"], served, chance)
    for file in told["files"]:
        found.append(Act(_when(file), partial(_file, file)))
    for late in told["late"]:
        found += _late(late, served, chance)
    found += _again(told["again"], served, chance)
    found += _night(told["night"], chance)
    found += _restricted(told["restricted"], [one for one in known if one not in served])
    found += _desk(told["desk"])
    found += _requests(told, chance.choice(known) if known else None)
    return found


def _children(lake: Lake) -> Mapping[str, Held]:
    """Every child with whom they belong to and what they are to us."""
    stand = standing()
    columns = ["child_key", "person_id", "on_plan", "looked_after"]
    people = {one["child_key"]: one for one in lake.persons(stand.snapshot, columns=columns).to_pylist()}
    return {key: {**people[key], **held} for key, held in belonging(stand, list(people)).items()}


def _habit(habit: Mapping[str, Any], days: int, served: Sequence[Held], chance: random.Random) -> list[Act]:
    """What one office reads on its ordinary days: lists first, then the pages of children within its scope."""
    reader = holder(habit["office"])
    theirs = [one for one in served if scope.may_open(reader, one)]
    first, last = habit["hours"]
    found: list[Act] = []
    for back in range(days, 0, -1):
        day = clock.today() - timedelta(days=back)
        if not is_working_day(day) or chance.random() >= habit["share"]:
            continue
        at = moment(day, time(chance.randrange(first, last), chance.randrange(60)))
        for name in habit["lists"]:
            found.append(Act(at, partial(LISTS[name], reader)))
            at += timedelta(minutes=chance.randrange(2, 9))
        wanted = chance.randint(*habit["children"])
        for child in chance.sample(theirs, min(wanted, len(theirs))):
            found.append(Act(at, partial(_open, reader, child)))
            at += timedelta(minutes=chance.randrange(3, 20))
    return found


def _open(reader: Viewer, child: Held) -> None:
    queries.get_child(reader, refs.ref(keys_in_use(), reader.audience, child["child_key"]))


def _file(told: Mapping[str, Any]) -> None:
    """The whole list of what is owed, or of the children behind a measure, taken as a file."""
    reader = holder(told["office"])
    if "measure" in told:
        queries.rows_behind(reader, told["measure"], rows.Asked(which="all", whole=True, form=told["form"]))
    else:
        queries.exceptions(reader, ledger.Asked(whole=True, form=told["form"]))


def _late(told: Mapping[str, Any], served: Sequence[Held], chance: random.Random) -> list[Act]:
    reader = holder(told["office"])
    theirs = [one for one in served if scope.may_open(reader, one)]
    some = chance.sample(theirs, min(told["children"], len(theirs)))
    return [Act(_when(told) + timedelta(minutes=7 * at), partial(_open, reader, one)) for at, one in enumerate(some)]


def _again(told: Mapping[str, Any], served: Sequence[Held], chance: random.Random) -> list[Act]:
    reader = holder(told["office"])
    theirs = [one for one in served if scope.may_open(reader, one)]
    if not theirs:
        return []
    child = chance.choice(theirs)
    days = [working_days_ago(days) for days in told["days_ago"]]
    return [Act(moment(day, told["at"]), partial(_open, reader, child)) for day in days]


def _night(told: Mapping[str, Any], chance: random.Random) -> list[Act]:
    """A night of file reading: files drawn, some of them opened, noted, and the night ended before the morning."""
    reader, begins = holder(told["office"]), _when(told)

    def draw() -> None:
        drawn = drawing.draw(reader, told["drawn_from"], told["files"], below=chance.randrange)
        if drawn.child_keys:
            kept = {"drawn_from": told["drawn_from"], "snapshot": drawn.snapshot, "child_keys": drawn.child_keys}
            reading.draw_night(by=reader, **kept)

    found = [Act(begins, draw)]
    for place in range(1, told["opened"] + 1):
        words = told["notes"][place - 1] if place <= len(told["notes"]) else ""
        found.append(Act(begins + timedelta(minutes=place * told["minutes"]), partial(_read, reader, place, words)))
    ends = begins + timedelta(minutes=(told["opened"] + 1) * told["minutes"])
    return [*found, Act(ends, partial(_close, reader))]


def _read(reader: Viewer, place: int, words: str) -> None:
    tonight = nights.tonight(reader)
    file = next((one for one in tonight.files if one.place == place), None) if tonight else None
    if file is None:  # fewer families than files were asked for
        return
    queries.get_child(reader, refs.ref(keys_in_use(), reader.audience, file.child_key))
    if words:
        reading.write_words(file, by=reader, words=words)


def _close(reader: Viewer) -> None:
    tonight = nights.tonight(reader)
    if tonight is not None:
        reading.close_night(nights.night_row(reader, tonight.key), by=reader)


def _restricted(told: Mapping[str, Any], known: Sequence[Held]) -> list[Act]:
    """A record restricted, of a child who is not the team manager’s, and somebody who tries it afterwards."""
    by, begins = holder(told["named"][0]), _when(told)
    manager = holder("team-manager")
    tries = holder(told["tried_by"])
    names = {one: holder(one).person_name for one in ("social-worker", "reviewing-officer")}
    relatives = {key for _, key in desk_belonging.same_surname(names, 1) or ()}
    others = [one for one in known if one["child_key"] not in relatives and not scope.may_open(manager, one)]
    child = next((one for one in others if scope.may_open(tries, one)), None)
    if child is None:
        return []

    def restrict() -> None:
        people = list(Person.objects.filter(key__in=[holder(office).person_key for office in told["named"]]))
        key = child["child_key"]
        restricting.restrict(by=by, child_key=key, kind=told["kind"], reason=told["reason"], people=people)

    def attempt() -> None:
        with suppress(Http404):
            _open(tries, child)

    return [Act(begins, partial(_open, by, child)), Act(begins, restrict), Act(begins + timedelta(days=2), attempt)]


def _desk(told: Mapping[str, Any]) -> list[Act]:
    """Information governance at its desk once a week, and one sighting that it looked into."""
    by = holder(told["office"])
    found = [Act(moment(working_days_ago(days), told["at"]), partial(desk.front, by)) for days in told["days_ago"]]

    def look_into() -> None:
        with suppress(Http404):  # where the demonstration is so small that nobody had anything to read
            actor = holder(told["about"]).person_key
            desk_actions.look_into(told["pattern"], actor, told["what"], told["words"], by=by)

    day = working_days_ago(told["looked_into_days_ago"])
    return [*found, Act(moment(day, told["at"]) + timedelta(minutes=50), look_into)]


def _requests(told: Mapping[str, Any], child: Held | None) -> list[Act]:
    """A subject access request, a legal hold, and an invitation that waits."""
    by = holder("information-governance")
    hold, asked, offered = told["hold"], told["subject_access"], told["invitation"]
    held = {name: hold[name] for name in ("reference", "reason", "keeps")}
    found = [
        Act(_when(hold), partial(retention.place_hold, by=by, **held)),
        Act(_when(offered), partial(_invite, offered)),
    ]
    if child is not None:
        given = asked["reference"], asked["asked_by"], child["person_id"]
        found.append(Act(_when(asked), partial(subject_access.export, *given, by=by)))
    return found


def _invite(told: Mapping[str, Any]) -> None:
    if not Invitation.objects.exists():
        offer = inviting.Offer(told["office"], clock.today() + timedelta(days=14))
        inviting.invite(by=holder("administrator"), name=told["name"], email=told["email"], offer=offer)


def _when(told: Mapping[str, Any]) -> datetime:
    return moment(
        _weekend_ago(told["days_ago"]) if told.get("weekend") else working_days_ago(told["days_ago"]), told["at"]
    )


def _weekend_ago(days: int) -> date:
    """The Saturday on or before the day so many days ago."""
    day = clock.today() - timedelta(days=days)
    return day - timedelta(days=(day.weekday() - 5) % 7)
