"""The named steps at which a process may be stopped, and how one is armed: real functions wrapped, nothing in them.

A step is the n-th call of one function of the product, or of the system, that its `picks` recognises. At it the
process kills itself (`kill -9`), or fills its disk. The product knows nothing of this.
"""

from __future__ import annotations

import importlib
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Picks = Callable[[tuple[Any, ...], dict[str, Any]], bool]
Deed = Callable[[], None]


@dataclass(frozen=True)
class Step:
    """One named step: `where` as 'module:name.name', `when` before or after its `nth` picked call.

    `during` is what is being done: first-load, load, work, render, sign,
    read or redact. `commits` says that what the
    process was making stands when it is stopped here. `full`: only in the full run; `both`: in every run on both
    databases (in the full run each is).
    """

    name: str
    during: str
    where: str
    when: str
    nth: int = 1
    picks: Picks | None = None
    commits: bool = False
    full: bool = False
    both: bool = False

    def __str__(self) -> str:
        return f"{self.during}: {self.name}"


def arm(step: Step, deed: Deed) -> None:
    """Wrap the step's function so that `deed` is done at the step, once."""
    owner, name = _found(step.where)
    real = owner.__dict__[name] if isinstance(owner, type) and name in owner.__dict__ else getattr(owner, name)
    met = 0
    one_at_a_time = threading.Lock()

    def stepped(*args: Any, **kwargs: Any) -> Any:
        nonlocal met
        with one_at_a_time:
            met += step.picks is None or step.picks(args, kwargs)
            here = met == step.nth
            met += here  # once
        if here and step.when == "before":
            deed()
        done = real(*args, **kwargs)
        if here and step.when == "after":
            deed()
        return done

    setattr(owner, name, stepped)


def die() -> None:
    """What `kill -9` does, from inside."""
    os.kill(os.getpid(), signal.SIGKILL)


def _found(where: str) -> tuple[Any, str]:
    module, _, path = where.partition(":")
    owner: Any = importlib.import_module(module)
    *above, name = path.split(".")
    for part in above:
        owner = getattr(owner, part)
    return owner, name


def _to(folder: str) -> Picks:
    """A rename whose target lies directly in `folder`."""
    return lambda args, kwargs: Path(args[1]).parent.name == folder


def _named(name: str) -> Picks:
    """A method called for the file `name`."""
    return lambda args, kwargs: args[1] == name


def _flushing(part: str) -> Picks:
    """A flush of a file whose path has `part` in it."""
    return lambda args, kwargs: part in _path_of(args[0])


def _opening(part: str) -> Picks:
    """The opening of a file, to be written, whose path has `part` in it."""
    return lambda args, kwargs: part in str(args[0]) and bool(args[1] & os.O_CREAT)


def _telling(action: str) -> Picks:
    """The writing of an event of that action."""
    return lambda args, kwargs: kwargs.get("action") == action


