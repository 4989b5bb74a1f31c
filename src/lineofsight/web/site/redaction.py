"""Redaction: one child is taken out of the lake, the database and the exports (DESIGN 5 G).

The database comes first, in one transaction with the entry that says who redacts, under which class, why and how much;
from then on the redaction is begun, and whoever comes next goes on with it: this command, run again, or the worker.
Then the child is put on the list that later loads look at, exports go, and each snapshot gets its successor. What was
written about the child meanwhile goes at the end, and the database's file is written anew.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from django.apps import apps
from django.db import OperationalError, connection, transaction

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.home import Home
from lineofsight.lake import folders, redacted, redacting, staging, strays
from lineofsight.lake.redacting import Held
from lineofsight.lake.strays import Strays, Words
from lineofsight.lake.taking import SHORTEST_IN_TEXT, Child
from lineofsight.web.access import chain, chain_redacting
from lineofsight.web.access.chain_index import REDACTED, REDUCED
from lineofsight.web.access.fields import EncryptedTextField
from lineofsight.web.access.house import home_in_use, keys_in_use, lake_in_use
from lineofsight.web.access.models import ChainChild, LegalHold, Redaction
from lineofsight.web.access.retention import redacting as database
from lineofsight.web.access.retention.classes import class_of, classes, title_of

LIFTED = "redaction.lifted"
LOOKED = "redaction.looked"
AGAIN = "It stood in the lake again, as after a restore from a backup."
ROLE = (
    "This database role may not change what is frozen, so it cannot redact: run the command as the role that owns "
    "the tables, with its address in LINEOFSIGHT_DATABASE_URL."
)
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Plan:
    """What a redaction would take, where, and what stands against it.

    `texts` are typed elsewhere, tied to no child, and say its name or id: for a person to read.
    """

    child: Child
    snapshots: tuple[Held, ...]
    database: Mapping[str, int]
    entries: int
    files: Strays
    sendings: int
    texts: Mapping[str, int]
    against: tuple[str, ...]

    @property
    def rows(self) -> int:
        return sum(one.rows for one in self.snapshots)

    @property
    def by_file(self) -> Mapping[str, int]:
        """Rows by file, over all snapshots; every computation's file of one name together."""
        found: dict[str, int] = {}
        for one in self.snapshots:
            for path, count in one.taken.items():
                name = path.rsplit("/", 1)[-1].removesuffix(".parquet")
                found[name] = found.get(name, 0) + count
        return dict(sorted(found.items()))

    @property
    def empty(self) -> bool:
        """Whether nothing here is of the child."""
        return not (self.snapshots or self.database or self.entries or self.files.holding)


def plan(child: Child, progress: Progress = lambda step, done, total: None) -> Plan:
    """What would go, and what stands against it. Changes nothing."""
    home, lake = home_in_use(), lake_in_use()
    held = tuple(redacting.held(lake, child, progress))
    words = _words(child, held)
    rows = database.found(child.keys, _long(child))
    entries = chain_redacting.entries_about(child.keys)
    return Plan(
        child=child,
        snapshots=held,
        database={label: len(named) for label, named in rows.items()},
        entries=entries,
        files=strays.look(home, words),
        sendings=len(staging.names(home)),
        texts=_typed_elsewhere(words, rows),
        against=_against(child.keys, rows, lake=bool(held), log=bool(entries)),
    )


def log_look(planned: Plan, *, by: str) -> None:
    """Write that somebody looks at what is held of the child, before it is shown. Raises LogUnavailable."""
    with transaction.atomic():
        chain.record(actor=by, action=LOOKED, child_keys=sorted(planned.child.keys), detail={"rows": planned.rows})


def child_of(person_id: str = "", ref: str = "") -> Child:
    """The child of an id in the case system, or of the ref that stands in the address of its page.

    Raises PlainError for a ref that is of nobody here.
    """
    from lineofsight.cases import refs

    lake = lake_in_use()
    if person_id:
        return redacting.child_called(lake, person_id)
    key = refs.child_key(lake.keys, "identified", ref)
    marks = {redacted.mark_of(lake.keys, key)} if key else set()
    found = _found(marks)
    if not found.ids:
        raise PlainError("No child here has that ref: give the child's id in the case system.")
    return redacting.child_called(lake, min(found.ids))


def redact(
    planned: Plan, *, under: str, why: str, by: str, progress: Progress = lambda step, done, total: None
) -> Redaction:
    """Take the child out of everything. Raises PlainError where a legal hold stands against it, or no reason."""
    redaction = begin(planned, under=under, why=why, by=by)
    finish(redaction, progress)
    return redaction


