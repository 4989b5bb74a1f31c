"""The command line's way into the web's rooms: start Django on a home, and write a console read to the chain."""

import os
from collections.abc import Sequence

import django
from django.apps import apps
from django.core.management import call_command

from lineofsight.home import Home


def start(home: Home) -> None:
    """Start Django on `home` in this process and bring its database up to date."""
    os.environ["LINEOFSIGHT_HOME"] = str(home.path)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lineofsight.web.site.settings")
    if not apps.ready:
        django.setup()
    call_command("migrate", verbosity=0, interactive=False)


def record_console_read(home: Home, *, account: str, purpose: str, action: str, child_keys: Sequence[str]) -> None:
    """Write a read made at the command line to the chain before anything is shown (DESIGN 5 E).

    Raises LogUnavailable when it cannot be written: then nothing may be shown.
    """
    start(home)
    from lineofsight.web.access import chain
    from lineofsight.web.access.viewer import console_viewer

    chain.record_read(viewer=console_viewer(account, purpose), action=action, child_keys=child_keys)
