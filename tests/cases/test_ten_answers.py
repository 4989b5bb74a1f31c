"""The ten as the command line answers it: reasons in two lists, siblings without those who are not to be told."""

from datetime import date, datetime
from types import SimpleNamespace

import pyarrow as pa
import pytest

from lineofsight.cases import ten
from lineofsight.cases.ten import answers
from lineofsight.errors import PlainError

AS_AT = date(2026, 10, 31)


class Lake:
    """A lake that holds one computation's files."""

    def __init__(self, **files):
        self.files = files
        self.held = [(AS_AT, "made"), (date(2026, 9, 30), "old"), (date(2026, 8, 31), None)]

    def read(self, computation, name, where=None):
        table = self.files[name]
        return table if where is None else table.filter(where)

    def snapshots(self):
        return [
            SimpleNamespace(as_at=day, loaded_at=datetime(2026, 11, 1), id=str(day), made=made)
            for day, made in self.held
        ]

    def computation(self, snapshot):
        return (
            SimpleNamespace(keeps=lambda name: snapshot.made == "made" and name in answers.FILES)
            if snapshot.made
            else None
        )


def child(key, place, *, first=True, siblings=()):
    return {"child_key": key, "person_id": f"p-{key}", "place": place, "first": first, "siblings": list(siblings)}


def reason(key, rule, theme, words):
    return {"child_key": key, "rule": rule, "theme": theme, "reason": words}


@pytest.fixture
def lake():
    children = [child("b", 2), child("a", 1, siblings=["s", "t"]), child("s", 1, first=False, siblings=["a", "t"])]
    reasons = [
        reason("a", "not-seen", "harm", "Not seen."),
        reason("a", "review-late", "service failure", "Late."),
        reason("b", "review-late", "service failure", "Late."),
        reason("s", "not-seen", "harm", "Not seen either."),
    ]
    return Lake(
        ten=pa.Table.from_pylist(children, ten.CHILDREN), ten_reasons=pa.Table.from_pylist(reasons, ten.REASONS)
    )


def test_a_record_a_family_in_their_order_harm_apart_from_failure(lake):
    told = answers.ten_of(lake, SimpleNamespace(as_at=AS_AT), None, frozenset())
    assert [(one["child_key"], one["harm"], one["service_failure"], one["siblings"]) for one in told] == [
        ("a", ["Not seen."], ["Late."], 2),
        ("b", [], ["Late."], 0),
    ]
    assert [one["rules"] for one in told] == [["not-seen", "review-late"], ["review-late"]]
    assert all(list(one) == answers.COLUMNS for one in told)


def test_brothers_and_sisters_who_are_not_to_be_told_are_not_counted(lake):
    told = answers.ten_of(lake, SimpleNamespace(as_at=AS_AT), None, {"t"})
    assert told[0]["siblings"] == 1


def test_the_newest_stands_for_now_and_a_month_for_its_own(lake):
    assert answers.standing_of(lake, None)[0].as_at == answers.standing_of(lake, "2026-10")[0].as_at == AS_AT


@pytest.mark.parametrize(("month", "words"), [
    ("2026-09", "was not worked out for the extract of 30 September 2026"),
    ("2026-08", "No extract that is as at a day in August 2026 has been loaded"),
    ("2026-13", "'2026-13' is not a month"),
    ("October", "'October' is not a month"),
])  # fmt: skip
def test_a_month_without_a_ten_says_why(lake, month, words):
    with pytest.raises(PlainError, match=words):
        answers.standing_of(lake, month)
