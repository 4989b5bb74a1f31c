"""Run the suite as a person would mean it: SQLite and its journeys, then the same rooms on a real PostgreSQL.

`python -m tests.suite [--full]`. Ends with one line that counts everything; says plainly what did not run.
"""

import argparse
import os
import re
import secrets
import shutil
import subprocess
import sys
import time

# The rooms whose behaviour could differ between the two databases: those that write most, and in the full run all
# but the pages that only read. What is marked full is tried once: where the database matters to it, it asks for both
# itself.
POSTGRES = ["tests/web/access", "tests/web/commitments", "tests/web/data"]
ACTED_ON = ["monthly", "ten", "test_safeguards.py", "test_owed.py"]
POSTGRES_FULL = [*POSTGRES, "tests/web/evidence", "tests/web/reports", "tests/web/site"]
POSTGRES_FULL += [f"tests/web/practice/{one}" for one in ACTED_ON]
POSTGRES_FULL += ["--ignore=tests/web/reports/test_pages.py", "--ignore=tests/web/reports/test_rendering.py"]
# So many guards are taken out and decisions turned round, drawn by the seed, as far as the time of a full run goes;
# where too little is left even to learn which tests pass where, none. `make mutation` tries them all.
GUARDS, LOGIC = 48, 12
MINUTES, TO_LEARN = 82, 20
COUNT = re.compile(r"(\d+) (passed|failed|skipped|errors?)\b")


def main() -> int:
    """Run each part, print each part's time, and return 1 when any part failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="the long tests too, with their seeds")
    chosen = parser.parse_args()
    common = [sys.executable, "-m", "pytest", "-q", "--durations=5"]
    if chosen.full:
        seed = int(os.environ.get("LINEOFSIGHT_SEED") or secrets.randbelow(10**9))
        print(f"Seed {seed}: LINEOFSIGHT_SEED={seed} make test-full runs the same examples again.", flush=True)
        common.append(f"--hypothesis-seed={seed}")
        os.environ["LINEOFSIGHT_SEED"] = str(seed)  # what chance begins from in the other random tests
    # in the order of the collection, which has the longest first (tests/conftest.py), not of how many tests a file has
    parallel = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
    once, quick = ["-m", "not full"], ["-m", "not full and not long"]
    asked = [] if chosen.full else quick
    parts = {
        "SQLite": ([*common, *parallel, *asked, "--ignore=tests/journeys", "tests"], {}),
        "PostgreSQL": (
            [*common, *parallel, *(once if chosen.full else quick), *(POSTGRES_FULL if chosen.full else POSTGRES)],
            {"LINEOFSIGHT_TEST_DATABASE": "postgresql"},
        ),
        "Journeys": ([*common, *parallel, *asked, "tests/journeys"], {}),
    }
    if chosen.full:
        drawn = [f"--guards={GUARDS}", f"--logic={LOGIC}", f"--seed={seed}"]
        parts["Mutation"] = ([sys.executable, "-m", "tests.mutation", *drawn], {})
    totals: dict[str, int] = {}
    worst, until = 0, time.monotonic() + 60 * MINUTES
    for name, (command, extra) in parts.items():
        print(f"\n=== {name} ===", flush=True)
        began = time.monotonic()
        if name == "Mutation":
            left = (until - began) / 60
            if left < TO_LEARN:
                print(f"No mutant was tried: {left:.0f} minutes were left. make mutation tries them all.")
                continue
            command = [*command, f"--minutes={left:.1f}"]
        code, counts = run(command, extra)
        print(f"{name}: {time.monotonic() - began:.0f} s", flush=True)
        worst = max(worst, code)
        for what, number in counts.items():
            totals[what] = totals.get(what, 0) + number
    if not any(shutil.which(browser) for browser in ("chromium", "chromium-browser", "google-chrome")):
        print("The journeys did not run: no Chromium was found on this machine.")
    failed = totals.get("failed", 0) + totals.get("error", 0)
    print(f"\n{totals.get('passed', 0)} passed, {failed} failed, {totals.get('skipped', 0)} skipped")
    return 1 if worst else 0


def run(command: list[str], extra: dict[str, str]) -> tuple[int, dict[str, int]]:
    """Run one part, passing its output on as it comes; return its code and what pytest counted."""
    process = subprocess.Popen(
        command, env={**os.environ, **extra}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    last = ""
    assert process.stdout is not None
    for line in process.stdout:
        print(line, end="", flush=True)
        if COUNT.search(line):
            last = line
    counts: dict[str, int] = {}
    for number, what in COUNT.findall(last):
        counts["error" if what.startswith("error") else what] = int(number)
    return process.wait(), counts


if __name__ == "__main__":
    sys.exit(main())
