"""The months' tens: frozen by the Director when each extract came in, with a note, a text released, one taken off."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from importlib import resources

from lineofsight.demonstration.acts import Act
from lineofsight.demonstration.people import holder
from lineofsight.lake import Lake, Snapshot
from lineofsight.web.access.viewer import Known, Viewer
from lineofsight.web.practice.models import TenMonth, TenPlace
from lineofsight.web.practice.ten import actions

FROZEN_AFTER = timedelta(minutes=40)  # the extract came in, and the Director looked
SAID_AFTER = timedelta(minutes=50)  # before the month's packs are made
FEW = 3  # of a shorter list nobody is taken off


def acts(lake: Lake) -> list[Act]:
    """What the Director does with each month's list, in the month's own time."""
    said = tomllib.loads(resources.files(__package__).joinpath("words.toml").read_text("utf-8"))["ten"]
    known = sorted(lake.snapshots(), key=lambda one: one.as_at)
    found = []
    for snapshot, words in zip(known, said, strict=False):
        by = _director(snapshot)
        found.append(Act(snapshot.loaded_at + FROZEN_AFTER, partial(actions.freeze, by=by)))
        found.append(Act(snapshot.loaded_at + SAID_AFTER, partial(_say, by, snapshot, words)))
    return found


def _director(snapshot: Snapshot) -> Viewer:
    """The Director of that day, looking at that extract."""
    day = snapshot.loaded_at.date()
    return replace(holder("dcs", day), known=Known(snapshot.id, snapshot.as_at, snapshot.loaded_at))


def _say(by: Viewer, snapshot: Snapshot, words: Mapping[str, str]) -> None:
    frozen = TenMonth.objects.get(month=snapshot.as_at.replace(day=1))
    keys = [one.child_key for one in TenPlace.objects.filter(ten=frozen, removed_at=None)]
    if keys:
        actions.write_note(by=by, child_key=keys[0], words=words["note"])
    if len(keys) > 1:
        actions.release(by=by, child_key=keys[1], text=words["text"], read_again=True)
    if len(keys) > FEW and "off" in words:
        actions.remove(by=by, child_key=keys[-1], why=words["off"])
