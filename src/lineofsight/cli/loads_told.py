"""What the commands about loads say: what a load came to, what in it needs a look, and the list of all loads."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import pyarrow as pa

from lineofsight import clock, loading, schema
from lineofsight.cli.console import Format, note, show_json, tabled
from lineofsight.home import Home
from lineofsight.keys import open_keys
from lineofsight.lake import Lake, Snapshot
from lineofsight.loading import telling
from lineofsight.loading.telling import Step
from lineofsight.measures import definitions


def held(home: Home, load: str) -> Snapshot:
    """The snapshot of that id, whether it stands, waits or was withdrawn. Raises PlainError where there is none."""
    lake = Lake(home, open_keys(home))
    waits = [one for one in lake.waiting() if one.id == load]
    return waits[0] if waits else lake.snapshot(load)


def say(home: Home, done: Sequence[loading.Loaded], format: Format, *, verbose: bool) -> None:
    """The ids on stdout; on stderr what needs a look, and one sentence for each load."""
    if format is Format.JSON:
        show_json({**_described(home, done[-1]), "earlier": [one.snapshot.id for one in done[:-1]]})
        return
    _tell_tables(done[-1], verbose=verbose)
    for one in done:
        print(one.snapshot.id)
        note(_sentence(home, one))
        _tell_issues(home, one.snapshot)


def withdrawn(load: str, again: int) -> str:
    """That a load is withdrawn, and what followed."""
    later = "1 later load was" if again == 1 else f"{again:,} later loads were"
    return f"The load {load} is withdrawn." + (f" {later} worked out anew without it." if again else "")


def listed(lake: Lake, snapshot: Snapshot) -> dict[str, Any]:
    """One load in the list of all loads."""
    mark = lake.withdrawn(snapshot)
    waits = snapshot.directory.parent.name == "waiting"
    state = f"withdrawn: {mark.why}" if mark else "waits for a yes" if waits else "stands"
    found = lake.issues(snapshot)
    return {
        "load": snapshot.id,
        "as_at": snapshot.as_at,
        "loaded_at": snapshot.loaded_at,
        "tables": len(snapshot.tables),
        "rows": sum(entry.rows for entry in snapshot.tables.values()),
        "issues": found.num_rows,
        "new_issues": sum(found["new"].to_pylist()),
        "state": state,
    }


def in_short(row: dict[str, Any]) -> dict[str, Any]:
    """The same for a terminal: the moment to the minute, in the house's own time."""
    moment = row["loaded_at"].astimezone(clock.LONDON)
    new = f" ({row['new_issues']:,} new)" if row["new_issues"] else ""
    return {
        "load": row["load"],
        "loaded": f"{moment:%Y-%m-%d %H:%M}",
        "rows": row["rows"],
        "issues": f"{row['issues']:,}{new}",
        "state": row["state"],
    }


def _tell_tables(loaded: loading.Loaded, *, verbose: bool) -> None:
    """On stderr, each table's rows from the file to the chronology, beside the load before: those that need a look.

    `held` are the rows the snapshot has, `dated` those of them that stand in some child's chronology.
    """
    steps = {one.table: one for one in telling.steps(loaded.snapshot)}
    files = loaded.snapshot.account.files
    shown = files if verbose else [one for one in files if one.table is None]
    tabled("Files", [{"file": _place(one.file, one.sheet), "rows": one.rows, "why": one.why} for one in shown])
    found = telling.sorted_out(loaded.changes, steps)
    lines = loaded.changes if verbose else found.look
    tabled("Rows" if verbose else "Tables to look at", [_row(one, steps.get(one.table)) for one in lines])
    if not verbose:
        for sentence in (telling.carried_sentence(found.carried), telling.rest_sentence(found)):
            if sentence:
                note(sentence)


def _row(change: loading.TableChange, step: Step | None) -> dict[str, Any]:
    over = step.passed_over if step else ()
    return {
        "table": change.title,
        "read": step.read if step else None,
        "not kept": ", ".join(f"{count:,} {reason}" for reason, count in over) or "0",
        "held": change.now,
        "dated": step.dated if step else None,
        "before": change.before,
        "note": _about(change),
    }


def _about(change: loading.TableChange) -> str:
    if change.how == "carried":
        return f"copied forward, as at {change.as_at:%-d %B %Y}"
    if change.how == "gone" and not change.beyond:
        return "loaded by itself before; the new snapshot is without it"
    if change.how == "gone":
        return "not in this extract: needs a yes"
    told = [f"{change.percent:g}% fewer"] if change.lost and change.percent else []
    told += [change.dated_words()] if change.lost_dated else []
    return ", ".join(told) + (": needs a yes" if change.beyond else "")


def _tell_issues(home: Home, snapshot: Snapshot) -> None:
    """How many issues each table has, and the commands that show them."""
    found = _issues(home, snapshot, columns=["table", "new"])
    if not found.num_rows:
        return
    counts = found.append_column("one", found["new"].cast(pa.int64())).group_by("table", use_threads=False)
    titles = schema.tables()
    for row in counts.aggregate([("new", "count"), ("one", "sum")]).to_pylist():
        title = titles[row["table"]].title if row["table"] in titles else "No table"
        note(f"  {title}: {row['new_count']:,}, {row['one_sum']:,} new")
    note(f"See them: lineofsight loads --issues {snapshot.id} --purpose WHY --home {home.path}")
    note("As a file: the same with -o issues.xlsx")


def _sentence(home: Home, loaded: loading.Loaded) -> str:
    snapshot = loaded.snapshot
    said = [telling.account_sentence(telling.steps(snapshot))]
    said.append(telling.issues_sentence(_issues(home, snapshot, columns=["new"])))
    if loaded.waiting:
        said += filter(None, (loaded.unlike, telling.falls_sentence(loaded.falls)))
        said.append(f"It waits: 'lineofsight accept {snapshot.id}' publishes it, ")
        said[-1] += f"'lineofsight refuse {snapshot.id}' removes it."
    else:
        said.append(f"As at {snapshot.as_at:%-d %B %Y}; {len(definitions.load())} measures computed.")
    if not loaded.new:
        said.append("These files were loaded before; this is the same snapshot.")
    return " ".join(said)


def _described(home: Home, loaded: loading.Loaded) -> dict[str, Any]:
    snapshot = loaded.snapshot
    return {
        "snapshot": snapshot.id,
        "as_at": snapshot.as_at,
        "new": loaded.new,
        "waiting": loaded.waiting,
        "computation": loaded.computation.id if loaded.computation else None,
        "tables": [{"table": name, "rows": entry.rows, "file": entry.file} for name, entry in snapshot.tables.items()],
        "files": [asdict(one) for one in snapshot.account.files],
        "steps": [
            {**asdict(one), "passed_over": dict(one.passed_over), "adds_up": one.adds_up}
            for one in telling.steps(snapshot)
        ],
        "changes": [{**asdict(one), "percent": one.percent} for one in loaded.changes],
        "issues": _issues(home, snapshot).drop_columns(["number", "child_key"]).to_pylist(),
    }


def _issues(home: Home, snapshot: Snapshot, columns: Sequence[str] | None = None) -> pa.Table:
    return Lake(home, open_keys(home)).issues(held(home, snapshot.id), columns=columns)


def _place(file: str, sheet: str | None) -> str:
    return f"{file}, sheet {sheet}" if sheet else file
