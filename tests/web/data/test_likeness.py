"""A load of other children under the same ids says so on its page before anybody publishes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from html import unescape

import pytest
from django.urls import reverse
from tests.lake.extracts import extract_of

from lineofsight import loading
from lineofsight.web.access.house import lake_in_use
from lineofsight.web.access.permissions import Refused
from lineofsight.web.data.queries import likeness


@pytest.fixture
def others(home):
    """The people of the newest load with another date of birth each, as an extract that waits."""
    lake = lake_in_use()
    tables = {name: one.to_table().to_pylist() for name, one in lake.tables(lake.newest()[0]).items()}
    rows = [{**one, "pers_dob": date(2001, 2, 3)} for one in tables["ssd_person"]]
    made = extract_of({**tables, "ssd_person": rows}, as_at=date(2026, 11, 10))
    done = loading.load(home, replace(made, authority=None))
    assert done.waiting
    return done


def test_the_page_of_a_load_of_other_children_asks_whose_it_is(others, analyst, viewer_as) -> None:
    shown = unescape(analyst.get(reverse("data:load", args=[others.snapshot.id])).content.decode())
    assert "Is this the same authority’s?" in shown
    assert "are not those of the load before under the same ids" in shown
    assert likeness.unlike(viewer_as("analyst"), others.snapshot.id) in shown
    assert likeness.unlike(viewer_as("analyst"), lake_in_use().newest()[0].id) == ""


def test_who_does_not_see_data_is_told_nothing_of_it(others, viewer_as) -> None:
    with pytest.raises(Refused):
        likeness.unlike(viewer_as("lead-member"), others.snapshot.id)
