"""The server: what its web processes are told, and what only its worker is."""

import os

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
