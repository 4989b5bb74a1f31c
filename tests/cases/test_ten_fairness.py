"""Who gets listed, against the children who could be: groups, counts and intervals."""

from datetime import date

import pyarrow as pa

from lineofsight.cases.ten import fairness

AS_AT = date(2026, 10, 31)


def person(key, born=date(2016, 1, 1), *, sex="F", ethnicity="WBRI", disabled=None, expected=None, need=True):
    return {
        "child_key": key, "dob": born, "expected_dob": expected, "sex": sex, "ethnicity": ethnicity,
        "disabled": disabled, "on_plan": False, "looked_after": False, "in_need": need,
    }  # fmt: skip


def people(*rows):
    shape = [(name, pa.string()) for name in ("child_key", "sex", "ethnicity")]
    shape += [(name, pa.date32()) for name in ("dob", "expected_dob")]
    shape += [(name, pa.bool_()) for name in ("disabled", "on_plan", "looked_after", "in_need")]
    return pa.Table.from_pylist(list(rows), pa.schema(shape))


def counts(groups):
    return {one.label: (one.children, one.meets, one.listed) for one in groups}


def test_each_way_counts_every_child_once():
    rows = people(
        person("a", sex="F", disabled=True),
        person("b", sex="Male", disabled=False, ethnicity="BCRB"),
        person("c", sex=None, ethnicity=None),
        person("d", need=False),
    )
    found = fairness.compare(rows, {"a", "b"}, {"a"}, AS_AT)
    assert counts(found["sex"]) == {"Female": (1, 1, 1), "Male": (1, 1, 0), "Not known": (1, 0, 0)}
    assert counts(found["disability"]) == {"Disabled": (1, 1, 1), "Not disabled": (1, 1, 0), "Not known": (1, 0, 0)}
    assert counts(found["ethnicity"]) == {"White": (1, 1, 1), "Black": (1, 1, 0), "Not known": (1, 0, 0)}


def test_ages_turn_on_the_birthday():
    rows = people(
        person("a", date(2025, 11, 1)), person("b", date(2025, 10, 31)), person("c", date(2021, 10, 31)),
        person("d", date(2016, 10, 31)), person("e", date(2010, 10, 31)), person("f", None),
        person("g", None, expected=date(2026, 12, 1)), person("h", date(2026, 11, 2)),
    )  # fmt: skip
    assert counts(fairness.compare(rows, set(), set(), AS_AT)["age"]) == {
        "Unborn": (2, 0, 0), "Under 1": (1, 0, 0), "1 to 4": (1, 0, 0), "5 to 9": (1, 0, 0), "10 to 15": (1, 0, 0),
        "16 and over": (1, 0, 0), "Not known": (1, 0, 0),
    }  # fmt: skip


def test_who_is_listed_and_open_to_nothing_is_counted_all_the_same():
    found = fairness.compare(people(person("a", need=False)), set(), {"a"}, AS_AT)
    assert counts(found["sex"]) == {"Female": (1, 1, 1)}


def test_the_interval_is_that_of_the_ratio_against_all_others():
    rows = people(*(person(f"f{n}") for n in range(10)), *(person(f"m{n}", sex="M") for n in range(30)))
    found = {one.label: one for one in fairness.compare(rows, set(), {"f1", "f2", "m1", "m2"}, AS_AT)["sex"]}
    assert found["Female"].ratio.value == 3.0
    assert found["Female"].ratio.low < 1 < found["Female"].ratio.high
    assert not found["Female"].ratio.differs
