"""Every kind of field in the GOV.UK look, with its label, hint and error bound to it."""

import re
from datetime import date
from xml.etree import ElementTree

import pytest
from django import forms
from django.template.loader import render_to_string

from lineofsight.web.access.forms import PlainDateField, read_date


class Everything(forms.Form):
    """One of each."""

    name = forms.CharField(label="Name", help_text="As it is on the door")
    words = forms.CharField(label="What was said", widget=forms.Textarea)
    kind = forms.ChoiceField(label="Kind", choices=[("a", "First"), ("b", "Second")])
    answer = forms.ChoiceField(label="Answer", choices=[("y", "Yes"), ("n", "No")], widget=forms.RadioSelect)
    several = forms.MultipleChoiceField(
        label="Several", choices=[("1", "One"), ("2", "Two")], widget=forms.CheckboxSelectMultiple
    )
    sure = forms.BooleanField(label="I am sure")
    on = PlainDateField(label="When")
    secret = forms.CharField(widget=forms.HiddenInput)


def _tree(html):
    return ElementTree.fromstring(f"<div>{_closed(html)}</div>")


def _closed(html):
    html = re.sub(r"<(input|br)([^>]*?)/?>", r"<\1\2/>", html)
    return re.sub(r" (required|checked|selected|novalidate)(?=[ />])", r' \1="\1"', html)


def _classes(tree):
    return {name for element in tree.iter() for name in (element.get("class") or "").split()}


def test_every_kind_of_field_has_its_own_look_and_a_label():
    tree = _tree(str(Everything()))
    assert {
        "govuk-input",
        "govuk-textarea",
        "govuk-select",
        "govuk-radios__input",
        "govuk-checkboxes__input",
        "govuk-hint",
        "govuk-fieldset__legend",
    } <= _classes(tree)
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    labelled = {element.get("for") for element in tree.iter("label")}
    boxes = [one for tag in ("input", "textarea", "select") for one in tree.iter(tag) if one.get("type") != "hidden"]
    assert len(boxes) == 9 and all(box.get("id") in labelled for box in boxes)


def test_an_error_stands_at_its_field_is_bound_to_it_and_is_linked_from_the_summary():
    form = Everything({"on": "31 February 2026"})
    assert not form.is_valid()
    tree = _tree(str(form))
    ids = {element.get("id"): element for element in tree.iter() if element.get("id")}
    links = [link.get("href") for link in tree.iter("a")]
    assert len(links) == 7 and all(link.removeprefix("#") in ids for link in links)
    for name in ("id_name", "id_words", "id_kind", "id_on"):
        box = ids[name]
        assert box.get("aria-invalid") == "true"
        assert any(f"{one}--error" in box.get("class") for one in ("govuk-input", "govuk-textarea", "govuk-select"))
        assert all(described in ids for described in box.get("aria-describedby").split())
    text = "".join(ids["id_on_error"].itertext())
    assert "Enter a real date, like 31 October 2026." in text


def test_what_was_typed_stands_again_and_is_only_ever_text():
    form = Everything({"name": '"><script>alert(1)</script>', "answer": "n", "several": ["2"], "sure": "on"})
    html = str(form)
    assert "<script>" not in html and "&lt;script&gt;" in html
    checked = {one.get("value") for one in _tree(html).iter("input") if one.get("checked")}
    assert {"n", "2"} <= checked and "1" not in checked


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("31 October 2026", date(2026, 10, 31)),
        ("31 Oct 2026", date(2026, 10, 31)),
        ("1 sept 26", date(2026, 9, 1)),
        ("31/10/2026", date(2026, 10, 31)),
        ("3.11.26", date(2026, 11, 3)),
        ("29 2 2028", date(2028, 2, 29)),
        (" 2026-10-31 ", date(2026, 10, 31)),
        ("29/2/2026", None),
        ("10/31/2026", None),
        ("31 Ju 2026", None),
        ("tomorrow", None),
        ("31 October", None),
        ("", None),
    ],
)
def test_a_date_is_read_as_people_write_it_day_first(typed, meant):
    assert read_date(typed) == meant


def test_a_date_given_as_initial_value_stands_in_words():
    class When(forms.Form):
        on = PlainDateField(required=False)

    assert 'value="31 October 2026"' in str(When(initial={"on": date(2026, 10, 31)}))
    empty = When({"on": " "})
    assert empty.is_valid() and empty.cleaned_data["on"] is None


def test_partials_say_what_they_are_given():
    assert "govuk-button--warning" in render_to_string("partials/button.html", {"words": "End", "kind": "warning"})
    assert '<a class="govuk-button"' in render_to_string("partials/button.html", {"words": "Go", "href": "/"})
    tag = render_to_string("partials/tag.html", {"word": "missed"})
    assert "govuk-tag--red" in tag and "Missed" in tag
    empty = render_to_string("partials/empty.html", {"why": "There are none.", "next": "Look later."})
    assert "There are none." in empty and "Look later." in empty
    assert "nav" not in render_to_string("partials/pagination.html", {})
    table = _tree(
        render_to_string(
            "partials/table.html",
            {
                "caption": "Two",
                "columns": [{"words": "A"}, {"words": "B", "number": True}],
                "rows": [["x", 1]],
            },
        )
    )
    assert [one.get("scope") for one in table.iter("th")] == ["col", "col"]
