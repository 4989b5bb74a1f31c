"""Every page under load: people of four offices who click every one to three seconds, on the real server."""

import random
import re
import statistics
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from benchmarks.serving import request, served, sign_in, worker_megabytes

P95_LIMIT_MS = 200
MEMORY_LIMIT_MB = 300
NOT_COUNTED_SECONDS = 30  # in which the processes come to know the names of teams, and each office its figures
LISTED = ("CP08", "LA08", "CN05", "AS01", "CP06")  # measures whose lists of children are gone through
CHILD = re.compile(r'href="(/children/(?!find/|easily-lost/)[^"/?]+/)')
MEASURE = re.compile(r'href="(/measures/[^"/?]+/)')

# What each office opens, by what the page is: an address, or the name of a list that is found once it is served.
SHARED = {
    "Today": "/",
    "Measures": "/measures/",
    "A measure": "measure",
    "A measure by team": "by team",
    "Commitments": "/commitments/",
    "How they were kept": "/commitments/coverage/",
    "Records": "/records/",
    "Packs": "/packs/",
}
CHILDREN = {
    "A measure’s children": "children",
    "Exceptions": "/exceptions/",
    "Due soon": "/exceptions/due-soon/",
    "Unallocated": "/exceptions/unallocated/",
    "A child": "child",
}
OFFICES = {
    "dcs": SHARED
    | CHILDREN
    | {
        "Easily lost": "/children/easily-lost/",
        "The ten": "/ten/",
        "The month’s lines": "/lines/",
        "Recorded late": "/data/late/",
        "The data": "/data/",
        "The thread of a measure": "thread",
    },
    "lead-member": SHARED,
    "head-of-service": {name: SHARED[name] for name in ("Today", "Measures", "A measure")} | CHILDREN,
    "team-manager": {name: SHARED[name] for name in ("Today", "Measures", "A measure")} | CHILDREN,
}


@dataclass(frozen=True)
class Load:
    """What the users met: the milliseconds of each request by what the page is, and the processes' memory."""

    users: int
    times: Mapping[str, Sequence[float]]
    process_megabytes: list[float]


def run(
    home: Path,
    *,
    users: int,
    seconds: int,
    offices: Mapping[str, Mapping[str, str]] = OFFICES,
    lists: Callable[[str, str], dict[str, list[str]]] | None = None,
) -> Load:
    """Serve `home`, sign the users in, and let them open pages: for a first half minute, then for `seconds`.

    `offices` are the pages of each; `lists` finds an office's addresses of what there is more than one of, with its
    session cookie (lists_of).
    """
    with served(home) as server:
        people = [(office, sign_in(office)) for _, office in zip(range(users), cycle(offices), strict=False)]
        found = {office: (lists or lists_of)(office, cookie) for office, cookie in dict(people).items()}
        times: dict[str, list[float]] = defaultdict(list)
        counted = time.monotonic() + NOT_COUNTED_SECONDS
        threads = [
            threading.Thread(
                target=click, args=(cookie, offices[office], found[office], (counted, counted + seconds), times, seed)
            )
            for seed, (office, cookie) in enumerate(people)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return Load(users, dict(times), worker_megabytes(server))


def lists_of(office: str, cookie: str) -> dict[str, list[str]]:
    """The addresses an office may open of what there is more than one of."""
    measures = sorted(set(MEASURE.findall(read("/measures/", cookie))))
    found = {
        "measure": measures,
        "by team": [f"{one}?by=team" for one in measures],
        "thread": [f"/thread/measure/{one.split('/')[2]}/" for one in measures],
    }
    if "A child" in OFFICES[office]:
        found["children"] = [f"/measures/{one}/children/?met=all&page={page}" for one in LISTED for page in (1, 2)]
        pages = [f"/measures/{one}/children/?met=all&page={page}" for one in LISTED for page in range(1, 6)]
        children = {child for page in pages for child in CHILD.findall(read(page, cookie))}
        found["child"] = sorted(children)
        found["children"] = [page for page in found["children"] if read(page, cookie)]
    empty = [name for name, addresses in found.items() if not addresses]
    if empty:
        raise RuntimeError(f"{office}: nothing to open for {empty}")
    return found


def read(address: str, cookie: str) -> str:
    """The words of a page; nothing where there is none."""
    status, text, _ = request("GET", address, cookie)
    return text if status == 200 else ""


def click(
    cookie: str,
    pages: Mapping[str, str],
    found: Mapping[str, Sequence[str]],
    during: tuple[float, float],
    times: dict[str, list[float]],
    seed: int,
) -> None:
    """One user: open a page, think for one to three seconds, open another. What is begun within `during` is timed."""
    chance = random.Random(seed)
    time.sleep(chance.uniform(0, 2))
    while time.monotonic() < during[1]:
        name, where = chance.choice(sorted(pages.items()))
        address = where if where.startswith("/") else chance.choice(found[where])
        began = time.perf_counter()
        status, _, _ = request("GET", address, cookie)
        if status != 200:
            raise RuntimeError(f"{address} answered {status}")
        if time.monotonic() > during[0]:
            times[name].append(1000 * (time.perf_counter() - began))
        time.sleep(chance.uniform(1, 3))


def p95(times: Sequence[float]) -> float:
    """The 95th percentile."""
    return sorted(times)[int(0.95 * (len(times) - 1))]


HEADING = "Pages under load"
BY = (
    "{users} users of four offices (Director, Lead Member, head of service, team manager) with one to three seconds "
    "between clicks, SQLite, two web processes and the worker. The first half minute is not counted."
)


def table(load: Load, heading: str = HEADING, by: str = BY) -> str:
    """Each page's figures."""
    lines = [
        f"## {heading}\n\n{by.format(users=load.users)}\n",
        "| page | requests | median | 95th percentile | slowest |",
        "|---|---:|---:|---:|---:|",
    ]
    together = [one for times in load.times.values() for one in times]
    for name, times in [*sorted(load.times.items()), ("all of them", together)]:
        median = statistics.median(times)
        lines.append(f"| {name} | {len(times)} | {median:.0f} ms | {p95(times):.0f} ms | {max(times):.0f} ms |")
    memory = ", ".join(f"{size:.0f} MB" for size in load.process_megabytes)
    return "\n".join(lines) + f"\n\nMemory of each process: {memory}."


def faults(load: Load) -> list[str]:
    """What is over its number."""
    found = [
        f"{name} took {p95(times):.0f} ms at the 95th percentile of {P95_LIMIT_MS} ms"
        for name, times in sorted(load.times.items())
        if p95(times) > P95_LIMIT_MS
    ]
    if max(load.process_megabytes) > MEMORY_LIMIT_MB:
        found.append(f"a web process held {max(load.process_megabytes):.0f} MB of {MEMORY_LIMIT_MB} MB")
    return found
