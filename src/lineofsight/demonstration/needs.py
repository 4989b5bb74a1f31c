"""Children whom the demonstration's people opened outside their scope in the last two months, and what came of it."""

import random
import tomllib
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from importlib import resources
from typing import Any

from lineofsight import clock
from lineofsight.cases import refs
from lineofsight.lake import Lake
from lineofsight.web import keys_in_use
from lineofsight.web.access import scope
from lineofsight.web.access.models import Holding, Need, Person
from lineofsight.web.access.need import actions, report, telling
from lineofsight.web.access.viewer import Viewer, viewer_in
from lineofsight.web.practice import queries
from lineofsight.web.practice.queries.standing import belonging, standing

AFTERNOON = time(14, 20, tzinfo=clock.LONDON)


def state(lake: Lake, *, seed: int) -> None:
    """State the needs of words.toml, each on its day by its office, answered and reviewed as it says there."""
    if Need.objects.exists():
        return
    chance = random.Random(f"needs {seed}")  # noqa: S311 (a made-up diary)
    said = tomllib.loads(resources.files(__package__).joinpath("words.toml").read_text("utf-8"))["needs"]
    for one in said:
        moment = datetime.combine(clock.today() - timedelta(days=one["days_ago"]), AFTERNOON)
        asker = _holder(one["office"])
        child = _outside(lake, asker, chance)
        if child is not None:
            _happen(one, moment, asker, child)


def _happen(said: dict[str, Any], moment: datetime, asker: Viewer, child: Mapping[str, Any]) -> None:
    """One need: stated, the page opened so often, closed, answered by who was told, and reviewed the month after."""
    with clock.frozen_at(moment):
        need = actions.open_for_need(
            by=asker,
            child_key=child["child_key"],
            purpose_slug=said["purpose"],
            reason=said["reason"],
            second=telling.second_people(child, asker.person_key),
        )
    ref = refs.ref(keys_in_use(), asker.audience, child["child_key"])
    for look in range(said["looks"]):
        with clock.frozen_at(moment + timedelta(minutes=2 + 11 * look)):
            queries.get_child(asker, ref)
    if "closed" in said:
        with clock.frozen_at(moment + timedelta(minutes=said["closed"])):
            actions.close_need(need, by=asker)
    if "answer" in said:
        for row in need.tellings.select_related("person", "need"):
            with clock.frozen_at(moment + timedelta(hours=2)):
                answering = _office_of(row.person)
                actions.answer_telling(row, by=answering, answer=said["answer"], words=said.get("words", ""))
    if "review" in said:
        _review(need, said, moment)


def _review(need: Need, said: dict[str, Any], moment: datetime) -> None:
    """Information governance reads the month's report a few days into the next, and says what it makes of it."""
    month = report.month_of(moment)
    when = min(datetime.combine(month + timedelta(days=34), AFTERNOON), clock.now())
    with clock.frozen_at(when):
        governance = _holder("information-governance")
        actions.review_need(need, by=governance, outcome=said["review"], words=said.get("review_words", ""))


def _outside(lake: Lake, asker: Viewer, chance: random.Random) -> Mapping[str, Any] | None:
    """A child on a plan or looked after whom `asker` does not work with, best one whom the team manager answers for."""
    stand = standing()
    people = lake.persons(stand.snapshot, columns=["child_key", "on_plan", "looked_after"]).to_pylist()
    held = belonging(stand, [one["child_key"] for one in people if one["on_plan"] or one["looked_after"]])
    found = [one for _, one in sorted(held.items()) if not one["restricted"] and not scope.may_open(asker, one)]
    chance.shuffle(found)
    manager = _holder("team-manager")
    return next((one for one in found if scope.may_open(manager, one)), found[0] if found else None)


def _holder(office: str) -> Viewer:
    """Whoever holds `office` today, as a viewer."""
    held = Holding.objects.in_force(clock.today()).select_related("person")
    holding = held.filter(office=office, as_delegate=False).first()
    assert holding is not None
    return viewer_in(holding)


def _office_of(person: Person) -> Viewer:
    """A person in the office they were told in."""
    held = Holding.objects.in_force(clock.today()).select_related("person")
    holding = held.filter(person=person, office__in=telling.LADDER).first()
    assert holding is not None
    return viewer_in(holding)
