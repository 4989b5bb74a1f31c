"""One child who waits for a social worker, taken to all safeguards done: each with who, when and the document."""

import os
import subprocess
import sys

import pytest

from lineofsight import clock
from lineofsight.cases.safeguards import safeguards

pytestmark = pytest.mark.full

# The head of service's own; the team's manager records the others.
OF_THE_HEAD = ("management-monitoring", "statutory-duties")
# The child's team and service are given to the two, as an administrator would: the demonstration's may be others.
REACH = """
from pathlib import Path
from lineofsight.home import open_home
from lineofsight.web.site import console
console.start(open_home(Path({home!r})))
import pyarrow.compute as pc
from lineofsight.web.access.models import Holding
from lineofsight.web.practice.queries import standing

stand = standing.standing()
where = (pc.field("measure") == "CP10") & (pc.field("state") == "open")
rows = stand.lake.read(stand.computation, "exceptions", where=where).to_pylist()
held = standing.belonging(stand, [row["child_key"] for row in rows])
row = next(one for one in rows if not held[one["child_key"]]["restricted"])
Holding.objects.filter(office="team-manager").update(scope_ids=[row["team_id"]])
Holding.objects.filter(office="head-of-service").update(scope_ids=[row["service_id"]])
print(row["exception_id"])
"""


@pytest.fixture
def waits(own_site):
    """The key of the wait of one child, whose team's manager and head of service the demonstration's two now are."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LINEOFSIGHT_")}
    code = REACH.format(home=str(own_site.home))
    told = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=120)
    assert told.returncode == 0, told.stderr
    return told.stdout.split()[-1]


def enter(page, site, office):
    """Sign in by the office's button of the journey's own demonstration."""
    page.goto(f"{site.address}/sign-in")
    page.locator(f'button[name="office"][value="{office}"]').click()
    page.wait_for_url("**/")


def record(page, one, number):
    """Open the safeguard's form and say who did it, when, to whom, and under which reference."""
    section = page.locator(f"#{one.key}")
    section.get_by_text("Record it").click()
    day = clock.today()
    today = f"{day.day} {day:%B %Y}"
    section.get_by_label("When was it done?").fill(today)
    section.get_by_label("Who did it?").fill(one.who)
    if one.to:
        section.get_by_label(f"{one.to}?").fill("Those whom the plan names")
    section.get_by_label("Reference in the case system").fill(f"Document {number}")
    section.get_by_role("button", name="Record that it was done").click()
    page.wait_for_url(f"**/#{one.key}")
    return today


def test_one_child_who_waits_is_taken_to_all_safeguards_done(new_page, own_site, waits, assert_reads_well):
    at = f"{own_site.address}/exceptions/unallocated/{waits}/"
    defined = list(safeguards().values())
    done = {}
    for office, width in (("team-manager", 1280), ("head-of-service", 320)):
        page = new_page(width)
        enter(page, own_site, office)
        page.goto(f"{own_site.address}/exceptions/unallocated/")
        assert_reads_well(page)
        page.locator(f'a[href$="/{waits}/"]').click()
        assert_reads_well(page)
        name = page.get_by_role("heading", level=1).inner_text().split(" waits")[0].removeprefix("While ")
        for number, one in enumerate(defined):
            if (one.key in OF_THE_HEAD) == (office == "head-of-service"):
                done[one.key] = (f"Document {number}", record(page, one, number), one.who)
        assert_reads_well(page)

    letter(new_page, own_site, at, name, assert_reads_well)

    for width in (1280, 320):
        page = new_page(width)
        enter(page, own_site, "dcs")
        page.goto(at)
        assert "10 of 10 safeguards are recorded as done." in page.locator("main").inner_text()
        for key, (document, day, who) in done.items():
            told = page.locator(f"#{key}").inner_text()
            assert document in told and day in told and who in told and "Recorded by" in told, key
            assert "Done" in told
        assert page.locator("form[action*='/exceptions/']").count() == 0  # the Director reads, and records nothing
        assert name not in page.title() and name.split()[-1] not in page.url
        assert_reads_well(page)
        page.goto(f"{own_site.address}/exceptions/unallocated/")
        row = page.locator("tbody", has=page.locator(f'a[href$="/{waits}/"]'))
        assert row.locator("td").count() == row.get_by_text("Done").count() == len(defined)
        assert_reads_well(page)


def letter(new_page, site, at, name, assert_reads_well):
    """The letter to the family is drafted with the child's name, to be printed or copied; it is kept nowhere."""
    page = new_page(1280)
    enter(page, site, "team-manager")
    page.goto(at)
    page.locator("#family-told").get_by_role("link", name="Draft the letter").click()
    assert_reads_well(page)
    page.get_by_label("When will a social worker be allocated?").fill("By Friday, or I will write again.")
    page.get_by_label("Contact for what can wait until the next working day").fill("The duty desk.")
    page.get_by_label("Contact in an emergency, at night and at weekends").fill("The out-of-hours team.")
    page.get_by_role("button", name="Draft the letter").click()
    told = page.locator(".practice-letter").inner_text()
    assert name in told and "By Friday" in told and "out-of-hours" in told
    assert_reads_well(page)
