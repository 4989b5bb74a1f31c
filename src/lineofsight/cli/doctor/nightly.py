"""Checks of the nightly load: how the last night stands, and whether the database it reads answers."""

from collections.abc import Iterator

from lineofsight import nightly
from lineofsight.cli.doctor.findings import Finding, Installation, look, ok, wrong
from lineofsight.errors import PlainError

_DO = {
    "missed": "See that the worker runs: lineofsight worker.",
    "failed": "Put it right, then load it now: lineofsight nightly --now.",
    "coming": "See that whatever writes the folder has finished.",
    "nothing new": "See that the case system still exports.",
    "waiting": "Look at it on the Data page, or with lineofsight loads, and say yes or no.",
}


def nightly_load(at: Installation) -> Iterator[Finding]:
    """The last night's extract was loaded."""
    last = nightly.last_night(at.home)
    told = wrong if last.state in ("missed", "failed") else look
    if last.well:
        yield ok("nightly load", last.says)
    else:
        yield told("nightly load", last.says, _DO[last.state])


def source_database(at: Installation) -> Iterator[Finding]:
    """The database the home is fed from answers, and is told of in a place that nobody else can read."""
    from lineofsight.sources.connection import opened, source_of

    source = source_of(at.home)
    if source is None:
        yield ok("source database", "No database is named: extracts come as files.")
        return
    try:
        with opened(source):
            pass
    except PlainError as error:
        yield wrong("source database", str(error), "See that it runs, and that the address and the role are right.")
    else:
        how = "; only its role’s rights keep this from writing" if source.kind == "mssql" else ", read only"
        yield ok("source database", f"The database {source.name} answers{how}.")
