"""The catalogue: what a measure's facts may be, and what is refused."""

from datetime import date
from pathlib import Path

import pytest

from lineofsight.errors import PlainError
from lineofsight.measures import definitions


def test_a_folder_becomes_a_definition(measure_folder):
    folder = measure_folder(
        needs={"ssd_cp_visits": ["cppv_cp_visit_date"]},
        timescales=["cp.visit"],
        lait="RevCP",
        exception=True,
        exception_kind="child",
        rag={"green": 95.0, "amber": 90.0, "source": "Local scorecard", "local": True},
    )
    one = definitions.read(folder)
    assert (one.id, one.themes, one.timescales, one.lait) == ("XX01", ("testing",), ("cp.visit",), "RevCP")
    assert one.needs["ssd_cp_visits"] == ("cppv_cp_visit_date",)
    assert one.next_review == date(2036, 1, 1)
    assert [one.rag_of(value) for value in (95, 94.9, 90, 89, None)] == ["green", "amber", "amber", "red", None]


def test_bands_of_a_measure_that_should_be_low_run_the_other_way(measure_folder):
    rag = {"green": 0.0, "amber": 2.0, "source": "Local", "local": True}
    one = definitions.read(measure_folder(better="lower", rag=rag))
    assert [one.rag_of(value) for value in (0, 0.1, 2, 2.1)] == ["green", "amber", "amber", "red"]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"colour": "blue"}, "unknown keys: colour"),
        ({"title": None}, "missing keys: title"),
        ({"title": " "}, "'title' is empty"),
        ({"themes": "testing"}, "'themes' is not a list"),
        ({"next_review": "2036-01-01"}, "'next_review' is not a date"),
        ({"kind": "sum"}, "'kind' is 'sum'; it must be count, percent, rate, median, mean or ratio"),
        ({"counts": "some"}, "'counts' is 'some'"),
        ({"checker": "one"}, "the author cannot be the checker"),
        ({"next_review": date(2026, 1, 1)}, "the next review is not after the last one"),
        ({"needs": {"ssd_tea": []}}, "a table nobody knows: ssd_tea"),
        ({"needs": {"ssd_cp_visits": ["tea"]}}, "a column that ssd_cp_visits does not have: tea"),
        ({"timescales": ["cp.tea"]}, "no rule of the policy is called cp.tea"),
        ({"kind": "rate"}, "a rate has the population as its denominator"),
        ({"denominator": "population"}, "a rate has the population as its denominator"),
        ({"counts": "all"}, "a percentage of all rows is always 100"),
        ({"window": "year"}, "a stock has no year"),
        ({"exception_kind": "worker"}, "it has a kind of exception but is not one"),
        ({"exception": True, "rows_of": "workers"}, "what its rows are is said by its kind of exception"),
        ({"history": False, "basis": "flow"}, "no months to count events in"),
        ({"categories": "cp_category"}, "it has a code list for a category that has no title"),
        ({"category": "Why", "categories": "whys"}, "no code list is called 'whys'"),
        ({"rag": {"green": 1.0}}, "'rag' needs green, amber, source and local"),
        (
            {"rag": {"green": 80.0, "amber": 90.0, "source": "x", "local": True}},
            "green and amber are the wrong way round",
        ),
        (
            {"better": "neutral", "rag": {"green": 90.0, "amber": 80.0, "source": "x", "local": True}},
            "cannot be red or green",
        ),
        ({"folder": "XX02"}, "its id is 'XX01', not the folder's name"),
        ({"id": "x'; drop"}, "its id is not capital letters and digits"),
    ],
)
def test_facts_that_are_wrong_are_refused_in_words(measure_folder, facts, words):
    with pytest.raises(PlainError, match=words):
        definitions.read(measure_folder(**facts))


def test_a_file_that_is_not_toml_and_a_folder_without_sql_are_refused(measure_folder):
    folder = measure_folder()
    (folder / "measure.sql").unlink()
    with pytest.raises(PlainError, match=r"has no measure\.sql"):
        definitions.read(folder)
    (folder / "measure.toml").write_text("id = ")
    with pytest.raises(PlainError, match="is not a TOML file"):
        definitions.read(folder)


def views_in(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "10_firsts.sql").write_text(text)
    return folder


def test_the_hash_changes_with_sql_facts_and_views_and_with_nothing_else(measure_folder, tmp_path):
    folder = measure_folder()
    views = views_in(tmp_path / "views", "select 1 as one")

    def hash_now() -> str:
        definitions.load.cache_clear()
        return definitions.load(tmp_path / "catalogue", views).hash

    first = hash_now()
    (folder / "spec.md").write_text("## Another case")
    assert hash_now() == first
    seen = {first}
    (folder / "measure.sql").write_text("select 2")
    seen.add(hash_now())
    measure_folder("select 2", title="Another")
    seen.add(hash_now())
    views_in(views, "select 2 as one")
    seen.add(hash_now())
    assert len(seen) == 4


def test_two_measures_of_one_name_are_refused(measure_folder, tmp_path):
    folder = measure_folder()
    other = tmp_path / "catalogue" / "elsewhere" / folder.name
    other.parent.mkdir()
    folder.rename(other)
    measure_folder()
    with pytest.raises(PlainError, match="Two measures are called 'XX01'"):
        definitions.load(tmp_path / "catalogue", tmp_path)


def test_views_are_named_by_their_files_and_stand_in_their_order(measure_folder, tmp_path):
    measure_folder()
    views = views_in(tmp_path / "views", "select 1 as one;\n")
    (views / "05_month_spans.sql").write_text("select 2 as two")
    found = definitions.load(tmp_path / "catalogue", views).views
    assert dict(found) == {"month_spans": "select 2 as two", "firsts": "select 1 as one"}


def test_a_part_of_the_catalogue_is_told_by_id_and_a_wrong_id_is_refused(catalogue_of):
    catalogue = catalogue_of()
    assert list(catalogue.only(["XX01"])) == ["XX01"]
    with pytest.raises(PlainError, match="no measure called 'XX99'"):
        catalogue.only(["XX99"])


def test_what_is_missing_is_said_in_plain_words():
    words = definitions.missing_words(["ssd_cp_visits", "ssd_cp_plans.cppl_cp_plan_ola"])
    assert words.startswith("Not measured: the extract lacks the table '")
    assert "(ssd_cp_visits) and the column cppl_cp_plan_ola of '" in words
