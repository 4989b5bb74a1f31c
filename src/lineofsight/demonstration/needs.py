"""Children whom the demonstration's people opened outside their scope in the last two months, and what came of it."""

import random
import tomllib
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from functools import partial
from importlib import resources
from typing import Any

from lineofsight import clock
from lineofsight.cases import refs
from lineofsight.demonstration.acts import Act, moment, working_days_ago
from lineofsight.demonstration.people import holder
from lineofsight.lake import Lake
from lineofsight.web import keys_in_use
from lineofsight.web.access import scope
from lineofsight.web.access.desk.belonging import same_surname as of_same_surname
from lineofsight.web.access.desk.patterns import patterns
from lineofsight.web.access.models import Holding, Need, Person
from lineofsight.web.access.need import actions, report, telling
from lineofsight.web.access.viewer import Viewer, viewer_in
from lineofsight.web.practice import queries
from lineofsight.web.practice.queries.standing import belonging, standing

# When the second person answers, and on which day after the first of its month information governance reads the report.
ANSWERED_AFTER = timedelta(hours=2)
REVIEWED_DAYS = 34
REVIEWED_AT = time(10, 5)
# Who else meets a child called as they are, where no child is called as the worker of the diary is.
ALSO = ("reviewing-officer", "team-manager")


def acts(lake: Lake, *, seed: int) -> list[Act]:
    """The needs of words.toml, each on its day by its office, answered and reviewed as it says there."""
    chance = random.Random(f"needs {seed}")  # noqa: S311 (a made-up diary)
    said = tomllib.loads(resources.files(__package__).joinpath("words.toml").read_text("utf-8"))["needs"]
    found: list[Act] = []
    for one in said:
        called_alike = one.get("same_surname", False)
        for office in [one["office"], *(ALSO if called_alike else ())]:
            asker = holder(office)
            child = _outside(lake, asker, chance, same_surname=called_alike)
            if child is not None:
                found += _acts(one, asker, child)
                break
    return found


def _acts(said: dict[str, Any], asker: Viewer, child: Mapping[str, Any]) -> list[Act]:
    """One need: stated, the page opened so often, closed, answered by who was told, and reviewed the month after."""
    begins = moment(working_days_ago(said["days_ago"]), said["at"])
    ref = refs.ref(keys_in_use(), asker.audience, child["child_key"])
    looks = [begins + timedelta(minutes=2 + 11 * look) for look in range(said["looks"])]
    found = [Act(begins, partial(_state, said, asker, child))]
    found += [Act(at, partial(queries.get_child, asker, ref)) for at in looks]
    if "closed" in said:
        found.append(Act(begins + timedelta(minutes=said["closed"]), partial(_close, asker, begins)))
    if "answer" in said:
        found.append(Act(begins + ANSWERED_AFTER, partial(_answer, said, asker, begins)))
    if "review" in said:
        month = report.month_of(begins)
        when = moment(month + timedelta(days=REVIEWED_DAYS), REVIEWED_AT)
        found.append(Act(when, partial(_review, said, asker, begins)))
    return found


def _state(said: dict[str, Any], asker: Viewer, child: Mapping[str, Any]) -> None:
    actions.open_for_need(
        by=asker,
        child_key=child["child_key"],
        purpose_slug=said["purpose"],
        reason=said["reason"],
        second=telling.second_people(child, asker.person_key),
    )


def _close(asker: Viewer, begins: datetime) -> None:
    actions.close_need(_stated(asker, begins), by=asker)


def _answer(said: dict[str, Any], asker: Viewer, begins: datetime) -> None:
    for row in _stated(asker, begins).tellings.select_related("person", "need"):
        actions.answer_telling(row, by=_office_of(row.person), answer=said["answer"], words=said.get("words", ""))


def _review(said: dict[str, Any], asker: Viewer, begins: datetime) -> None:
    """Information governance reads the month's report a few days into the next, and says what it makes of it."""
    by = holder("information-governance")
    actions.review_need(_stated(asker, begins), by=by, outcome=said["review"], words=said.get("review_words", ""))


def _stated(asker: Viewer, begins: datetime) -> Need:
    """The need that `asker` stated at that moment."""
    return Need.objects.get(person__key=asker.person_key, opened_at=begins)


def _outside(lake: Lake, asker: Viewer, chance: random.Random, *, same_surname: bool) -> Mapping[str, Any] | None:
    """A child on a plan or looked after whom `asker` does not work with, best one whom the team manager answers for.

    With `same_surname`, one who is called as the asker is; None where nobody is.
    """
    stand = standing()
    people = lake.persons(stand.snapshot, columns=["child_key", "on_plan", "looked_after"]).to_pylist()
    keys = [one["child_key"] for one in people if one["on_plan"] or one["looked_after"]]
    if same_surname:
        shortest = int(patterns()["own-surname"].numbers["shortest"])
        keys = [key for _, key in of_same_surname({asker.person_key: asker.person_name}, shortest) or ()]
    held = belonging(stand, keys)
    found = [one for _, one in sorted(held.items()) if not one["restricted"] and not scope.may_open(asker, one)]
    chance.shuffle(found)
    manager = holder("team-manager")
    return next((one for one in found if scope.may_open(manager, one)), found[0] if found else None)


def _office_of(person: Person) -> Viewer:
    """A person in the office they were told in."""
    held = Holding.objects.in_force(clock.today()).select_related("person")
    holding = held.filter(person=person, office__in=telling.LADDER).first()
    assert holding is not None
    return viewer_in(holding)
