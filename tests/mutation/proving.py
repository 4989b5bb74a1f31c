"""The runner is tried too: unchanged, no test may fail in a fork; changed, a fork and a fresh process must agree."""

import random
from collections.abc import Sequence
from pathlib import Path

from tests.mutation.mutants import Mutant
from tests.mutation.server import Job, Server, Verdict

LONGEST = 8


def prove(server: Server, drawn: Sequence[Mutant], number: int, chance: random.Random) -> bool:
    """Try `number` selections of tests without a change, and a third as many mutants both ways; print what differs."""
    found = [one for one in drawn if server.tests(one)]
    picked = [server.tests(one)[: chance.randint(1, LONGEST)] for one in _some(found, number, chance)]
    wrong: list[str] = []

    def job(tests: Sequence[str]) -> Job:
        return lambda folder: server.run(tests, folder)

    def take(place: int, folder: Path, code: int) -> None:
        if code:
            wrong.append(f"{picked[place]} ended with {code}\n{(folder / 'log').read_text()[-2000:]}")

    server.each([job(tests) for tests in picked], take)
    server.say(f"{len(picked)} selections, {sum(map(len, picked))} tests unchanged: {len(wrong)} with a failure")
    both = _some(found, number // 3, chance)
    verdicts: dict[Mutant, list[Verdict]] = {one: [] for one in both}
    for anew in (False, True):
        server.try_each(both, lambda one, verdict: verdicts[one].append(verdict), anew=anew)
    differ = [f"{one}: {told}" for one, told in verdicts.items() if len({each.noticed for each in told}) > 1]
    server.say(f"{len(both)} mutants both ways: {len(differ)} with another verdict")
    for words in [*wrong, *differ]:
        print(words)
    return not wrong and not differ


def _some(found: Sequence[Mutant], number: int, chance: random.Random) -> list[Mutant]:
    return chance.sample(found, min(number, len(found)))
