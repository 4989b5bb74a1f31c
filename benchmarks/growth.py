"""Synth, load and compute at one size: each stage in a process of its own, so that its peak memory is its own."""

import json
import os
import platform
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from lineofsight.measures import definitions

MEASURE_LIMIT_SECONDS = 0.3
MEASURED_TIMES = 3  # a measure's time is the least of so many runs
COMPUTE_LIMIT_SECONDS = 15
A_LARGE_AUTHORITY = 70_000  # people, about: the numbers are held by the largest size below it (DESIGN 8)
MEMORY_LIMIT_MB = 1500
BARE_READ_TIMES = 4

PREFACE = f"""# Benchmarks

Written by `make bench`, on {os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}.
Made-up data of `lineofsight synth`, 30 months of history. Times are seconds of wall clock; memory is the peak of the
process. What each measure takes is the least of {MEASURED_TIMES} runs."""

STAGES = {
    "bare read": "the same CSV files read by DuckDB and nothing else",
    "read": "recognise, type and check every cell",
    "publish": "keys, encryption, read models, hashes, one rename",
    "compute": "all measures over 30 months, values, masks, the ledger of exceptions",
}


@dataclass(frozen=True)
class Stage:
    """One stage's time and peak memory."""

    seconds: float
    megabytes: float


@dataclass(frozen=True)
class Grown:
    """What one size cost."""

    home: Path
    people: int
    rows: int
    stages: dict[str, Stage]
    measures: dict[str, float]


def home_of(folder: Path, size: int) -> Path:
    """Where the home of one size is made."""
    return folder / f"home-{size}"


def run(folder: Path, size: int) -> Grown:
    """Make an authority of `size` people and take it through every stage."""
    extracts = folder / f"extracts-{size}"
    print(f"Making {size:,} people ...", file=sys.stderr, flush=True)
    stage("synth", extracts, home_of(folder, size), size)
    stages, told = {}, {}
    for name in STAGES:
        print(f"  {name} ...", file=sys.stderr, flush=True)
        answer = stage(name, extracts, home_of(folder, size), size)
        stages[name] = Stage(answer["seconds"], answer["megabytes"])
        told |= answer["told"]
    for _ in range(MEASURED_TIMES - 1 if size <= A_LARGE_AUTHORITY else 0):
        print("  compute again ...", file=sys.stderr, flush=True)
        once_more = stage("again", extracts, home_of(folder, size), size)["told"]["measures"]
        told["measures"] = {name: min(took, once_more[name]) for name, took in told["measures"].items()}
    stage("people", extracts, home_of(folder, size), size)
    return Grown(home_of(folder, size), told["people"], told["rows"], stages, told["measures"])


def stage(name: str, extracts: Path, home: Path, size: int) -> dict:
    """Run one stage in a new process."""
    command = [sys.executable, "-m", "benchmarks.stages", name, str(extracts), str(home), str(size)]
    began = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"stage {name} failed after {time.monotonic() - began:.0f} s: {done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def table(grown: list[Grown]) -> str:
    """The growth table: a row a stage, two columns a size."""
    head = " | ".join(f"{one.people:,} people, {one.rows:,} rows" for one in grown)
    lines = [f"## Load and compute as data grows\n\n| stage | {head} |", "|---|" + "---:|" * len(grown)]
    for name, meaning in STAGES.items():
        cells = " | ".join(f"{one.stages[name].seconds:.2f} s, {one.stages[name].megabytes:.0f} MB" for one in grown)
        lines.append(f"| {name}: {meaning} | {cells} |")
    per = " | ".join(f"{1e6 * total(one) / one.rows:.1f}" for one in grown)
    lines.append(f"| microseconds a row, in all | {per} |")
    return "\n".join(lines)


def total(one: Grown) -> float:
    """Seconds from files to the last exception."""
    return sum(stage.seconds for name, stage in one.stages.items() if name != "bare read")


def measure_table(grown: list[Grown]) -> str:
    """Each measure's time at a large authority's size."""
    one = held_to(grown)
    lines = [
        f"## Each measure and shared view at {one.people:,} people\n",
        "| measure, view or step | seconds |",
        "|---|---:|",
    ]
    lines += [f"| {name} | {seconds:.3f} |" for name, seconds in sorted(one.measures.items())]
    return "\n".join(lines)


def faults(grown: list[Grown]) -> list[str]:
    """What is over its number at a large authority's size, or grows faster than the data."""
    last = held_to(grown)
    found = [
        f"{name} took {seconds:.2f} s of {MEASURE_LIMIT_SECONDS} s"
        for name, seconds in last.measures.items()
        if name in definitions.load() and seconds > MEASURE_LIMIT_SECONDS
    ]
    published = last.stages["read"].seconds + last.stages["publish"].seconds
    bare = last.stages["bare read"].seconds
    if published > BARE_READ_TIMES * bare:
        found.append(
            f"extract to snapshot took {published:.1f} s, {published / bare:.1f} times the bare read of {bare:.1f} s"
        )
    computed = last.stages["compute"].seconds
    if computed > COMPUTE_LIMIT_SECONDS:
        found.append(f"measures and exceptions took {computed:.1f} s of {COMPUTE_LIMIT_SECONDS} s")
    found += [
        f"{name} needed {stage.megabytes:.0f} MB of {MEMORY_LIMIT_MB} MB"
        for name, stage in last.stages.items()
        if stage.megabytes > MEMORY_LIMIT_MB
    ]
    return found + _not_linear(grown)


def held_to(grown: list[Grown]) -> Grown:
    """The size whose numbers are held: a large authority's, or the largest there is."""
    return next((one for one in reversed(grown) if one.people <= A_LARGE_AUTHORITY), grown[-1])


def _not_linear(grown: list[Grown]) -> list[str]:
    """That a row costs more at the largest size than at the smallest."""
    if len(grown) > 1 and total(grown[-1]) / grown[-1].rows > 1.2 * total(grown[0]) / grown[0].rows:
        return ["a row costs more at the largest size than at the smallest: growth is not linear"]
    return []
