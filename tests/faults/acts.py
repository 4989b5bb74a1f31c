"""What the product's people do in the tests of faults, by its own actions, and the census of what stands after."""

from __future__ import annotations

import hashlib
import json
import os
import random
import resource
import time
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
from tests.faults import flipping

from lineofsight.keys import open_keys
from lineofsight.lake import Lake

SINCE = date(2024, 4, 1)
OFFICES = ("dcs", "dcs-delegate", "lead-member", "head-of-service", "administrator", "information-governance")
AUDIT = "case-audit"
LIMIT = 4_096
REFUSED = "the database refuses to read it"


def people() -> int:
    """A person in each office, and one event in the chain."""
    from lineofsight.web.access import chain
    from lineofsight.web.access.models import Holding, Person

    for slug in OFFICES:
        person = Person.objects.create(key=f"p-{slug}", name=f"Person {slug}", email=f"{slug}@northmere.example")
        ids = ["s1"] if slug == "head-of-service" else []
        Holding.objects.create(person=person, office=slug, from_date=SINCE, scope_ids=ids)
    chain.record(actor="console", action="people.admitted")
    return len(OFFICES)


def viewer(office: str) -> Any:
    """The viewer that the holder of `office` is."""
    from lineofsight.web.access.models import Holding
    from lineofsight.web.access.viewer import viewer_in

    return viewer_in(Holding.objects.select_related("person").get(person__key=f"p-{office}"))


def sign() -> str:
    """The Director records a case audit with what was seen, unless it is on the record already."""
    from lineofsight import clock
    from lineofsight.web.commitments.models import Record
    from lineofsight.web.commitments.records import Told
    from lineofsight.web.commitments.seeing import Page, record_page
    from lineofsight.web.evidence.resolvers import Seen

    known = Record.objects.signed().filter(about_kind="commitment", about_key=AUDIT).first()
    if known:
        return "there already"
    seen = Seen("Case audit", "One case was read.", {"cases": 1, "grade": "good"})
    told = Told(
        clock.today(), "satisfied", "Because the plan was the child's.", difference="It will be reviewed sooner."
    )
    record_page(Page("commitment", AUDIT, seen, ""), told, by=viewer("dcs"))
    return "signed"


def finish() -> None:
    """The worker's own first step."""
    from lineofsight.web.site import work

    work.finish_loads()


def read() -> str:
    """The Director opens a list of children: the read is logged, and only then would anything be shown."""
    from lineofsight.web.access import chain

    event = chain.record_read(viewer=viewer("dcs"), action="children.listed", subject="CP10", child_keys=["a" * 32])
    return f"logged as entry {event.sequence}"


def census() -> dict[str, Any]:
    """Everything that must be the same after a fault and its repair as without it."""
    from lineofsight.web.access.house import home_in_use

    home = home_in_use()
    return {**_lake(home), **_database(home)}


def _lake(home: Any) -> dict[str, Any]:
    lake = Lake(home, open_keys(home))
    told: dict[str, Any] = {"snapshots": {}, "left over": _left_over(home.path)}
    for snapshot in lake.snapshots():
        computation = lake.computation(snapshot)
        one = {"tables": sum(entry.rows for entry in snapshot.tables.values()), "computation": None}
        if computation is not None:
            one["computation"] = computation.id
            for name in ("values", "rows", "exceptions"):
                one[name] = _digest_of(lake.read(computation, name))
        told["snapshots"][snapshot.id] = one
    return told


def _left_over(home: Path) -> list[str]:
    """What a dead process left half made. The locks are meant to stay."""
    locks = {".lock", ".loading", ".working", ".migrating", ".telling", ".nightly"}
    hidden = [path for path in home.rglob(".*") if path.name not in locks]
    return sorted(str(path.relative_to(home)) for path in [*hidden, *home.rglob("*.partial")])


def _database(home: Any) -> dict[str, Any]:
    from lineofsight.web.access.models import ChainEvent
    from lineofsight.web.commitments.models import Occurrence, OccurrenceHolder, Record
    from lineofsight.web.evidence.models import Evidence, Link
    from lineofsight.web.reports.models import Pack, Rendering

    held = OccurrenceHolder.objects.order_by("occurrence__commitment", "occurrence__due_on", "office")
    parts = list(held.values_list("occurrence__commitment", "occurrence__due_on", "office", "state", "person_name"))
    signed = Record.objects.signed()
    events = Counter(ChainEvent.objects.values_list("action", flat=True))
    return {
        "packs": {f"{one.office} {one.edition}": _digest(one.content["figures"]) for one in Pack.objects.all()},
        "renderings": Rendering.objects.count(),
        "occurrences": [Occurrence.objects.count(), _digest(parts)],
        "records": sorted(signed.values_list("about_kind", "about_key", "office", "version")),
        "drafts": Record.objects.filter(signed_at=None).count(),
        "evidence": Evidence.objects.count(),
        "links": Link.objects.count(),
        "events": {name: number for name, number in sorted(events.items()) if not name.startswith("read ")},
        "anchors": sorted(path.name for path in home.anchors.glob("*.json")),
    }


