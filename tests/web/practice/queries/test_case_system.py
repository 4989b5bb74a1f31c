"""The way to the case system: its number, and a link where the home names an address."""

from dataclasses import replace

import pytest

from lineofsight.web.practice.queries import case_system

ADDRESS = "https://cases.example/person/{id}/summary"


@pytest.mark.parametrize(
    ("template", "person", "link"),
    [
        (ADDRESS, "123", "https://cases.example/person/123/summary"),
        (ADDRESS, "1/2?x=3", "https://cases.example/person/1%2F2%3Fx%3D3/summary"),
        (ADDRESS, "", ""),
        ("", "123", ""),
        ("https://cases.example/", "123", ""),
        ("http://cases.example/{id}", "123", ""),
        ("javascript:alert({id})", "123", ""),
    ],
)
def test_a_link_is_made_only_of_a_secure_address_with_a_place_for_the_number(monkeypatch, home, template, person, link):
    monkeypatch.setattr(case_system, "home_in_use", lambda: replace(home, case_system=template))
    assert case_system.link(person) == link
