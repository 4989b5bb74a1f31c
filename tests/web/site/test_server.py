"""The server: what its web processes are told, and what only its worker is."""

import os
import subprocess
import sys

from lineofsight.web.site import server


def test_no_web_process_is_told_of_the_case_system_s_database_and_the_worker_is(home, monkeypatch):
    started: list[dict[str, str]] = []
    served: list[dict[str, str]] = []

    class Worker:
        def terminate(self) -> None:
            pass

    def worker_of(home):
        started.append(dict(os.environ))
        return Worker()

    monkeypatch.setattr(server, "_start_worker", worker_of)
    monkeypatch.setattr(server.Server, "__init__", lambda self, options: None)
    monkeypatch.setattr(server.Server, "run", lambda self: served.append(dict(os.environ)))
    monkeypatch.setenv("LINEOFSIGHT_SOURCE", "postgresql://reader:secret@h/cases")
    monkeypatch.setenv("LINEOFSIGHT_SOURCE_SCHEMA", "ssd")
    server.serve(8000, with_worker=True)
    assert started[0]["LINEOFSIGHT_SOURCE"] == "postgresql://reader:secret@h/cases"
    assert not [name for name in served[0] if name.startswith("LINEOFSIGHT_SOURCE")]


def test_what_a_page_needs_of_the_nightly_load_brings_no_driver_of_a_database_with_it():
    asked = "import sys, lineofsight.nightly; print('sqlalchemy' in sys.modules, 'lineofsight.loading' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, timeout=120)
    assert told.stdout.split() == ["False", "False"], told.stderr
