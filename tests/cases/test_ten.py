"""The ten: each rule's cases worked out by hand; the order, the families and the reasons of those who are listed."""

from dataclasses import replace
from datetime import date

import pyarrow as pa
import pytest

from lineofsight import clock, policy
from lineofsight.cases import ten
from lineofsight.cases.ten import finding, rules
from lineofsight.errors import PlainError
from lineofsight.measures import definitions, engine, spec
from lineofsight.measures.contract import ROWS_SCHEMA

CATALOGUE = definitions.load()
RULES = rules.load()
AS_AT = date(2026, 10, 30)


def cases():
    for slug, one in RULES.items():
        for case in spec.read(one.folder / "spec.md").cases:
            yield pytest.param(one, case, id=f"{slug}: {case.sentence}")


def found_in(case, rule):
    """What the engine finds for one rule in one case, everybody's key being their id."""
    given = spec.inputs(case)
    people = sorted({one for table in given.tables.values() for one in _people(table)})
    inputs = replace(given, child_keys=pa.table({"person_id": pa.array(people, pa.string()), "child_key": people}))
    only = [rule.measure] if rule.measure else []
    measured = engine.measure(inputs, CATALOGUE.only(only))
    own = finding.own_rules({rule.slug: rule})
    beside = engine.measure(inputs, definitions.Catalogue(own, CATALOGUE.views))
    told = persons(*people, on_plan=_in(given, "ssd_cp_plans"), looked_after=_in(given, "ssd_cla_episodes"))
    return finding.find(inputs.as_at, measured, beside, told, {rule.slug: rule})


def _in(given, table):
    return _people(given.tables[table]) if table in given.tables else set()


def _people(table):
    columns = [name for name in table.column_names if name.endswith("_person_id")]
    return {one for name in columns for one in table[name].to_pylist() if one}


def persons(*keys, siblings=None, on_plan=(), looked_after=()):
    told = [
        {
            "child_key": key,
            "siblings": (siblings or {}).get(key, []),
            "team_id": "t1",
            "service_id": "s1",
            "worker_id": "w1",
            "on_plan": key in on_plan,
            "looked_after": key in looked_after,
            "in_need": False,
        }
        for key in keys
    ]
    kinds = {"siblings": pa.list_(pa.string()), **dict.fromkeys(rules.AMONG, pa.bool_())}
    shape = pa.schema([(name, kinds.get(name, pa.string())) for name in finding.PERSONS])
    return pa.Table.from_pylist(told, shape)


@pytest.mark.parametrize(("rule", "case"), list(cases()))
def test_a_rule_finds_whom_it_was_worked_out_to_find(rule, case):
    found = found_in(case, rule)
    (told,) = found["ten_rules"].to_pylist()
    if "not measured" in case.expect:
        assert (told["status"], told["missing"]) == (ten.COULD_NOT_TELL, case.expect["not measured"].split(", "))
        assert found["ten_reasons"].num_rows == 0
        return
    assert (told["status"], told["children"]) == (ten.TOLD, int(case.expect["numerator"]))
    if case.rows is not None:
        columns, cells = case.rows
        rows = found["ten_reasons"].select(list(columns)).to_pylist()
        assert sorted(tuple(row.values()) for row in rows) == sorted(
            tuple(row[one] for one in columns) for row in cells
        )


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_a_rule_has_its_cases_and_its_review_is_still_to_come(rule):
    told = spec.read(rule.folder / "spec.md").cases
    sentences = [case.sentence for case in told]
    assert len(set(sentences)) == len(sentences) >= (6 if rule.sql else 2)
    assert any("not measured" in case.expect for case in told)
    assert rule.next_review > clock.today(), f"{rule.slug} was to be looked at again by {rule.next_review}"


def test_a_rules_own_sql_stands_only_where_it_names_no_measure():
    assert all((one.sql is None) == (one.measure is not None) for one in RULES.values())


