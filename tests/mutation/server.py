"""A pytest plugin that collects once, and then forks: a process for every mutant, which runs the tests that may notice.

What is made once a session (homes with a month loaded, the database) is made before the first fork. A child has it as
it was left, the database too, for that is in memory; and has a folder of its own for what tests write.
"""

import gc
import math
import os
import pickle
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol
from hypothesis import Phase, settings
from tests.mutation.learning import Learnt, Watch, read
from tests.mutation.live import Functions, NotInAFunction
from tests.mutation.mutants import SOURCE, Mutant, file_of

PASSED, FAILED, BROKEN = 0, 1, 3
# In seconds of the processor, so that a busy machine is not taken for a loop that never ends; and on the clock.
TEST_SECONDS, CHILD_SECONDS, LEARN_SECONDS = 60, 900, 3600

Job = Callable[[Path], int]
Take = Callable[[int, Path, int], None]


@dataclass
class Verdict:
    """What became of one mutant: the test that noticed it, how it was tried, and how many tests that took."""

    noticed: bool
    by: str = ""
    way: str = "in a fork"
    tests: int = 0
    seconds: float = 0

    def write(self, folder: Path) -> None:
        """Leave it where the parent looks."""
        (folder / "verdict").write_bytes(pickle.dumps(self))


