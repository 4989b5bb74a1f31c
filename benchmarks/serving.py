"""The real server over a home, and one browser's requests to it."""

import http.client
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PORT = 8765
AS_INSTALLED = Path(__file__).parent / "as_installed"  # hides what this environment has for tests alone


@contextmanager
def served(home: Path) -> Iterator[int]:
    """Serve `home` as the demonstration is served; gives the server's process number once it answers."""
    python_path = os.pathsep.join(filter(None, (str(AS_INSTALLED), os.environ.get("PYTHONPATH"))))
    environment = {**os.environ, "LINEOFSIGHT_HOME": str(home), "PYTHONPATH": python_path}
    command = [sys.executable, "-m", "lineofsight.cli", "demo", "--home", str(home), "--port", str(PORT)]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        await_server(server)
        yield server.pid
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=20)


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


def sign_in(office: str) -> str:
    """The session cookie of whoever holds `office`."""
    status, _, cookie = request("POST", "/demo/sign-in", "", f"office={office}")
    if status not in (200, 302):
        raise RuntimeError(f"sign-in answered {status}")
    return cookie


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