def given(*told):
    """Reasons by hand: `child, rule, since`."""
    rows = [
        {
            "child_key": child,
            "person_id": child,
            "rule": rule,
            "theme": RULES[rule].theme,
            "since": date(2026, 10, since),
            "reason": f"{rule}.",
        }
        for child, rule, since in told
    ]
    return pa.Table.from_pylist(rows, ten.REASONS)


def ordered(reasons, siblings=None):
    keys = sorted(set(reasons["child_key"].to_pylist()))
    relations = {
        "rules": finding._relation(list(RULES.values())),
        "reasons": reasons,
        "persons": persons(*keys, siblings=siblings),
    }
    return finding._query("ten.sql", relations).cast(ten.CHILDREN)


def test_harm_decides_and_what_the_service_failed_to_do_does_not_outweigh_it():
    found = ordered(given(("a", "unallocated", 1), ("a", "review-late", 1), ("b", "repeat-plan", 9)))
    assert found["child_key"].to_pylist() == ["b", "a"]


def test_of_children_alike_in_harm_the_one_the_service_failed_more_comes_first():
    found = ordered(given(("a", "not-seen", 1), ("b", "not-seen", 9), ("b", "review-late", 9)))
    assert found["child_key"].to_pylist() == ["b", "a"]


def test_of_children_alike_in_both_the_older_reason_comes_first():
    found = ordered(given(("a", "not-seen", 9), ("b", "not-seen", 1)))
    assert found["child_key"].to_pylist() == ["b", "a"]


def test_weights_of_harm_add_up():
    found = ordered(given(("a", "not-seen", 1), ("b", "missing", 9), ("b", "repeat-plan", 9)))
    assert found["child_key"].to_pylist() == ["b", "a"]


def test_brothers_and_sisters_are_one_place_and_the_first_of_them_is_listed():
    reasons = given(("a", "not-seen", 1), ("b", "missing", 1), ("c", "repeat-plan", 1), ("d", "under-one", 1))
    found = ordered(reasons, {"a": ["c"], "c": ["a"], "b": ["elsewhere"]})
    told = {row["child_key"]: (row["place"], row["first"], row["siblings"]) for row in found.to_pylist()}
    assert told == {"a": (1, True, ["c"]), "c": (1, False, ["a"]), "b": (2, True, []), "d": (3, True, [])}


def test_the_sister_of_a_brother_is_of_the_family_through_him():
    reasons = given(("a", "not-seen", 1), ("b", "missing", 1), ("c", "repeat-plan", 1))
    found = ordered(reasons, {"a": ["b"], "b": ["a", "c"], "c": ["b"]})
    told = {row["child_key"]: (row["place"], row["siblings"]) for row in found.to_pylist()}
    assert told == {"a": (1, ["b", "c"]), "b": (1, ["a", "c"]), "c": (1, ["a", "b"])}


def test_ten_families_are_listed_in_their_order_and_no_more():
    reasons = given(*((f"c{number:02}", "not-seen", number) for number in range(1, 13)))
    found = ordered(reasons, {"c01": ["c02"], "c02": ["c01"]})
    assert ten.listed(found)["child_key"].to_pylist() == ["c01", *(f"c{number:02}" for number in range(3, 12))]


def test_no_number_stands_on_a_child_but_the_place_in_the_order():
    numbers = [one.name for one in ten.CHILDREN if pa.types.is_integer(one.type) or pa.types.is_floating(one.type)]
    assert numbers == ["place"]
    assert "weight" not in ten.CHILDREN.names + ten.REASONS.names


def test_a_child_has_one_reason_of_a_rule_the_oldest():
    row = {"as_at": AS_AT, "child_key": "a", "person_id": "a", "measure": "CP08", "met": False, "reason": "late"}
    rows = [
        {**row, "anchor": "x", "due_on": date(2026, 10, 9)},
        {**row, "anchor": "y", "due_on": date(2026, 10, 2), "reason": "later"},
    ]
    relations = {
        "rules": finding._relation([RULES["not-seen"]]),
        "persons": persons("a"),
        "given": pa.Table.from_pylist(rows, ROWS_SCHEMA),
    }
    (told,) = finding._query("reasons.sql", relations).to_pylist()
    assert (told["since"], told["reason"]) == (date(2026, 10, 2), "On a child protection plan and later.")


