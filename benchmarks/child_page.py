"""A child's page under load: people who click every one to three seconds, on the real server."""

import http.client
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

P95_LIMIT_MS = 200
MEMORY_LIMIT_MB = 300
PORT = 8765
CHILD = re.compile(r'href="(/children/[^"/]+/)')


@dataclass(frozen=True)
class Load:
    """What the users met."""

    users: int
    requests: int
    p50: float
    p95: float
    slowest: float
    process_megabytes: list[float]


def run(home: Path, *, users: int, seconds: int) -> Load:
    """Serve `home`, sign the users in as the Director, and let them read children for `seconds`."""
    environment = {**os.environ, "LINEOFSIGHT_HOME": str(home)}
    command = [sys.executable, "-m", "lineofsight.cli", "demo", "--home", str(home), "--port", str(PORT)]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        await_server(server)
        cookies = [sign_in() for _ in range(users)]
        children = children_of(cookies[0])
        times: list[float] = []
        until = time.monotonic() + seconds
        threads = [
            threading.Thread(target=click, args=(cookie, children, until, times, seed))
            for seed, cookie in enumerate(cookies)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        memory = worker_megabytes(server.pid)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=20)
    ordered = sorted(times)
    p95 = ordered[int(0.95 * (len(ordered) - 1))]
    return Load(users, len(times), statistics.median(times), p95, ordered[-1], memory)


def await_server(server: subprocess.Popen) -> None:
    """Wait until it answers. Raises RuntimeError when it ended instead."""
    for _ in range(600):
        if server.poll() is not None:
            raise RuntimeError("the server ended before it answered")
        try:
            request("GET", "/sign-in", "")
            return
        except OSError:
            time.sleep(0.5)
    raise RuntimeError("the server did not answer in five minutes")


def request(method: str, path: str, cookie: str, body: str = "") -> tuple[int, str, str]:
    """One request; its status, body and any cookie it set."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request(method, path, body=body, headers=headers)
    response = connection.getresponse()
    text = response.read().decode()
    given = [value.split(";")[0] for name, value in response.getheaders() if name.lower() == "set-cookie"]
    connection.close()
    return response.status, text, "; ".join(given)


def sign_in() -> str:
    """A Director's session cookie."""
    status, _, cookie = request("POST", "/demo/sign-in", "", "office=dcs")
    if status not in (200, 302):
        raise RuntimeError(f"sign-in answered {status}")
    return cookie


def children_of(cookie: str) -> list[str]:
    """Pages of children, from the lists behind the measures."""
    found: set[str] = set()
    for measure in ("CP08", "LA08", "CN05", "AS01", "CP06"):
        for page in range(1, 8):
            status, text, _ = request("GET", f"/measures/{measure}/children/?met=all&page={page}", cookie)
            if status == 200:
                found |= set(CHILD.findall(text))
    if len(found) < 20:
        raise RuntimeError(f"only {len(found)} children were found to read")
    return sorted(found)


def click(cookie: str, children: list[str], until: float, times: list[float], seed: int) -> None:
    """One user: read a child's page, think for one to three seconds, read another."""
    chance = random.Random(seed)
    time.sleep(chance.uniform(0, 2))
    while time.monotonic() < until:
        began = time.perf_counter()
        status, _, _ = request("GET", chance.choice(children), cookie)
        if status != 200:
            raise RuntimeError(f"a child's page answered {status}")
        times.append(1000 * (time.perf_counter() - began))
        time.sleep(chance.uniform(1, 3))


def worker_megabytes(parent: int) -> list[float]:
    """Resident memory of the server's web processes."""
    sizes = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                group = os.getpgid(int(folder.name))
                status = (folder / "status").read_text()
            except OSError:
                continue
            if group == parent and int(folder.name) != parent:
                resident = re.search(r"VmRSS:\s+(\d+)", status)
                sizes.append(int(resident.group(1)) / 1024 if resident else 0.0)
    return sizes


def table(load: Load) -> str:
    """The page's figures."""
    memory = ", ".join(f"{size:.0f} MB" for size in load.process_megabytes)
    return (
        f"## A child's page\n\n{load.users} users with one to three seconds between clicks, SQLite, two web "
        "processes and the worker.\n\n"
        "| requests | median | 95th percentile | slowest | memory of each process |\n|---:|---:|---:|---:|---|\n"
        f"| {load.requests} | {load.p50:.0f} ms | {load.p95:.0f} ms | {load.slowest:.0f} ms | {memory} |"
    )


def faults(load: Load) -> list[str]:
    """What is over its number."""
    found = []
    if load.p95 > P95_LIMIT_MS:
        found.append(f"a child's page took {load.p95:.0f} ms at the 95th percentile of {P95_LIMIT_MS} ms")
    if max(load.process_megabytes) > MEMORY_LIMIT_MB:
        found.append(f"a web process held {max(load.process_megabytes):.0f} MB of {MEMORY_LIMIT_MB} MB")
    return found
