"""The server: two web processes and one worker on this machine (DESIGN 5 O), run by gunicorn."""

import os
import socket
import subprocess
import sys
from typing import Any, NoReturn

from gunicorn.app.base import BaseApplication

from lineofsight.errors import PlainError
from lineofsight.home import Home, open_home

PROCESSES = 2
WORKER_OF = "LINEOFSIGHT_WORKER_OF"  # tells a worker which server it belongs to
THREADS = 8
SOURCE = "LINEOFSIGHT_SOURCE"  # the case system's database: for the worker alone, no web process is told of it


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with our settings, started from code and not from a file."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        from django.core.wsgi import get_wsgi_application

        from lineofsight.web.site.bodies import in_utf_8

        return in_utf_8(get_wsgi_application())


def run(home: Home, *, port: int, with_worker: bool) -> NoReturn:
    """Become the server of `home` on 127.0.0.1, until stopped. Raises PlainError when the port is taken.

    The process is replaced by a fresh one, so that a web process holds what pages need and nothing of what
    built the home.
    """
    _refuse_a_taken_port(port)
    command = [sys.executable, "-m", __name__, str(port), "worker" if with_worker else "alone"]
    lean = {
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "MALLOC_ARENA_MAX": "2",
        "MALLOC_TRIM_THRESHOLD_": "131072",  # fixed: glibc raises both as it goes, and then keeps what was freed
        "MALLOC_MMAP_THRESHOLD_": "131072",
    }
    sys.stderr.flush()
    os.execve(sys.executable, command, {**os.environ, **lean, "LINEOFSIGHT_HOME": str(home.path)})  # noqa: S606 (our own)


def serve(port: int, *, with_worker: bool) -> None:
    """Serve the home that the environment names, in this process and two it forks."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lineofsight.web.site.settings")
    from lineofsight.web.site.settings import LOGGING

    worker = _start_worker(open_home()) if with_worker else None
    for name in [one for one in os.environ if one.startswith(SOURCE)]:
        del os.environ[name]

    def ready(server: Any) -> None:
        print(f"\nLine of Sight is at http://127.0.0.1:{port}/   (Ctrl-C stops it)\n", flush=True)

    try:
        Server(
            {
                "bind": f"127.0.0.1:{port}",
                "workers": PROCESSES,
                "threads": THREADS,
                "worker_class": "gthread",
                "timeout": 60,
                "graceful_timeout": 5,
                "max_requests": 20000,
                "max_requests_jitter": 2000,
                "loglevel": "warning",
                "accesslog": None,
                "logconfig_dict": LOGGING,
                "when_ready": ready,
                "worker_exit": leave_at_once,
                "control_socket_disable": True,
            }
        ).run()
    finally:
        if worker is not None:
            worker.terminate()


def leave_at_once(server: Any, worker: Any) -> None:
    """End a web process without waiting for Arrow's threads, which abort at the interpreter's end. Nothing is open."""
    os._exit(0)


def _start_worker(home: Home) -> "subprocess.Popen[bytes]":
    """The background worker in a process of its own, which ends with this one."""
    command = [sys.executable, "-m", "lineofsight.cli", "worker", "--home", str(home.path)]
    return subprocess.Popen(command, env={**os.environ, WORKER_OF: str(os.getpid())})  # noqa: S603 (our own)


def _refuse_a_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise PlainError(f"Port {port} is taken: choose another with --port.") from None


if __name__ == "__main__":
    serve(int(sys.argv[1]), with_worker=sys.argv[2] == "worker")