@pytest.mark.parametrize(("value", "met"), [(2.0, False), (3.0, True), (None, False)])
def test_a_rule_with_a_least_value_takes_rows_from_there(value, met):
    row = {"child_key": "a", "person_id": "a", "measure": "CP08", "met": False, "reason": "late", "value": value}
    relations = {
        "persons": persons("a"),
        "rules": finding._relation([replace(RULES["not-seen"], at_least=3)]),
        "given": pa.Table.from_pylist([row], ROWS_SCHEMA),
    }
    assert bool(finding._query("reasons.sql", relations).num_rows) == met


@pytest.mark.parametrize(("which", "met", "taken"), [
    ("met", True, True), ("met", False, False), ("met", None, False),
    ("not met", False, True), ("not met", True, False), ("not met", None, False),
    ("all", None, True),
])  # fmt: skip
def test_a_rule_takes_the_rows_it_asks_for(which, met, taken):
    row = {"child_key": "a", "person_id": "a", "measure": "CP08", "met": met, "reason": "late"}
    relations = {
        "persons": persons("a"),
        "rules": finding._relation([replace(RULES["not-seen"], which=which)]),
        "given": pa.Table.from_pylist([row], ROWS_SCHEMA),
    }
    assert bool(finding._query("reasons.sql", relations).num_rows) == taken


def written(folder, **changes):
    """A rule of its own in `folder`, with some facts changed; None takes one away."""
    facts = {
        "version": 1,
        "theme": "harm",
        "order": 1,
        "weight": 3,
        "rule": "A rule.",
        "why": "Because.",
        "measure": "CP08",
        "which": "not met",
        "says": "{reason}",
        "author": "A",
        "checker": "B",
        "reviewed": date(2026, 11, 1),
        "next_review": date(2027, 11, 1),
        **changes,
    }
    where = folder / "a-rule"
    where.mkdir(exist_ok=True)
    lines = [f"{name} = {_toml(value)}" for name, value in facts.items() if value is not None]
    (where / "rule.toml").write_text("\n".join(lines), "utf-8")
    return folder


def _toml(value):
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return f'"{value}"' if isinstance(value, str) else str(value)


@pytest.mark.parametrize(("changes", "words"), [
    ({"strange": 1}, "unknown keys: strange"),
    ({"why": None}, "missing keys: why"),
    ({"weight": "3"}, "'weight' is not a int"),
    ({"weight": 6}, "its weight is not from 1 to 5"),
    ({"weight": 0}, "its weight is not from 1 to 5"),
    ({"theme": "risk"}, "its theme must be harm or service failure"),
    ({"says": "Late"}, "what it says leaves out the {reason} of the row"),
    ({"checker": "a"}, "the author cannot be the checker"),
    ({"next_review": date(2026, 11, 1)}, "the next review is not after the last one"),
    ({"measure": "XX99"}, "no measure is called 'XX99'"),
    ({"which": "some"}, "'which' must be met, not met, all"),
    ({"among": ["known"]}, "'among' may hold on_plan, looked_after, in_need"),
])  # fmt: skip
def test_a_wrong_rule_is_refused_in_words(tmp_path, changes, words):
    with pytest.raises(PlainError) as refused:
        rules.load(written(tmp_path, **changes))
    assert words in str(refused.value)


def test_two_rules_do_not_stand_in_one_place(tmp_path):
    written(tmp_path)
    (tmp_path / "b-rule").mkdir()
    (tmp_path / "b-rule" / "rule.toml").write_text((tmp_path / "a-rule" / "rule.toml").read_text("utf-8"), "utf-8")
    with pytest.raises(PlainError, match="same order"):
        rules.load(tmp_path)


def test_another_rule_gives_the_rules_another_hash(tmp_path):
    one = rules.rules_hash(rules.load(written(tmp_path)))
    rules.load.cache_clear()
    assert rules.rules_hash(rules.load(written(tmp_path, weight=4))) != one
    assert policy.load().number("ten.missing_times", AS_AT) == 2