def begin(planned: Plan, *, under: str, why: str, by: str) -> Redaction:
    """The first step: the database, and the entry that tells of it. Raises as `redact` does."""
    child = planned.child
    check_role()
    if under not in classes(home_in_use()):
        raise PlainError(f"There is no class of records '{under}': {', '.join(classes())}.")
    if not why.strip():
        raise PlainError("Say why, in a few words that do not name the child. It is kept on the record.")
    if _words(child, planned.snapshots).are_in(why.encode()):
        raise PlainError("The reason names the child, and would be kept. Say why without the name or the id.")
    _forget_what_is_deleted()
    with transaction.atomic():
        standing = _against(child.keys, database.found(child.keys), lake=bool(planned.snapshots), log=True)
        if standing:
            raise PlainError(standing[0])
        redaction = Redaction.objects.create(
            marks=sorted(redacted.mark_of(keys_in_use(), key) for key in child.keys),
            stand_in=secrets.token_hex(16),
            under=under,
            at=clock.now(),
            by_key=by,
        )
        told = {"why": why.strip(), "snapshots": len(planned.snapshots), "rows": planned.rows}
        _erase(child.keys, redaction, by, told, _long(child))
    return redaction


def finish(redaction: Redaction, progress: Progress = lambda step, done, total: None) -> None:
    """What is left to do of a redaction that was begun. Run it as often as you like."""
    home, keys = home_in_use(), keys_in_use()
    with folders.locked(home.lake, folders.LOADING):
        redacted.put_on(home, keys, _marks(redaction))
    child = _found(redaction.marks)
    if child.ids:
        _delete_files(home, child)
        redacting.take_out(home, keys, child, under=redaction.under, at=redaction.at, progress=progress)
    _forget_what_is_deleted()
    written_since = _keys_in_database(redaction.marks)
    if written_since:
        check_role()
        with transaction.atomic():
            _erase(written_since, redaction, redaction.by_key, {})
    write_database_anew()
    with transaction.atomic():
        Redaction.objects.filter(pk=redaction.pk).update(finished_at=clock.now())
        _tell(redaction, redaction.by_key, {"finished": True, REDUCED: {}})


def go_on() -> int:
    """Finish what was begun, and see that the list has everybody it must have; how many were finished. The worker's."""
    home, keys = home_in_use(), keys_in_use()
    standing = [mark for one in Redaction.objects.filter(lifted_at=None) for mark in _marks(one)]
    if {one.mark for one in standing} - redacted.listed(home, keys).keys():
        with folders.locked(home.lake, folders.LOADING):
            redacted.put_on(home, keys, standing)
    begun = list(Redaction.objects.filter(finished_at=None))
    for one in begun:
        finish(one)
    return len(begun)


def again(*, by: str, progress: Progress = lambda step, done, total: None) -> int:
    """Redact whoever is on the list and stands in the lake again, as after a restore; how many children."""
    go_on()
    known, done = redacted.listed(home_in_use(), keys_in_use()), 0
    for person_id in sorted(_found(known).ids):
        planned = plan(redacting.child_called(lake_in_use(), person_id))
        if not planned.empty:  # of two records that were merged, the first took both
            mark = redacted.mark_of(keys_in_use(), keys_in_use().child_key(home_in_use().authority, person_id))
            redact(planned, under=known[mark].under, why=AGAIN, by=by, progress=progress)
            done += 1
    return done


def redacted_on(child: Child) -> date | None:
    """The day on which a child was redacted here; None for one who is not on the list."""
    known = redacted.listed(home_in_use(), keys_in_use())
    marks = [known[mark] for key in child.keys if (mark := redacted.mark_of(keys_in_use(), key)) in known]
    return max(one.at for one in marks).astimezone(clock.LONDON).date() if marks else None


def let_back(child: Child, *, why: str, by: str) -> int:
    """Let later extracts bring the child back, as where it is known here anew; how many redactions that lifts.

    What was redacted stays so. Raises PlainError where the child is not on the list.
    """
    home, keys = home_in_use(), keys_in_use()
    marks = {redacted.mark_of(keys, key) for key in child.keys}
    lifted = [one for one in Redaction.objects.filter(lifted_at=None) if marks & set(one.marks)]
    if not lifted or not why.strip():
        raise PlainError("Say why." if lifted else "No child of that id was redacted here.")
    with transaction.atomic():
        Redaction.objects.filter(pk__in=[one.pk for one in lifted]).update(lifted_at=clock.now(), lifted_by_key=by)
        chain.record(actor=by, action=LIFTED, detail={"redactions": [str(one.pk) for one in lifted], "why": why})
    with folders.locked(home.lake, folders.LOADING):
        redacted.take_off(home, keys, {mark for one in lifted for mark in one.marks})
    return len(lifted)


def write_database_anew() -> None:
    """Leave nothing of deleted rows in the database's own files, as far as it can be asked to.

    SQLite writes its file anew and empties its write-ahead log. PostgreSQL gives the space of dead rows free.
    Raises OperationalError where somebody else reads all the while: the worker tries again.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.execute("VACUUM")
            busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            if busy:
                raise OperationalError("database is locked")
        elif connection.vendor == "postgresql":
            cursor.execute("VACUUM")


def check_role() -> None:
    """Raise PlainError, with what to do, where the database lets this process change nothing that is frozen."""
    if not database.may_write():
        raise PlainError(ROLE)


def _erase(
    keys: Collection[str], redaction: Redaction, by: str, told: Mapping[str, object], ids: Collection[str] = ()
) -> None:
    """Take the child out of the database, and tell of it as the transaction's last statement."""
    rows = database.take_out(keys, redaction, ids)
    reduced = chain_redacting.take_out(keys)
    _tell(redaction, by, {**told, "database": rows, "entries": reduced.erased, REDUCED: dict(reduced.digests)})


