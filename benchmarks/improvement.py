"""The pages of findings, plans and actions under load, with two thousand actions of one plan."""

import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from benchmarks import pages

ACTIONS, OWNERS, FINDINGS = 2_000, 40, 200
SAID = ("on-track", "at-risk", "off-track")
WORDS_OF_EACH = 3  # times somebody said how an action goes
HEADING = "Findings, plans and actions"
BY = (
    f"{{users}} users of three offices (Director, Lead Member, quality assurance) among {ACTIONS:,} actions of one "
    f"plan and {FINDINGS} findings, with one to three seconds between clicks, SQLite. The first half minute is "
    "not counted."
)
EVERY = {
    "Actions": "/actions/",
    "Actions past their deadline": "/actions/?kind=late",
    "A later page of actions": "/actions/?page=9",
    "An action": "action",
    "In exception": "/actions/exceptions/",
    "Findings": "/findings/",
    "A finding": "finding",
    "Plans": "/plans/",
    "A plan": "plan",
    "A plan as at a day": "plan then",
    "Today": "/",
}
KEEPS = {"Who to ask for word": "/actions/ask/", "Words to clear": "/actions/clear/"}
OFFICES = {"dcs": EVERY | KEEPS, "lead-member": EVERY, "qa-manager": EVERY | KEEPS}
THEN = (1, 20, 60)  # days before the newest


def run(home: Path, *, users: int, seconds: int) -> pages.Load:
    """Fill `home` in a process of its own, and let people open its pages."""
    environment = {**os.environ, "LINEOFSIGHT_HOME": str(home)}
    command = [sys.executable, "-m", "benchmarks.improvement", str(home)]
    subprocess.run(command, check=True, env=environment, capture_output=True)
    return pages.run(home, users=users, seconds=seconds, offices=OFFICES, lists=lists_of)


def table(load: pages.Load) -> str:
    """Each page's figures."""
    return pages.table(load, HEADING, BY)


def lists_of(office: str, cookie: str) -> dict[str, list[str]]:
    """The actions, findings and plans there are, as their lists name them."""
    found = {
        "action": _named("action", *(pages.read(f"/actions/?page={page}", cookie) for page in (1, 4, 8))),
        "finding": _named("finding", pages.read("/findings/", cookie)),
        "plan": _named("plan", pages.read("/plans/", cookie)),
    }
    from lineofsight import clock
    from lineofsight.web.improvement import wording

    days = [wording.day(clock.today() - timedelta(days=before)).replace(" ", "+") for before in THEN]
    found["plan then"] = [f"{plan}?on={day}" for plan in found["plan"] for day in days]
    empty = [name for name, addresses in found.items() if not addresses]
    if empty:
        raise RuntimeError(f"{office}: nothing to open for {empty}")
    return found


def _named(kind: str, *texts: str) -> list[str]:
    return sorted({address for text in texts for address in re.findall(rf'href="(/{kind}s/[0-9a-f-]{{36}}/)', text)})


def fill(home: Path) -> None:
    """Write the plan, its actions with what was said of them, and the findings they answer."""
    from lineofsight.home import open_home
    from lineofsight.web.site import console

    console.start(open_home(home))
    from lineofsight import clock
    from lineofsight.demonstration.people import holder
    from lineofsight.web.improvement.actions import progress
    from lineofsight.web.improvement.models import Action, ActionOwner, Finding, Plan, Rating, Update
    from lineofsight.web.improvement.models.words import written

    by, now, today = holder("qa-manager"), clock.now(), clock.today()
    began = today - timedelta(days=200)
    told = {"level": by.level, "begun_at": now, "begun_by_key": by.person_key, "begun_by_name": by.person_name}
    plan = Plan.objects.create(
        kind="inspection", title="What was asked of us", published_on=began, published_by="The board", **told
    )
    findings = Finding.objects.bulk_create(
        Finding(
            source="audit", title=f"Finding {n}", found_on=began, **written(by, now, f"Of twenty files {n} were thin.")
        )
        for n in range(FINDINGS)
    )
    actions = Action.objects.bulk_create(
        Action(
            plan=plan,
            number=n + 1,
            finding=findings[n % FINDINGS],
            responsible=f"Owner {n % OWNERS}",
            deadline_words="a day",
            deadline_kind="date",
            deadline_on=today + timedelta(days=n % 200 - 100),
            rag="amber",
            said=SAID[n % 3],
            heard_on=today - timedelta(days=n % 30),
            measure="CP08" if n % 3 else "",
            target=90.0 if n % 3 else None,
            **written(by, now, f"See that the thing numbered {n} is done every month, and written down."),
        )
        for n in range(ACTIONS)
    )
    ActionOwner.objects.bulk_create(ActionOwner(action=one, place=1, name=one.responsible) for one in actions)
    Rating.objects.bulk_create(
        Rating(action=one, on=began, rag="amber", set_by="rule", by_rule="amber", rule="nothing-said", rated_at=now)
        for one in actions
    )
    Update.objects.bulk_create(
        Update(
            action=one,
            kind=Update.Kind.PROGRESS,
            as_at=today - timedelta(days=40 * time + (one.number - 1) % 30),
            said=SAID[(one.number - 1) % 3],
            **written(by, now, f"Said for time {time}: the rota holds, and two teams wait."),
        )
        for one in actions
        for time in range(WORDS_OF_EACH)
    )
    progress.rate_all(on=today)


if __name__ == "__main__":
    fill(Path(sys.argv[1]))
