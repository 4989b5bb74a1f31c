"""`python -m tests.mutation [--guards N] [--logic N] [--seed S]`: take guards out one by one; does a test notice?

First every test of the web and of the rooms that decide is run once, to learn which tests pass through which line.
Then, for each mutant drawn (all of them without a number), a forked process makes the change and runs those tests,
the nearest first, until one fails. A mutant that no test notices is printed. Ends with 1 when one guard, or more than
one in ten of the logic, was not noticed.
"""

import argparse
import math
import os
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.mutation.equivalent import listed
from tests.mutation.learning import Watch
from tests.mutation.mutants import Mutant, guards, logic
from tests.mutation.proving import prove
from tests.mutation.server import Server, Verdict

MASKS = ["tests/measures/test_disclosure.py", "tests/measures/test_shown.py", "tests/disclosure"]
TESTS = ["tests/web", "tests/cases", "tests/chain", *MASKS]
# These take a minute before their first assertion: they would be half of what a survivor costs.
SLOW = ["web/whole/test_canaries.py", "web/whole/test_bad_input.py"]
SLOW += [f"disclosure/{one}.py" for one in ("test_attacker", "test_many_authorities", "test_two_loads")]
NOT_THESE = [f"--ignore=tests/{one}" for one in SLOW]
WANTED = {"guard": 1.0, "logic": 0.9}


def main() -> int:
    """Draw, try, print, and say how many were noticed."""
    chosen = _asked()
    until = time.monotonic() + 60 * chosen.minutes
    chance = random.Random(chosen.seed)
    whole = [*guards(), *logic()]
    same = listed(whole)
    drawn = []
    for kind, number in (("guard", chosen.guards), ("logic", chosen.logic)):
        mine = [one for one in whole if one.kind == kind and _is_asked_for(one, chosen.only)]
        drawn += _some(mine if number is None else [one for one in mine if one not in same], number, chance)
    if chosen.minutes < math.inf:
        chance.shuffle(drawn)  # whatever is left out for want of time is left out by chance
    print(f"{len(drawn)} of {len(whole)} mutants drawn, seed {chosen.seed}", flush=True)
    told: dict[Mutant, Verdict] = {}
    proved: list[bool] = []
    ended: list[bool] = []

    def work(server: Server) -> None:
        server.at_import = at_import
        for test in sorted(server.learnt.failing):
            server.say(f"Left out, for it fails in memory or in one process: {test}")
        if chosen.prove:
            proved.append(prove(server, drawn, chosen.prove, chance))
            return

        def heard(one: Mutant, verdict: Verdict) -> None:
            told[one] = verdict
            if chosen.verbose or not verdict.noticed:
                server.say(_sentence(one, verdict))

        server.try_each(drawn, heard, anew=chosen.anew, most=chosen.most, until=until)
        spent = resource.getrusage(resource.RUSAGE_CHILDREN)
        ended.append(True)
        server.say(f"{len(told)} of {len(drawn)} tried, in {spent.ru_utime + spent.ru_stime:.0f} s of the processor")

    os.environ["LINEOFSIGHT_TEST_DATABASE"] = "memory"
    with tempfile.TemporaryDirectory() as folder:
        watch = Watch(Path(folder))
        server = Server(work, chosen.at_once, chosen.kept)
        at_import: dict[str, set[int]] = {}

        class Collected:
            def pytest_collection_finish(self) -> None:
                watch.stop()
                at_import.update(watch.lines())

        watch.start()
        asked = ["-q", "-s", "-p", "no:cacheprovider", "-m", "not full"]
        pytest.main([*asked, *NOT_THESE, *TESTS], plugins=[server, Collected()])
    if chosen.prove:
        return int(proved != [True])
    if not ended or (len(told) != len(drawn) and time.monotonic() < until):
        print("The run broke off.")
        return 1
    return _verdict([one for one in drawn if one in told], told, same, by_module=chosen.by_module)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--guards", type=int, help="how many guards to draw; all without it")
    parser.add_argument("--logic", type=int, help="how many of the logic to draw; all without it")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--minutes", type=float, default=math.inf, help="begin no more mutants after so long")
    parser.add_argument("--only", default="", help="parts of names of modules or functions, with commas between")
    parser.add_argument("--at-once", type=int, default=os.cpu_count() or 1, help="processes at once")
    parser.add_argument("--kept", type=Path, help="keep in this file what was learnt, and use what is there")
    parser.add_argument("--prove", type=int, default=0, help="try so many selections unchanged, and as many anew")
    parser.add_argument("--most", type=int, help="no more tests a mutant than this: a first look, which finds too many")
    parser.add_argument("--anew", action="store_true", help="the slow way: a fresh process for each")
    parser.add_argument("--by-module", action="store_true", help="the counts of each module")
    parser.add_argument("--verbose", action="store_true", help="which test noticed each")
    return parser.parse_args()


def _sentence(one: Mutant, verdict: Verdict) -> str:
    noticed = "Noticed" if verdict.noticed else "Not noticed"
    tried = f"{verdict.tests} tests, {verdict.seconds:.1f} s, {verdict.way}"
    return f"{noticed}: {one.module} line {one.line} in {one.where}: {one.what} ({tried}) {verdict.by}"


def _verdict(drawn: Sequence[Mutant], told: dict[Mutant, Verdict], same: dict[Mutant, str], *, by_module: bool) -> int:
    worst = 0
    for one in sorted(same.keys() & told.keys()):
        if told[one].noticed:
            print(f"Listed as equivalent, and yet {told[one].by} noticed: {one.module} {one.where}: {one.what}")
            worst = 1
    counted = [one for one in drawn if one not in same]
    if by_module:
        among = Counter((one.kind, one.module) for one in counted)
        seen = Counter((one.kind, one.module) for one in counted if told[one].noticed)
        for kind, module in sorted(among):
            print(f"  {kind} {module}: {seen[kind, module]} of {among[kind, module]}")
    for kind, wanted in WANTED.items():
        mine = [told[one].noticed for one in counted if one.kind == kind]
        if mine:
            print(f"{kind}: {sum(mine)} of {len(mine)} noticed ({sum(mine) / len(mine):.1%})")
            worst = max(worst, int(sum(mine) < wanted * len(mine)))
    print(f"{len(same)} listed as equivalent and not counted")
    return worst


def _is_asked_for(one: Mutant, only: str) -> bool:
    return any(part in f"{one.module}.{one.where}" for part in only.split(","))


def _some(found: list[Mutant], number: int | None, chance: random.Random) -> list[Mutant]:
    return sorted(found if number is None or number >= len(found) else chance.sample(found, number))


if __name__ == "__main__":
    sys.exit(main())
