"""Commands that make and run an installation: demo, serve, worker, person, pack, verify."""

import os
from pathlib import Path
from typing import Annotated

import typer

from lineofsight import clock, demonstration
from lineofsight.cli.console import HomeOption, home_at, note, progress
from lineofsight.errors import PlainError
from lineofsight.home import Home, default_path, write_whole

PortOption = Annotated[int, typer.Option(min=1, max=65535, help="The port on this machine.")]
DEMO_LIKE = "306"
SAID = {"verified": "Verified", "altered": "ALTERED", "rows no longer held": "No longer held"}


def add_commands(app: typer.Typer) -> None:
    """Hang these commands on `app`."""
    app.command("demo")(demo)
    app.command("serve")(serve)
    app.command("worker")(worker)
    app.command("pack")(pack)
    app.command("verify")(verify)
    app.add_typer(people, name="person")


def demo(
    port: PortOption = 8000,
    serve_it: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve it when it is built.")] = True,
    children: Annotated[int, typer.Option(min=100, help="About how many people.")] = 4000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same authority.")] = 1,
    like: Annotated[str, typer.Option(help="A DfE authority code whose published rates it matches.")] = DEMO_LIKE,
    home: HomeOption = None,
) -> None:
    """Build a made-up authority with people for every office, and serve it on this machine.

    Running it again reuses what is there.

    Example: lineofsight demo --port 8080
    """
    where = home or default_path()
    with progress() as tell:
        made = demonstration.build(where, children=children, seed=seed, like=like, progress=tell)
    note(f"The demonstration authority is in {made.path}.")
    if serve_it:
        _serve(made, port, demo=True)


def serve(
    port: PortOption = 8000,
    with_worker: Annotated[bool, typer.Option("--worker/--no-worker", help="Run the background worker too.")] = True,
    home: HomeOption = None,
) -> None:
    """Serve the web application on this machine.

    Example: lineofsight serve --home /srv/lineofsight --port 8000
    """
    _serve(home_at(home), port, demo=False, with_worker=with_worker)


def worker(
    once: Annotated[bool, typer.Option("--once", help="Do what is due now, and stop.")] = False,
    home: HomeOption = None,
) -> None:
    """The background worker: what falls due, packs for the newest month, the daily anchor.

    Example: lineofsight worker --once
    """
    _django(home_at(home))
    from lineofsight.web.site import work

    work.run(once=once)


def pack(
    office: Annotated[str, typer.Argument(help="dcs or lead-member.")],
    month: Annotated[str, typer.Option("--month", help="The month, as 2026-10.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="Where to write it: .pdf or .html.")],
    person: Annotated[str | None, typer.Option("--as", help="Who looks (default: this account).")] = None,
    purpose: Annotated[str, typer.Option("--purpose", help="Why; required outside a demonstration home.")] = "",
    home: HomeOption = None,
) -> None:
    """The month's pack for an office-holder, with frozen figures.

    Example: lineofsight pack dcs --month 2026-10 -o october.pdf
    """
    from lineofsight.cli.children import log_read

    where = home_at(home)
    form = output.suffix.removeprefix(".")
    log_read(where, person, purpose, action="console.pack", subject=f"pack {office} {month}", format=form, rows=[])
    _django(where)
    from lineofsight.web.reports import packs

    write_whole(output, packs.write(office, month, form))
    print(output)


def verify(
    file: Annotated[Path | None, typer.Argument(help="A pack to verify; without one, everything.")] = None,
    home: HomeOption = None,
) -> None:
    """Re-compute the audit chain, the snapshots and every signed figure; or every figure of one pack.

    Example: lineofsight verify october.pdf
    """
    _django(home_at(home))
    from lineofsight.web.reports import verification
    from lineofsight.web.site import soundness

    found = soundness.everything() if file is None else [verification.file(file)]
    for verdict in found:
        print(f"{SAID[verdict.state]}: {verdict.sentence}")
    if not all(verdict.ok for verdict in found):
        raise typer.Exit(1)


people = typer.Typer(help="People and the offices they hold.", no_args_is_help=True)


@people.command("add")
def add_person(
    name: Annotated[str, typer.Option(help="The person's name.")],
    email: Annotated[str, typer.Option(help="The address they sign in with.")],
    office: Annotated[str, typer.Option(help="The office they hold from today.")],
    scope: Annotated[list[str] | None, typer.Option(help="A team or service id; may be repeated.")] = None,
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)] = "",
    home: HomeOption = None,
) -> None:
    """Let a person in, with an office from today.

    Example: lineofsight person add --name "A. Person" --email a@example.gov.uk --office dcs
    """
    _django(home_at(home))
    from lineofsight.web.access.appointing import actions

    person = actions.admit(
        name=name,
        email=email,
        office=office,
        scope_ids=scope or [],
        password=password,
        from_date=clock.today(),
        by="console",
    )
    print(person.key)


@people.command("list")
def list_people(home: HomeOption = None) -> None:
    """Who holds which office today, and who may sign in without holding one.

    Example: lineofsight person list
    """
    _django(home_at(home))
    from lineofsight.web.access.appointing import queries

    for line in queries.people_in_lines():
        print(line)


@people.command("end")
def end_person(
    email: Annotated[str, typer.Option(help="The address they sign in with.")],
    home: HomeOption = None,
) -> None:
    """Somebody has left: end every office they hold, now or later, and let them sign in no more.

    Example: lineofsight person end --email a@example.gov.uk
    """
    _django(home_at(home))
    from lineofsight.web.access.appointing import actions

    print(actions.dismiss(email=email, by="console").key)


def _django(home: Home) -> None:
    """Start Django on `home`, with its database brought up to date."""
    from lineofsight.web.site import console

    console.start(home)


def _serve(home: Home, port: int, *, demo: bool, with_worker: bool = True) -> None:
    """Run the server until it is stopped."""
    if demo and not home.demo:
        raise PlainError("This home was not made by 'lineofsight demo'.")
    os.environ["LINEOFSIGHT_HOME"] = str(home.path)
    if demo:
        os.environ["LINEOFSIGHT_DEMO_SERVE"] = "1"
    _django(home)
    from lineofsight.web.site import server

    server.run(home, port=port, with_worker=with_worker)