def _of_the_one_before(args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    """The manifest of a snapshot that a successor has taken the place of."""
    return args[0].name == "manifest.json" and ".unfinished-" in str(args[0])


def _path_of(descriptor: int) -> str:
    try:
        return str(Path(f"/proc/self/fd/{descriptor}").readlink())
    except OSError:
        return ""


MADE = "lineofsight.keys:create_home"
RECORDS = "lineofsight.web.commitments.records"
DERIVED = "lineofsight.cases.exceptions:derive_from"
WRITER = "lineofsight.lake.publishing:_Writer"
FLUSHED = "lineofsight.lake.folders:write_flushed"
RENAME, REPLACE = "pathlib:Path.rename", "pathlib:Path.replace"
COMMIT = "django.db.backends.base.base:BaseDatabaseWrapper._commit"
EVENT = "lineofsight.web.access.models:ChainEvent.save"
RECORD = "lineofsight.web.access.chain:record"

FIRST_LOAD = (
    Step(
        "the home's folder is there, its mark is not", "first-load", "lineofsight.keys:create_home", "before", full=True
    ),
    Step("the home is there, its keys are not", "first-load", "lineofsight.keys:create_home", "after", full=True),
    Step("the master key is there, the keyring is not", "first-load", "lineofsight.keys:Keyring.wrap", "before"),
)
LOAD = (
    Step("the extract is read", "load", "lineofsight.lake.store:Lake.publish", "before", full=True),
    Step("the snapshot's folder is begun", "load", "lineofsight.lake.publishing:_write_tables", "before", full=True),
    Step("half the tables are written", "load", f"{WRITER}.write_batches", "before", nth=12, full=True),
    Step(
        "the chronology is being written",
        "load",
        f"{WRITER}.write_batches",
        "before",
        picks=_named("models/events.parquet"),
        full=True,
    ),
    Step("the manifest is written", "load", FLUSHED, "after", full=True),
    Step("before the snapshot's rename", "load", RENAME, "before", picks=_to("snapshots"), full=True),
    Step("after the snapshot's rename", "load", RENAME, "after", picks=_to("snapshots"), commits=True),
    Step("the measures are done", "load", DERIVED, "before", commits=True, full=True),
    Step(
        "the exceptions are derived",
        "load",
        DERIVED,
        "after",
        commits=True,
        full=True,
    ),
    Step(
        "the rows are written",
        "load",
        f"{WRITER}.keep",
        "after",
        picks=_named("rows.parquet"),
        commits=True,
        full=True,
    ),
    Step("the computation's manifest is written", "load", FLUSHED, "after", nth=2, commits=True, full=True),
    Step("before the computation's rename", "load", RENAME, "before", picks=_to("computations"), commits=True),
    Step("after the computation's rename", "load", RENAME, "after", picks=_to("computations"), commits=True, full=True),
    Step(
        "the load stands, the log does not tell of it yet",
        "load",
        "lineofsight.web.access.loads:tell_of_loads",
        "before",
        commits=True,
        full=True,
    ),
    Step(
        "half the anchor of the day before is written",
        "load",
        "os:fsync",
        "before",
        picks=_flushing("/anchors/"),
        commits=True,
        full=True,
    ),
)
WORK = (
    Step("the occurrences are made", "work", "lineofsight.web.commitments.schedule:_make", "after", full=True),
    Step("the occurrences are told of", "work", RECORD, "after", picks=_telling("commitments.extended"), full=True),
    Step("what a pack says is built", "work", "lineofsight.web.reports.content:build", "after", full=True),
    Step("the pack's row is written", "work", "lineofsight.web.reports.models:Pack.save", "after"),
    Step("the pack is told of, not committed", "work", "lineofsight.web.reports.packs:_tell", "after", full=True),
    Step("one pack stands, the next is not begun", "work", "lineofsight.web.reports.packs:make", "after", full=True),
    Step("half an anchor is written", "work", "os:fsync", "before", picks=_flushing("/anchors/"), full=True),
    Step("before the anchor's rename", "work", REPLACE, "before", picks=_to("anchors"), full=True),
    Step("after the anchor's rename", "work", REPLACE, "after", picks=_to("anchors"), full=True),
)
RENDER = (
    Step(
        "the rendering is written, not committed",
        "render",
        "lineofsight.web.reports.models:Rendering.save",
        "after",
        full=True,
    ),
    Step("half the file is written", "render", "os:fsync", "before", picks=_flushing("/exports/"), commits=True),
)
SIGN = (
    Step("the evidence is frozen", "sign", "lineofsight.web.commitments.seeing:freeze", "after", full=True),
    Step("the record is saved", "sign", "lineofsight.web.commitments.models:Record.save", "after", nth=2, full=True),
    Step("the occurrence is fulfilled", "sign", f"{RECORDS}:_fulfil", "after", full=True),
    Step("the event is inserted, the head has not moved", "sign", EVENT, "after", nth=2, both=True),
    Step(
        "the chain's event is written", "sign", "lineofsight.web.commitments.records:_tell_signed", "after", full=True
    ),
    Step("before the commit", "sign", COMMIT, "before", both=True, full=True),
    Step("after the commit", "sign", COMMIT, "after", commits=True, both=True, full=True),
)
READ = (
    Step("a read's event is inserted, the head has not moved", "read", EVENT, "after"),
    Step("a read's event is committed, nothing shown yet", "read", COMMIT, "after", commits=True, full=True),
)
REDACTION = "lineofsight.web.site.redaction"
SUCCESSION = "lineofsight.lake.succession"
REDACT = (
    Step("the child is out of the database, not committed", "redact", f"{REDACTION}:_erase", "after", full=True),
    Step("the database is committed", "redact", f"{REDACTION}:begin", "after", commits=True, both=True),
    Step("the child is on the list", "redact", "lineofsight.lake.redacted:put_on", "after", commits=True, full=True),
    Step("the exports are gone", "redact", f"{REDACTION}:_delete_files", "after", commits=True, full=True),
    Step(
        "half a successor is written",
        "redact",
        "lineofsight.lake.sealed:write",
        "before",
        nth=20,
        commits=True,
        full=True,
    ),
    Step(
        "a successor is whole, not in its place", "redact", f"{SUCCESSION}:exchanged", "before", commits=True, full=True
    ),
    Step(
        "the two have changed places", "redact", f"{SUCCESSION}:exchanged", "after", commits=True, both=True, full=True
    ),
    Step(
        "the old manifest is gone, its files are not",
        "redact",
        "pathlib:Path.unlink",
        "after",
        picks=_of_the_one_before,
        commits=True,
        full=True,
    ),
    Step(
        "one snapshot is done, the next is not",
        "redact",
        "lineofsight.lake.redacting:_succeed",
        "after",
        commits=True,
        full=True,
    ),
    Step("the lake is done", "redact", "lineofsight.lake.redacting:take_out", "after", commits=True, full=True),
    Step(
        "the database is written anew", "redact", f"{REDACTION}:write_database_anew", "after", commits=True, full=True
    ),
)
# Where the disk is filled instead: while publishing, while computing, and before each kind of write after it.
FULL = (
    Step("the disk fills while tables are written", "load", f"{WRITER}.write_batches", "before", nth=12),
    Step("the disk fills before the manifest", "load", FLUSHED, "before", full=True),
    Step("the disk fills when the measures are done", "load", DERIVED, "before", full=True),
    Step("the disk fills before the database is written", "work", "lineofsight.web.reports.models:Pack.save", "before"),
    Step("the disk fills before an anchor is written", "work", "os:open", "before", picks=_opening("/anchors/")),
    Step(
        "the disk fills before a pack's file is written",
        "render",
        "os:open",
        "before",
        picks=_opening("/exports/"),
        full=True,
    ),
)
STEPS = (*FIRST_LOAD, *LOAD, *WORK, *RENDER, *SIGN, *READ, *REDACT)


def by_name(told: str) -> Step:
    """The step that is written so."""
    return next(step for step in (*STEPS, *FULL) if str(step) == told)
