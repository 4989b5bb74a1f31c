"""The loop: a finding, an action, progress, proof, green; then the same found again, and red again."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from lineofsight import clock

WORDS = "In seven of ten cases the handover note did not say who tells the school that the worker has changed."
AGAIN = "In four of ten cases the handover note still did not say who tells the school that the worker has changed."


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()
    page.wait_for_load_state()


def follow(page: Page, name: str | re.Pattern[str]) -> None:
    page.get_by_role("link", name=name).first.click()
    page.wait_for_load_state()


def write_down(page: Page, address: str, title: str, words: str) -> None:
    page.goto(f"{address}/findings/new/")
    page.get_by_label("Audit").check()
    page.get_by_label("What was found, in one line").fill(title)
    page.get_by_label("What was found", exact=True).fill(words)
    page.get_by_label("Found on").fill(f"{clock.today():%d/%m/%Y}")
    page.locator("form.imp-form button, main form button[type=submit]").last.click()
    page.wait_for_load_state()
    expect(page.locator("h1")).to_have_text(title)


def save(page: Page) -> None:
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_load_state()


def is_now(page: Page, address: str, colour: str) -> None:
    page.goto(address)
    expect(page.locator("main .govuk-body-l")).to_contain_text(colour)


def answer_it(page: Page) -> str:
    """An action for the finding that is on the screen; its address."""
    follow(page, re.compile("Add an action for it"))
    page.get_by_label("What is to be done?").fill("Have each handover say who tells the school, and by when.")
    page.get_by_label("Who answers for it?").fill("Sorcha Venn")
    page.get_by_label("Deadline").fill(f"{clock.today() + timedelta(days=60):%d/%m/%Y}")
    press(page, "Add the action")
    said = page.get_by_text(re.compile(r"^Action \d+ is in the plan\.$")).first.inner_text()
    follow(page, re.compile(rf"^{said.removesuffix(' is in the plan.')}$"))
    return page.url


def say_on_track(page: Page) -> None:
    press(page, "Say how it is going")
    page.get_by_label("How is it going?").fill("The handover form asks it, and managers read ten a month.")
    page.get_by_label("On track").check()
    save(page)


def call_for_proof(page: Page) -> None:
    follow(page, "Call for proof")
    page.get_by_label("An audit of a sample").check()
    page.get_by_label("By when").fill(f"{clock.today() + timedelta(days=30):%d/%m/%Y}")
    page.get_by_label("If an audit: how many files are looked at").fill("10")
    page.get_by_label("What is to be looked at, and what it has to show").fill(
        "Ten handovers say who tells the school."
    )
    save(page)


def prove(page: Page) -> None:
    follow(page, re.compile("^Say what was found"))
    page.get_by_label("Looked on").fill(f"{clock.today():%d/%m/%Y}")
    page.locator('input[name="held"][value="yes"]').check()
    page.get_by_label("How many were looked at").fill("10")
    page.get_by_label("What was found").fill("All ten say who tells the school.")
    save(page)


@pytest.mark.parametrize("width", [1280, 320])
def test_a_finding_becomes_an_action_that_is_proved_green_and_turns_red_when_it_is_found_again(
    new_page: Any, own_site: Any, assert_reads_well: Any, width: int
) -> None:
    page, address = new_page(width), own_site.address
    page.goto(f"{address}/sign-in")
    page.locator('button[name="office"][value="qa-manager"]').click()
    page.wait_for_url("**/")
    write_down(page, address, "Schools are not told of a new worker", WORDS)
    assert_reads_well(page)
    finding = page.url

    action = answer_it(page)
    assert_reads_well(page)
    is_now(page, action, "Amber")
    say_on_track(page)
    is_now(page, action, "Green")
    call_for_proof(page)
    is_now(page, action, "Amber")
    prove(page)
    is_now(page, action, "Green")  # what it called for held
    press(page, "Close it on its proof")
    save(page)
    is_now(page, action, "Green")
    assert_reads_well(page)

    page.goto(finding)
    follow(page, "Close this finding")
    page.get_by_label("What has changed for children, and how do you know?").fill("Schools know; ten of ten were told.")
    save(page)
    write_down(page, address, "Schools are still not told of a new worker", AGAIN)
    assert_reads_well(page)
    expect(page.get_by_role("heading", name="Is it the same again?")).to_be_visible()
    press(page, "It is the same again")
    assert_reads_well(page)
    expect(page.get_by_text("The same again.", exact=True)).to_be_visible()
    is_now(page, action, "Red")
    assert_reads_well(page)
    page.goto(f"{address}/actions/?colour=red")
    expect(page.get_by_role("link", name="Have each handover say who tells the school")).to_be_visible()
    assert_reads_well(page)
    page.goto(f"{address}/findings/")
    assert_reads_well(page)
