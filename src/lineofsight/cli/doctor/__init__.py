"""`lineofsight doctor`: what is wrong with this installation, a line a check, with what to do about it.

It reads and changes nothing, prints no secret and no child, and goes on where one check fails.
"""

import os
from collections.abc import Iterator
from typing import Annotated

import typer

from lineofsight.cli.console import Format, FormatOption, HomeOption, home_at, note, progress, show, show_json
from lineofsight.cli.doctor import chain, database, home, lake, nightly, people, software
from lineofsight.cli.doctor.findings import Check, Finding, Installation, State, looked_at, worst, wrong
from lineofsight.errors import PlainError
from lineofsight.home import Home

__all__ = ["CHECKS", "Finding", "Installation", "State", "add_commands", "examined"]

COLUMNS = ("state", "check", "says", "do")

# In this order: what needs nothing but the home, then what needs the web application and its database.
WITHOUT_DATABASE: tuple[Check, ...] = (
    home.owner,
    home.folders,
    home.master_key,
    home.key_age,
    home.demonstration,
    home.disk_space,
    home.time,
    software.python,
    software.versions,
    software.served_to,
    lake.snapshots,
    lake.leftovers,
    lake.redacted_children,
    lake.newest_extract,
    nightly.nightly_load,
    nightly.source_database,
)
WITH_DATABASE: tuple[Check, ...] = (
    software.debug,
    software.transport,
    database.database,
    database.migrations,
    database.safe_writes,
    database.integrity,
    database.database_role,
    chain.audit_chain,
    chain.anchor,
    chain.worker,
    people.offices_held,
    people.people_without_office,
    people.second_factor,
    people.council_account,
    people.past_its_time,
)
CHECKS = (*WITHOUT_DATABASE, *WITH_DATABASE)
# With one of these wrong, the checks after it are left out.
FIRST: dict[Check, str] = {
    home.owner: "The other checks were left out: they would leave files behind that the server cannot open.",
    database.database: "The checks of what is in the database were left out.",
    database.migrations: "The checks of what is in the database were left out.",
}
FIRST_THIS = "Put this right first, then look again."


def add_commands(app: typer.Typer) -> None:
    """Hang this command on `app`."""
    app.command("doctor")(doctor)


def doctor(
    deep: Annotated[
        bool, typer.Option("--deep", help="Read every byte of the lake and every entry's content.")
    ] = False,
    format: FormatOption = Format.TABLE,
    home: HomeOption = None,
) -> None:
    """What is wrong with this installation, and what to do about it. It changes nothing.

    Run it as the account that serves the home, with the server's environment.

    Example: lineofsight doctor --home /srv/lineofsight --deep
    """
    at = Installation(home_at(home), deep)
    with progress() as tell:
        findings = []
        for number, found in enumerate(examined(at)):
            findings.append(found)
            tell("Looking", min(number + 1, len(CHECKS)), len(CHECKS))
        tell("Looking", len(CHECKS), len(CHECKS))
    _show(at.home, findings, format)
    if worst(findings) is not State.OK:
        raise typer.Exit(1)


def examined(at: Installation) -> Iterator[Finding]:
    """Every finding, in the order of CHECKS. Raises nothing: a check that cannot be made is a finding."""
    for check in CHECKS:
        if check is WITH_DATABASE[0]:
            try:
                _start_web(at.home)
            except PlainError as error:
                yield wrong("web application", f"It does not start: {error}", FIRST_THIS)
                return
        found = list(looked_at(check, at))
        yield from found
        if check in FIRST and worst(found) is State.WRONG:
            yield wrong("the rest", FIRST[check], FIRST_THIS)
            return


def _start_web(home: Home) -> None:
    """Start Django on `home` without bringing its database up to date: looking must change nothing."""
    os.environ["LINEOFSIGHT_HOME"] = str(home.path)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lineofsight.web.site.settings")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()


def _show(home: Home, findings: list[Finding], format: Format) -> None:
    rows = [{name: getattr(one, name) for name in COLUMNS} for one in findings]
    if format is Format.JSON:
        show_json({"home": str(home.path), "state": worst(findings), "checks": rows})
    elif format is Format.CSV:
        show(rows, format, COLUMNS)
    else:
        for one in findings:
            print(f"{one.state:<6}{one.check}: {one.says}{f' {one.do}' if one.do else ''}")
        note(_summary(findings))


def _summary(findings: list[Finding]) -> str:
    counted = {state: sum(one.state is state for one in findings) for state in State}
    if worst(findings) is State.OK:
        return f"{len(findings)} checks, nothing to do."
    return f"{len(findings)} checks: {counted[State.WRONG]} wrong, {counted[State.LOOK]} to look at."
