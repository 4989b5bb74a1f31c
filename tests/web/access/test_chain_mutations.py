"""Whatever is done to the chain's table by somebody with the database in hand is found, and found where it was done.

Each case changes the real table of the database under test, verifies, and puts the rows back. 1,000 cases in the quick
run, 1,000 more in the full one, or as many times that as LINEOFSIGHT_TIMES says; the seed is printed with a failure.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from tests.times import times

from lineofsight import chain as format
from lineofsight import clock
from lineofsight.home import Home
from lineofsight.web.access import chain
from lineofsight.web.access.models import ChainEvent, ChainHead

SEED = int(os.environ.get("LINEOFSIGHT_SEED", "20261122"))
A_THOUSAND, MANY = 1_000, times(1_000)
LENGTH = 24
MONDAY = datetime(2026, 11, 2, 9, tzinfo=UTC)
TEXTS = ("at", "actor", "action", "subject", "digest", "previous", "hash")

Rows = list[dict[str, Any]]
# A change takes the rows in order and chance; it returns the rows to put there and the place it must be told at.
Change = Callable[[Rows, random.Random], tuple[Rows, int]]


def relinked(rows: Rows, begins: int) -> Rows:
    """The rows with every hash from a place on computed anew, as somebody who knows the format would."""
    made: Rows = []
    for row in rows:
        if row["sequence"] >= begins:
            previous = made[-1]["hash"] if made else format.GENESIS
            link = {name: row[name] for name in ("at", "actor", "action", "subject", "digest")}
            hashed = format.entry_hash(sequence=row["sequence"], previous=previous, **link)
            row = {**row, "previous": previous, "hash": hashed}
        made.append(row)
    return made


def changed(rows: Rows, chance: random.Random) -> tuple[Rows, int]:
    """One field of one entry, by one letter or whole."""
    at, name = chance.randrange(len(rows)), chance.choice(TEXTS)
    value = rows[at][name]
    place = chance.randrange(len(value)) if value else 0
    letter = chance.choice("0123456789abcdef")
    other = value[:place] + letter + value[place + 1 :]
    if other == value:
        other = value[:place] + ("1" if letter == "0" else "0") + value[place + 1 :]
    return [{**row, name: other} if row is rows[at] else row for row in rows], at + 1


def renumbered(rows: Rows, chance: random.Random) -> tuple[Rows, int]:
    """The last entry under a number further on."""
    moved = {**rows[-1], "sequence": rows[-1]["sequence"] + chance.randint(1, 9)}
    return [*rows[:-1], moved], rows[-1]["sequence"]


def deleted(rows: Rows, chance: random.Random) -> tuple[Rows, int]:
    at = chance.randrange(len(rows) - 1)
    many = chance.randint(1, min(3, len(rows) - 1 - at))
    return rows[:at] + rows[at + many :], at + 1


def deleted_and_closed_up(rows: Rows, chance: random.Random) -> tuple[Rows, int]:
    """One entry taken out and the later ones moved down a number."""
    at = chance.randrange(len(rows) - 1)
    return [*rows[:at], *({**row, "sequence": row["sequence"] - 1} for row in rows[at + 1 :])], at + 1


def inserted(rows: Rows, chance: random.Random) -> tuple[Rows, int]:
    """An entry of one's own making, the later ones moved up a number."""
    at = chance.randrange(len(rows))
    new = {**chance.choice(rows), "sequence": at + 1, "actor": "p-somebody"}
    return [*rows[:at], new, *({**row, "sequence": row["sequence"] + 1} for row in rows[at:])], at + 1


def exchanged(rows: Rows, chance: random.Random) -> tuple[Rows, int]:
    """Two entries in each other's place."""
    one, two = sorted(chance.sample(range(len(rows)), 2))
    swapped = [*rows]
    swapped[one] = {**rows[two], "sequence": one + 1}
    swapped[two] = {**rows[one], "sequence": two + 1}
    return swapped, one + 1


def cut_short(rows: Rows, chance: random.Random) -> tuple[Rows, int]:
    keep = chance.randrange(len(rows))
    return rows[:keep], keep + 1


def appended(rows: Rows, chance: random.Random) -> tuple[Rows, int]:
    """A well-made entry after the head."""
    more = {**chance.choice(rows), "sequence": len(rows) + 1, "actor": "p-somebody"}
    return relinked([*rows, more], len(rows) + 1), len(rows) + 1


