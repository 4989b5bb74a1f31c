"""The command line's way into the web's rooms: start Django on a home, and write a console read to the chain."""

import os
from collections.abc import Sequence
from contextlib import suppress

import django
from django.apps import apps
from django.core.management import call_command

from lineofsight.home import Home
from lineofsight.lake import Snapshot, folders

MIGRATING = ".migrating"  # the lock under which one process at a time changes the database's tables


def start(home: Home) -> None:
    """Start Django on `home` in this process and bring its database up to date, one process at a time."""
    os.environ["LINEOFSIGHT_HOME"] = str(home.path)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lineofsight.web.site.settings")
    if not apps.ready:
        django.setup()
    from lineofsight.web.site import soundness

    with folders.locked(home.lake, MIGRATING):
        if soundness.pending():
            soundness.forget_second_copies()
            call_command("migrate", verbosity=0, interactive=False)
        soundness.keep_second_copies()


def record_loads(home: Home, *, account: str) -> bool:
    """Write what was loaded and computed into the chain; False where it cannot be now, and the worker will."""
    from django.db import DatabaseError

    try:
        start(home)
        from lineofsight.web.access.chain import LogUnavailable, anchor_a_missed_day
        from lineofsight.web.access.loads import tell_of_loads
    except (DatabaseError, OSError):  # a full disk: the load stands, and must not be said to have failed
        return False
    try:
        tell_of_loads(by=f"console:{account}")
    except LogUnavailable:
        return False
    with suppress(OSError):  # what a load left out that was killed meanwhile; the worker's next round does it too
        anchor_a_missed_day(home)
    return True


def withheld_from_console(home: Home) -> frozenset[str]:
    """The keys of the children whose restricted records no command prints, whoever runs it (rule 7.3)."""
    start(home)
    from lineofsight.web.access.viewer import console_viewer
    from lineofsight.web.practice.queries.standing import standing, withheld

    return withheld(standing(), console_viewer("", ""))


def withheld_from_load(home: Home, snapshot: Snapshot) -> frozenset[str]:
    """The same among the children of one load, which need not be the newest and may wait."""
    start(home)
    from lineofsight.web.access.house import lake_in_use
    from lineofsight.web.access.restricted.queries import withheld_in
    from lineofsight.web.access.viewer import console_viewer

    return withheld_in(console_viewer("", ""), lake_in_use(), snapshot)


def record_console_read(
    home: Home,
    *,
    account: str,
    purpose: str,
    action: str,
    subject: str,
    child_keys: Sequence[str],
    format: str,
    rows: int,
) -> None:
    """Write a read made at the command line to the chain before anything is shown (DESIGN 5 E).

    `subject` says what of (a measure, a pack), `format` and `rows` what is printed or written.

    Raises LogUnavailable when it cannot be written: then nothing may be shown.
    """
    start(home)
    from lineofsight.web.access import chain
    from lineofsight.web.access.viewer import console_viewer

    chain.record_read(
        viewer=console_viewer(account, purpose),
        action=action,
        subject=subject,
        child_keys=child_keys,
        detail={"format": format, "rows": rows},
    )


def record_keys(home: Home, account: str, *, action: str, **detail: int) -> None:
    """Write to the chain that the master key is being changed, or was. Raises LogUnavailable."""
    start(home)
    from django.db import transaction

    from lineofsight.web.access import chain

    with transaction.atomic():
        chain.record(actor=f"console:{account}", action=action, detail=dict(detail))
