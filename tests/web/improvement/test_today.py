"""What the first page has of this room, by office."""

from __future__ import annotations

from datetime import date

import pytest
from django.template.loader import render_to_string

from lineofsight.web.improvement.queries.today import today_block

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("people", "mid_november")]


def test_an_owner_has_what_is_due_of_theirs_each_with_its_link(owner, make_action):
    action = make_action(deadline_on=date(2026, 9, 1))
    block = today_block(owner)
    assert list(block) == ["actions_mine"]
    page = render_to_string("improvement/today_mine.html", block)
    assert "You answer for one action. Word is due of one." in page and f"/actions/{action.pk}/say/" in page
    assert "Its deadline passed on 1 September 2026." in page


def test_the_director_has_what_is_in_exception_as_counts_that_are_links(director, make_action):
    make_action(deadline_on=date(2026, 9, 1))
    block = today_block(director)
    assert list(block) == ["actions_exceptions"]
    page = render_to_string("improvement/today_exceptions.html", block)
    assert 'href="/actions/?kind=late">1: Past its deadline and not green' in page and "?kind=silent" not in page


def test_nobody_is_told_of_nothing_and_who_only_sees_is_not_told(director, member, viewer_as, make_action):
    assert today_block(director) == {} == today_block(viewer_as("head-of-service"))
    make_action(deadline_on=date(2026, 9, 1), owned_by="head-of-service")
    assert today_block(member) == {} == today_block(viewer_as("information-governance"))
    assert list(today_block(viewer_as("head-of-service"))) == ["actions_mine"]
    make_action(owned_by="information-governance")
    assert today_block(viewer_as("information-governance")) == {}
    assert render_to_string("improvement/today_mine.html", {}).strip() == ""