def changed_and_relinked(rows: Rows, chance: random.Random) -> tuple[Rows, int]:
    """One entry changed and every later hash computed anew: the head and the anchors tell."""
    at = chance.randrange(len(rows))
    value = chance.choice(["p-somebody", "p-nobody"])
    return relinked([{**row, "actor": value} if row is rows[at] else row for row in rows], at + 1), at + 1


CHANGES: list[Change] = [
    changed, renumbered, deleted, deleted_and_closed_up, inserted, exchanged, cut_short, appended,
    changed_and_relinked,
]  # fmt: skip


@pytest.fixture
def written(db: None, home: Home) -> Rows:
    """A chain of two days with an anchor in its first, and its rows."""
    for number in range(LENGTH):
        with clock.frozen_at(MONDAY + timedelta(hours=number * 2)):
            chain.record(
                actor=f"p-{number % 5}", action="looked", subject=f"page {number}", child_keys=[f"{number:032x}"]
            )
        if number == LENGTH // 2:
            with clock.frozen_at(MONDAY):
                chain.anchor_head(home)
    return list(ChainEvent.objects.order_by("sequence").values())


def put(rows: Rows) -> None:
    """Make the table hold these rows, by the database's own means."""
    ChainEvent.objects.all()._raw_delete(using="default")  # the model itself deletes nothing
    ChainEvent.objects.bulk_create([ChainEvent(**row) for row in rows])


def run(home: Home, rows: Rows, cases: int, counted: Callable[..., None]) -> None:
    chance, anchored = random.Random(f"{SEED} {cases}"), LENGTH // 2 + 1
    for case in range(cases):
        change = CHANGES[case % len(CHANGES)]
        made, place = change(rows, chance)
        with transaction.atomic():
            put(made)
            verdict = chain.verify_chain(home)
            transaction.set_rollback(True)
        told = f"case {case} of seed {SEED}: {change.__name__} at {place}"
        assert not verdict.ok, told
        places = {problem.sequence for problem in verdict.problems}
        if change is changed_and_relinked:
            # Nothing in the table tells where it began: the first anchor after it, or else the head, is where it shows.
            assert min(places) == (anchored if place <= anchored else LENGTH), told
        else:
            assert min(places) == place, told
    assert chain.verify_chain(home, payloads=True).ok
    counted(f"changes of the chain, {connection.display_name}", cases)


def test_a_thousand_random_changes_of_every_kind_are_found_where_they_were_made(written, home, counted):
    run(home, written, A_THOUSAND, counted)


@pytest.mark.full
def test_thousands_of_random_changes_of_every_kind_are_found_where_they_were_made(written, home, counted):
    run(home, written, MANY, counted)


def test_somebody_who_writes_the_head_anew_too_is_found_back_to_the_last_anchor_and_no_further(written, home):
    """With the database alone an attacker can rewrite what came after the last anchor: that is what anchors are for."""
    anchored = LENGTH // 2 + 1
    for at, found in ((anchored - 2, True), (anchored - 1, True), (anchored, False), (LENGTH - 1, False)):
        made = relinked([{**row, "actor": "p-somebody"} if row is written[at] else row for row in written], at + 1)
        with transaction.atomic():
            put(made)
            ChainHead.objects.update(sequence=LENGTH, hash=made[-1]["hash"])
            verdict = chain.verify_chain(home)
            transaction.set_rollback(True)
        assert verdict.ok is not found
        if found:
            assert [problem.sequence for problem in verdict.problems] == [anchored]


def test_a_cut_that_the_head_was_moved_back_for_is_found_by_the_anchor(written, home):
    made = written[: LENGTH // 2 - 3]
    with transaction.atomic():
        put(made)
        ChainHead.objects.update(sequence=made[-1]["sequence"], hash=made[-1]["hash"])
        verdict = chain.verify_chain(home)
        transaction.set_rollback(True)
    assert [problem.sequence for problem in verdict.problems] == [LENGTH // 2 + 1]


@pytest.mark.parametrize("change", [lambda h: h[::-1], lambda h: "0" * 64])
def test_an_anchor_that_was_changed_is_told(written, home, change):
    path = next(home.anchors.glob("*.json"))
    hashed = ChainEvent.objects.get(sequence=LENGTH // 2 + 1).hash
    path.write_text(path.read_text().replace(hashed, change(hashed)))
    assert [problem.sequence for problem in chain.verify_chain(home).problems] == [LENGTH // 2 + 1]
    assert chain.anchored(home)[2] is False
