"""The desk of information governance over two months that the demonstration's people left behind them."""

from __future__ import annotations

import csv
import io

import pytest

from lineofsight.web.access.desk.patterns import patterns


@pytest.mark.parametrize("width", [1280, 320])
def test_every_pattern_has_something_to_show_or_says_that_it_has_none(new_page, sign_in, assert_reads_well, width):
    page = new_page(width)
    sign_in(page, "information-governance")
    page.get_by_role("link", name="What is worth a look").click()
    assert_reads_well(page)
    said = page.locator("main").inner_text()
    assert "in the last 30 days are worth a look" in said and "looked into so far" in said
    for pattern in patterns().values():
        assert pattern.title in said
    for slug in ("own-surname", "out-of-hours", "again-and-again", "first-file"):
        assert page.locator(f"#{slug}").count() == 1, slug
    page.get_by_role("link", name="Look into it").first.click()
    assert_reads_well(page)
    page.go_back()
    page.get_by_role("link", name="looked into", exact=True).click()
    assert "Looked into by" in page.locator("main").inner_text()
    assert_reads_well(page)


@pytest.mark.parametrize("width", [1280, 320])
def test_every_page_of_the_desk_leads_to_every_other(new_page, sign_in, assert_reads_well, width):
    page = new_page(width)
    sign_in(page, "information-governance")
    page.goto("/access/desk/")
    places = page.get_by_role("navigation", name="The desk").get_by_role("link")
    for address in places.evaluate_all("all => all.map(one => one.getAttribute('href'))"):
        page.goto(address)
        assert_reads_well(page)
        here = page.locator('nav[aria-label="The desk"] [aria-current="page"]')
        assert here.count() == 1 and here.get_attribute("href") == address


def test_the_log_of_the_demonstration_stands_in_the_order_of_time(new_page, sign_in):
    page = new_page()
    sign_in(page, "information-governance")
    taken = page.request.get("/access/log/?format=csv").text()
    rows = list(csv.DictReader(io.StringIO(taken.lstrip("\ufeff"))))
    when = [row["When"][:10] for row in rows]
    assert when == sorted(when, reverse=True)
    done = {row["What was done"] for row in rows}
    assert {"Opened a child’s page", "Was refused a child’s page", "Restricted a child’s record"} <= done
    assert {"Began a night of file reading", "Took a child’s record out for subject access"} <= done
    assert "Answered that they were told" in done