def _digest_of(table: pa.Table) -> str:
    """A table's rows, in whatever order they stand."""
    plain = [(field.name, "ascending") for field in table.schema if not pa.types.is_nested(field.type)]
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table.sort_by(plain).combine_chunks())
    return hashlib.sha256(sink.getvalue()).hexdigest()[:16]


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, default=str, sort_keys=True).encode()).hexdigest()[:16]


def fill(ballast: Path | None) -> None:
    """Fill the disk: every free byte into `ballast`. Without one, no file of this process grows past a page."""
    if ballast is None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, resource.RLIM_INFINITY))
        return
    descriptor = os.open(ballast, os.O_WRONLY | os.O_CREAT, 0o600)
    for size in (1 << 20, 1 << 12, 1):
        try:
            while True:
                os.write(descriptor, b"\0" * size)
        except OSError:
            continue
    os.close(descriptor)


def flip_pages(flips: int, seed: str) -> dict[str, Any]:
    """Flip single bits of SQLite's file; say which `verify` did not find though what is read is not as it was."""
    from django.db import connection

    from lineofsight.web.access.house import home_in_use

    file = home_in_use().database
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    truth, chance = _rows_of_everything(), random.Random(seed)
    connection.close()
    told: dict[str, Any] = {"found": 0, "unread": 0, "unnoticed": []}
    for _ in range(flips):
        with flipping.flipped(file, chance, used=True) as where:
            wrong = _wrong_by_verify()
            now = _rows_of_everything()
            differ = sorted(name for name in truth if now[name] != truth[name] and now[name] != REFUSED)
            if wrong or REFUSED in now.values():
                told["found"] += 1
            elif differ:
                told["unnoticed"].append([where, *differ])
            else:
                told["unread"] += 1
            connection.close()
    return told


def flip_anchor(flips: int, seed: str) -> dict[str, Any]:
    """Flip single bits of anchors; say which `verify` did not find."""
    from lineofsight.web.access.house import home_in_use

    chance = random.Random(seed)
    told: dict[str, Any] = {"found": 0, "unnoticed": []}
    paths = sorted(home_in_use().anchors.glob("*.json"))
    for _ in range(flips):
        path = chance.choice(paths)
        with flipping.flipped(path, chance) as where:
            if _wrong_by_verify():
                told["found"] += 1
            else:
                told["unnoticed"].append([where, path.read_bytes().decode(errors="replace")])
    return told


def _wrong_by_verify() -> list[str]:
    """What `lineofsight verify` would print as altered."""
    from django.db import connection

    from lineofsight.web.site import soundness

    try:
        return [verdict.sentence for verdict in soundness.everything() if not verdict.ok]
    finally:
        connection.close()


def _rows_of_everything() -> dict[str, str]:
    """Every row of every table as it is stored, by table; or that the table cannot be read."""
    from django.apps import apps
    from django.db import DatabaseError, connection

    told = {}
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        try:
            with connection.cursor() as cursor:
                cursor.execute(f'SELECT * FROM "{table}"')
                told[table] = _digest(sorted(map(repr, cursor.fetchall())))
        except (DatabaseError, ValueError):  # ValueError: a date that is none
            told[table] = REFUSED
    return told


def make_packs() -> int:
    """The packs of the newest month, made as somebody does who presses the button."""
    from lineofsight.web.reports import packs

    return len(packs.make_current(by=viewer("dcs")))


def sign_pack() -> str:
    """The Director signs the month's pack, in one step; what refuses it, where it is refused."""
    from lineofsight import clock
    from lineofsight.errors import PlainError
    from lineofsight.web.commitments.records import Frozen, Subject, Told, sign_now
    from lineofsight.web.reports.models import Pack

    pack = Pack.objects.get(office="dcs")
    told = Told(clock.today(), "satisfied", "Because every figure was read.", difference="Two visits were made.")
    try:
        sign_now(
            Subject("The pack", "pack", str(pack.pk)),
            told,
            by=viewer("dcs"),
            rests_on=[Frozen("pack", str(pack.pk), pack.digest)],
        )
    except PlainError as refused:
        return str(refused)
    return "signed"


def predecessors() -> dict[str, str | None]:
    """Each snapshot, and the one that was the newest when it was loaded."""
    from lineofsight.web.access.house import home_in_use

    home = home_in_use()
    return {one.id: one.predecessor for one in Lake(home, open_keys(home)).snapshots()}


def watch(until: int) -> dict[str, Any]:
    """Look as a page does, again and again, until that many snapshots have been stood on: what each look stood on.

    The same process all along, so that what it has opened and kept is looked at too.
    """
    from lineofsight.web.practice.queries import standing

    stood: list[dict[str, str]] = []
    looks, ends = 0, time.monotonic() + 500
    while len(stood) < until and time.monotonic() < ends:
        now = standing.standing()
        values = _digest_of(now.lake.read(now.computation, "values"))
        one = {"snapshot": now.snapshot.id, "computation": now.computation.id, "values": values}
        rows = now.lake.read(now.computation, "rows", columns=["child_key"])
        people = now.lake.persons(now.snapshot, columns=["child_key"])
        strangers = set(rows["child_key"].drop_null().to_pylist()) - set(people["child_key"].to_pylist())
        assert not strangers, "rows of children who are not in the snapshot"
        if one not in stood[-1:]:
            stood.append(one)
        looks += 1
    return {"stood on": stood, "looks": looks}