def _tell(redaction: Redaction, by: str, told: Mapping[str, object]) -> None:
    detail = {**told, "redaction": str(redaction.pk)}
    chain.record(actor=by, action=REDACTED, subject=redaction.under, detail=detail)


def _forget_what_is_deleted() -> None:
    """Have SQLite write over what is deleted from here on."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")


def _against(keys: Collection[str], rows: Iterable[str], *, lake: bool, log: bool) -> tuple[str, ...]:
    """The legal holds that keep something of what would go: they beat any retention (rule 7.12)."""
    held = {class_of(apps.get_model(label)).slug for label in rows}
    held |= {slug for slug, there in (("snapshots", lake), ("log", log)) if there}
    found = []
    for hold in LegalHold.objects.filter(lifted_at=None):
        of_all = not hold.child_key and (not hold.keeps or hold.keeps in held)
        if hold.child_key in keys or of_all:
            day = hold.placed_at.astimezone(clock.LONDON)
            what = "this child" if hold.child_key else f"“{title_of(hold.keeps)}”" if hold.keeps else "everything"
            found.append(
                f"A legal hold of {day.day} {day:%B %Y} ({hold.reference}) keeps {what}: nothing is taken out "
                "until it is lifted."
            )
    return tuple(found)


def _marks(redaction: Redaction) -> list[redacted.Mark]:
    return [redacted.Mark(one, redaction.at, redaction.under) for one in redaction.marks]


def _found(marks: Iterable[str]) -> Child:
    """Those who stand in the lake under an id whose mark is one of `marks`: all that is known of them by now."""
    lake, wanted = lake_in_use(), set(marks)
    ids = {one for snapshot in redacting.every_snapshot(lake) for one in redacting.ids_in(lake, snapshot)}
    keyed = {one: lake.keys.child_key(lake.home.authority, one) for one in ids} if wanted else {}
    theirs = {one: key for one, key in keyed.items() if redacted.mark_of(lake.keys, key) in wanted}
    return Child(frozenset(theirs), frozenset(theirs.values()))


def _keys_in_database(marks: Iterable[str]) -> frozenset[str]:
    """The keys of the child that something was written under since."""
    keys, wanted = keys_in_use(), set(marks)
    known = set(ChainChild.objects.values_list("child_key", flat=True).distinct())
    for rows in database.covered():
        for field in rows.child:
            known.update(database.every(rows.kind).values_list(field, flat=True).distinct())
    return frozenset(one for one in known if one and redacted.mark_of(keys, one) in wanted)


def _delete_files(home: Home, child: Child) -> None:
    held = tuple(redacting.held(lake_in_use(), child))
    for path in strays.look(home, _words(child, held)).to_delete:
        path.unlink(missing_ok=True)
    for name in staging.names(home):
        staging.erase(home, name)


def _words(child: Child, held: Iterable[Held]) -> Words:
    """What would tell of the child in a file or a text: its ids, its codes, and its name as any snapshot has it."""
    return Words(_long(child) | database.names_of(child.keys), _name(child, held))


def _long(child: Child) -> frozenset[str]:
    """The ids that are looked for in texts: shorter ones would be anything there."""
    return frozenset(one for one in child.ids if len(one) >= SHORTEST_IN_TEXT)


def _name(child: Child, held: Iterable[Held]) -> frozenset[str]:
    import pyarrow.compute as pc

    lake = lake_in_use()
    for one in held:
        with suppress(PlainError):
            named = lake.persons(
                one.snapshot,
                columns=["forename", "surname"],
                where=pc.field("child_key").isin(sorted(child.keys)),
            ).to_pylist()
            for row in named:
                if row["forename"] and row["surname"]:
                    return frozenset({row["forename"], row["surname"]})
    return frozenset()


def _typed_elsewhere(words: Words, theirs: Mapping[str, Collection[object]]) -> dict[str, int]:
    """How many typed texts that are tied to no child say its name or id: a person has to read and mend those."""
    found: dict[str, int] = {}
    for model in apps.get_models():
        fields = [field.name for field in model._meta.concrete_fields if isinstance(field, EncryptedTextField)]
        if not fields:
            continue
        for row in database.every(model).values("pk", *fields).iterator(chunk_size=500):
            said = any(row[name] and words.are_in(str(row[name]).encode()) for name in fields)
            if said and row["pk"] not in theirs.get(model._meta.label, ()):
                found[model._meta.label] = found.get(model._meta.label, 0) + 1
    return found
