"""How fast one person may look: so many searches, children's pages and lists in an hour (ASVS 2.4.1).

Counted from the audit chain, as lock-out is (docs/adr/0005): the looks themselves are the count. Whoever is stopped
looks at nothing, so is not counted again, and the hour moves on by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, timedelta

from django.db import transaction

from lineofsight import clock, policy
from lineofsight.errors import PlainError
from lineofsight.web.access.chain import record
from lineofsight.web.access.house import home_in_use
from lineofsight.web.access.models import ChainEvent, ChainShown
from lineofsight.web.access.viewer import Viewer

STOPPED = "looking.stopped"
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Pace:
    """One kind of look: its event in the chain, the number of the policy, and what a person did so often.

    Without an event it is every look at which children were shown, counted by the hour of the clock.
    """

    action: str
    threshold: str
    did: str

    def looks(self, viewer: Viewer) -> int:
        """How often `viewer` looked so in the last hour, or in this one."""
        if self.action:
            lately = ChainEvent.objects.filter(action=self.action, subject="", at__gt=_an_hour_ago())
            return lately.filter(actor=viewer.person_key).count()
        hour = f"{clock.now().astimezone(UTC):%Y-%m-%dT%H}"
        return ChainShown.objects.filter(actor=viewer.person_key, hour=hour, children__gt=0).count()


SEARCHING = Pace("children.found", "looking.searches_in_an_hour", "searched for a child")
OPENING = Pace("child.opened", "looking.pages_in_an_hour", "opened a child’s page")

LISTING = Pace("", "looking.lists_in_an_hour", "opened lists and pages of children")


class TooFast(PlainError):
    """This person looked as often in the last hour as the policy allows."""


def check_pace(viewer: Viewer, pace: Pace) -> None:
    """Raise TooFast where `viewer` looked so often in the last hour already; the first time is in the log."""
    most = int(policy.load(home_in_use()).number(pace.threshold, clock.today()))
    if pace.looks(viewer) < most:
        return
    stopped = ChainEvent.objects.filter(action=STOPPED, subject=pace.threshold, at__gt=_an_hour_ago())
    if not stopped.filter(actor=viewer.person_key).exists():
        with transaction.atomic():
            record(viewer=viewer, action=STOPPED, subject=pace.threshold, detail={"most": most})
    raise TooFast(
        f"You have {pace.did} {most} times in the last hour, which is as often as it may be done. Wait a while and go "
        "on. Information governance is told of it: if your work needs more, say so to them."
    )


def _an_hour_ago() -> str:
    return (clock.now() - HOUR).isoformat(timespec="microseconds")