class Server:
    """The plugin. `work` is called with the server when all is made ready, in place of pytest's own loop."""

    def __init__(self, work: Callable[["Server"], None], at_once: int, kept: Path | None) -> None:
        self.work, self.at_once, self.kept = work, at_once, kept
        self.learnt = Learnt()
        self.items: dict[str, pytest.Item] = {}
        self.at_import: dict[str, set[int]] = {}
        self.began = time.monotonic()

    def say(self, words: str) -> None:
        """One line, with the time so far."""
        print(f"[{time.monotonic() - self.began:5.0f} s] {words}", flush=True)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        """The same examples in every process, none looked for to be smaller, none kept."""
        quick = (Phase.explicit, Phase.generate)
        house = settings.get_profile("house")
        settings.register_profile("mutation", house, derandomize=True, database=None, phases=quick)
        settings.load_profile("mutation")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Make what is made once, find the functions, learn, and then do the work."""
        self.session, self.items = session, {item.nodeid: item for item in session.items}
        self.say(f"{len(self.items)} tests collected")
        for item in _of_every_session_fixture(session.items):
            if failed := _run(item):
                raise SystemExit(f"It does not pass as it is: {item.nodeid}\n{failed}")
        self.say("homes and database made")
        gc.collect()
        self.functions = Functions(SOURCE)
        gc.freeze()
        self._learn()
        self.work(self)
        return True

    def _learn(self) -> None:
        """Run every test once, in as many processes as there may be, each taking the next file of tests."""
        if self.kept and self.kept.exists():
            self.learnt = read(self.kept).without_what_changed(self.items)
        files: dict[Path, list[str]] = {}
        for name, item in self.items.items():
            if name not in self.learnt.seconds:
                files.setdefault(item.path, []).append(name)
        longest = sorted(files, key=lambda path: ("whole" not in path.parts, -len(files[path])))
        ask, tell = os.pipe()
        os.write(tell, b"".join(number.to_bytes(2, "big") for number in range(len(longest))))
        os.close(tell)

        def learn(folder: Path) -> int:
            mine, watch = Learnt(), Watch(folder)
            while number := os.read(ask, 2):
                for name in files[longest[int.from_bytes(number, "big")]]:
                    began = time.process_time()
                    watch.start(name)
                    if _run(self.items[name]):
                        mine.failing.add(name)
                    watch.stop()
                    mine.seconds[name] = time.process_time() - began
            if mine.seconds:  # else the others took every file
                watch.into(mine, self.items)
            mine.write(folder / "learnt")
            return PASSED

        def take(_: int, folder: Path, code: int) -> None:
            if code != PASSED:
                raise SystemExit(f"The tests could not be learnt: {_why(folder, code)}")
            self.learnt.add(read(folder / "learnt"))

        self.each([learn] * min(self.at_once, len(longest)), take, LEARN_SECONDS)
        os.close(ask)
        if self.kept:
            self.learnt.write(self.kept)
        self.say(f"learnt which tests pass where ({sum(map(len, files.values()))} tests run)")

    def each(self, jobs: Sequence[Job], take: Take, seconds: float = CHILD_SECONDS, until: float = math.inf) -> None:
        """Run each job in a forked child with a folder of its own; `take` its number, folder and exit code.

        One that takes longer than `seconds` is ended; after `until`, of time.monotonic, no more are begun.
        """
        waiting = list(enumerate(jobs))[::-1]
        running: dict[int, tuple[int, Path, float]] = {}
        while waiting or running:
            if time.monotonic() > until:
                waiting = []
                if not running:
                    break
            while waiting and len(running) < self.at_once:
                number, job = waiting.pop()
                folder = Path(tempfile.mkdtemp(prefix="mutation-"))
                running[self._child(job, folder)] = (number, folder, time.monotonic())
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                for late, (_, _, began) in running.items():
                    if time.monotonic() - began > seconds:
                        _end(late)
                time.sleep(0.01)
                continue
            number, folder, _ = running.pop(pid)
            _end(pid)
            take(number, folder, os.waitstatus_to_exitcode(status))
            shutil.rmtree(folder, ignore_errors=True)

    def _child(self, job: Job, folder: Path) -> int:
        sys.stdout.flush()
        pid = os.fork()
        if pid:
            return pid
        code = BROKEN
        try:
            os.setpgid(0, 0)
            log = os.open(folder / "log", os.O_WRONLY | os.O_CREAT)
            os.dup2(log, 1)
            os.dup2(log, 2)
            tempfile.tempdir = str(folder)
            self.session.config._tmp_path_factory._basetemp = folder / "tests"
            (folder / "tests").mkdir()
            code = job(folder)
            sys.stdout.flush()
        except BaseException:
            (folder / "broken").write_text(traceback.format_exc())
        finally:
            os._exit(code)

    def tests(self, one: Mutant) -> list[str]:
        """The tests that pass through the mutant's line, the nearest first and then the quickest.

        Where only an import runs the line, every test that passes through the module.
        """
        file = file_of(one.module)
        found = set(self.learnt.through.get(str(file), ())) if self.is_at_import(one) else self._through(one)
        return sorted(found - self.learnt.failing, key=lambda test: (self._far(test, one), self.learnt.seconds[test]))

    def _through(self, one: Mutant) -> set[str]:
        return {test for test in self.learnt.tests(file_of(one.module), one.line) if test in self.items}

    def is_at_import(self, one: Mutant) -> bool:
        """Whether only the import of its module runs the line."""
        return not self._through(one) and one.line in self.at_import.get(str(file_of(one.module)), ())

    def _far(self, test: str, one: Mutant) -> int:
        *room, last = one.module.split(".")[1:]
        *there, file = self.items[test].path.relative_to(SOURCE.parent / "tests").with_suffix("").parts
        if there == room:
            return 0 if file == f"test_{last}" else 1
        return 2

    def try_each(
        self,
        mutants: Sequence[Mutant],
        told: Callable[[Mutant, Verdict], None],
        *,
        anew: bool = False,
        most: int | None = None,
        until: float = math.inf,
    ) -> None:
        """Try every mutant; `told` gets each verdict. `anew` is the slow way; `most`, how many tests each at most.

        None is begun after `until`.
        """

        def job(one: Mutant) -> Job:
            return lambda folder: self._try(one, self.tests(one)[:most], folder, anew=anew)

        def take(number: int, folder: Path, code: int) -> None:
            told(mutants[number], _verdict(folder, code))

        self.each([job(one) for one in mutants], take, until=until)

    def _try(self, one: Mutant, tests: list[str], folder: Path, *, anew: bool) -> int:
        if not tests:
            Verdict(False, way="no test passes there").write(folder)
            return PASSED
        try:
            if anew or self.is_at_import(one):
                raise NotInAFunction
            self.functions.change(one)
        except NotInAFunction:
            Verdict(False, way="anew", tests=len(tests)).write(folder)
            _become(one, tests, folder)
        return self.run(tests, folder)

    def run(self, tests: Iterable[str], folder: Path) -> int:
        """Run these until one fails; leave a verdict in the folder."""
        began = time.monotonic()
        count = 0
        for count, test in enumerate(tests, 1):
            Verdict(True, test, way="never ended", tests=count).write(folder)
            signal.setitimer(signal.ITIMER_PROF, TEST_SECONDS + 5 * self.learnt.seconds[test])
            if failed := _run(self.items[test]):
                print(failed)
                Verdict(True, test, tests=count, seconds=time.monotonic() - began).write(folder)
                return FAILED
        Verdict(False, tests=count, seconds=time.monotonic() - began).write(folder)
        return PASSED


def _run(item: pytest.Item) -> str:
    """Run one test; say what failed in it, with nothing when nothing did. What is made once a session stays."""
    item.session._setupstate.teardown_exact(item)
    reports = runtestprotocol(item, log=False, nextitem=item)
    return "\n".join(str(one.longrepr)[-3000:] for one in reports if one.failed)


def _become(one: Mutant, tests: Sequence[str], folder: Path) -> None:
    """Become a fresh process, which imports everything again with the change in it."""
    listed = folder / "listed"
    listed.write_text("\n".join(tests))
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "tests.mutation.hook", "-p", "no:cacheprovider"]
    os.environ["LINEOFSIGHT_MUTANT"] = one.name
    os.execv(sys.executable, [*command, "-m", "not full", f"--basetemp={folder / 'tests'}", f"@{listed}"])


def _of_every_session_fixture(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """As few tests as need, between them, everything that is made once a session."""
    needs = {item: _once(item) for item in items}
    chosen, left = [], set[int]().union(*needs.values())
    while left:
        # Of those that need as much, the one that needs least besides.
        best = max(needs, key=lambda item: (len(needs[item] & left), -len(item.fixturenames)))
        chosen.append(best)
        left -= needs[best]
    return chosen


def _once(item: pytest.Item) -> set[int]:
    known = item._fixtureinfo.name2fixturedefs
    return {id(some[-1]) for some in known.values() if some[-1].scope == "session"}


def _verdict(folder: Path, code: int) -> Verdict:
    if code == BROKEN or not (folder / "verdict").exists():
        raise SystemExit(_why(folder, code))
    told: Verdict = pickle.loads((folder / "verdict").read_bytes())
    if told.way == "anew":
        if code not in (0, 1, 2) and code >= 0:
            raise SystemExit(_why(folder, code))
        told.noticed = code != 0
        told.by = next((one for one in (folder / "log").read_text().splitlines() if one.startswith("FAILED")), "")
    return told


def _why(folder: Path, code: int) -> str:
    broken = folder / "broken"
    return broken.read_text() if broken.exists() else f"ended with {code}\n{(folder / 'log').read_text()[-3000:]}"


def _end(pid: int) -> None:
    """End a child and whatever it started: they are a process group of their own."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
