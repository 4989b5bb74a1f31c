"""The software and how it is told to serve."""

import pytest

from lineofsight.cli.doctor import software as checks
from lineofsight.cli.doctor.findings import Installation
from lineofsight.home import create_home


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch):
    for name in (checks.HOSTS, checks.PROXY):
        monkeypatch.delenv(name, raising=False)


def test_another_python_is_wrong(found, monkeypatch):
    assert found(checks.python).state == "ok"
    monkeypatch.setattr(checks, "PYTHON", (3, 12))
    assert found(checks.python).state == "wrong"


def test_what_is_installed_here_is_what_is_locked(found):
    told = found(checks.versions)
    assert told.state == "ok", told.says


@pytest.mark.parametrize(
    ("lock", "says"),
    [("django==4.0\n", "(locked 4.0)"), ("not-a-package-of-ours==1.0 \\\n    --hash=sha256:00\n", "missing")],
)
def test_another_version_and_a_missing_package_are_wrong(found, monkeypatch, tmp_path, lock, says):
    (tmp_path / "runtime.lock").write_text(lock)
    monkeypatch.setattr(checks, "LOCK", tmp_path / "runtime.lock")
    told = found(checks.versions)
    assert told.state == "wrong" and says in told.says


def test_no_lock_file_is_to_be_looked_at(found, monkeypatch, tmp_path):
    monkeypatch.setattr(checks, "LOCK", tmp_path / "none.lock")
    assert found(checks.versions).state == "look"


@pytest.mark.parametrize(
    ("hosts", "proxy", "state"),
    [
        ("los.example.gov.uk", "1", "ok"),
        (None, None, "look"),
        (None, "1", "look"),
        ("los.example.gov.uk", None, "look"),
        ("los.example.gov.uk", "0", "look"),
        ("los.example.gov.uk", "yes", "wrong"),
        ("*", "1", "wrong"),
        (".example.gov.uk", "1", "wrong"),
    ],
)
def test_hosts_and_the_proxy_go_together(found, monkeypatch, hosts, proxy, state):
    for name, value in ((checks.HOSTS, hosts), (checks.PROXY, proxy)):
        if value is not None:
            monkeypatch.setenv(name, value)
    assert found(checks.served_to).state == state


def test_a_demonstration_with_a_host_is_wrong(tmp_path, monkeypatch):
    at = Installation(create_home(tmp_path / "demo", authority="306", authority_name="Northmere", demo=True))
    assert [one.state for one in checks.served_to(at)] == ["ok"]
    monkeypatch.setenv(checks.HOSTS, "los.example.gov.uk")
    assert [one.state for one in checks.served_to(at)] == ["wrong"]


def test_debugging_is_wrong(found, settings):
    settings.DEBUG = False
    assert found(checks.debug).state == "ok"
    settings.DEBUG = True
    assert found(checks.debug).state == "wrong"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SESSION_COOKIE_SECURE", False),
        ("CSRF_COOKIE_SECURE", False),
        ("SECURE_HSTS_SECONDS", 60),
        ("SECURE_PROXY_SSL_HEADER", ("HTTP_X_FORWARDED_PROTO", "https")),
    ],
)
def test_a_weakened_transport_is_wrong(found, settings, name, value):
    settings.SECURE_PROXY_SSL_HEADER = None
    assert found(checks.transport).state == "ok"
    setattr(settings, name, value)
    assert found(checks.transport).state == "wrong"


def test_the_proxy_s_header_is_believed_where_it_was_asked_for(found, settings, monkeypatch):
    monkeypatch.setenv(checks.PROXY, "1")
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert found(checks.transport).state == "ok"
