"""Every kind of record says how long it is kept, and every model says which kind it is."""

from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from django.apps import apps
from django.db import models
from hypothesis import given
from hypothesis import strategies as st

from lineofsight.errors import PlainError
from lineofsight.web.access.retention.classes import FILE, RetentionClass, class_of, classes

CLASSES = list(classes().values())
ROWS = [(one, rows) for one in CLASSES for rows in one.rows]


@pytest.mark.parametrize("model", apps.get_models(), ids=lambda model: model._meta.label)
def test_a_model_of_an_installed_room_or_library_has_a_class_the_file_knows(model):
    assert class_of(model).slug in classes()


@pytest.mark.parametrize(
    "model",
    [m for m in apps.get_models() if m.__module__.startswith("lineofsight.")],
    ids=lambda model: model._meta.label,
)
def test_a_model_of_ours_names_its_class_in_its_own_code(model):
    assert isinstance(vars(model).get("retention"), str)


def test_a_new_model_without_a_class_is_refused():
    class Forgotten(models.Model):
        class Meta:
            app_label = "access"

    try:
        with pytest.raises(PlainError, match="access.Forgotten has no retention class"):
            class_of(Forgotten)
        Forgotten.retention = "no such class"
        with pytest.raises(PlainError):
            class_of(Forgotten)
    finally:
        del apps.all_models["access"]["forgotten"]
        apps.clear_cache()


@pytest.mark.parametrize("one", CLASSES, ids=lambda one: one.slug)
def test_a_class_is_used_by_a_model_or_by_a_folder_of_the_home(one):
    assert one.folder or any(class_of(model) == one for model in apps.get_models())


@pytest.mark.parametrize("one", CLASSES, ids=lambda one: one.slug)
def test_a_class_says_in_words_what_it_holds_why_for_so_long_and_what_happens_then(one):
    for words in (one.holds, one.why, one.end_words):
        assert len(words) > 20 and words.endswith(".") and "\n" not in words
    assert one.title[0].isupper() and one.from_words[0].islower()


@pytest.mark.parametrize("one", CLASSES, ids=lambda one: one.slug)
def test_what_is_called_automatic_has_rows_to_work_on_and_a_length(one):
    if one.done_by == "worker":
        assert one.rows and one.months is not None and one.at_end in ("erase", "delete")
    else:
        assert not one.rows


def test_no_label_of_the_file_is_of_a_model_that_is_not_there():
    known = {model._meta.label for model in apps.get_models()}
    named = {label for one in CLASSES for label in one.models} | {rows.model for _, rows in ROWS}
    assert named <= known


@pytest.mark.parametrize(("one", "rows"), ROWS, ids=lambda part: getattr(part, "model", ""))
def test_what_the_worker_does_names_fields_that_exist_and_a_model_of_the_same_class(one, rows):
    model = apps.get_model(rows.model)
    model._default_manager.order_by(rows.day)
    for name in (*rows.erase, *filter(None, [rows.held])):
        assert model._meta.get_field(name)
    assert class_of(model) == one
    if rows.erase:
        assert rows.held in rows.erase


@given(
    st.dates(date(2000, 1, 1), date(2060, 12, 31)),
    st.integers(min_value=0, max_value=240),
    st.integers(min_value=-40, max_value=40),
)
def test_a_row_is_past_its_time_exactly_when_its_last_day_is_over(today, months, near):
    one = RetentionClass("x", "X", "", months, "", "local", "", "delete", "", "worker")
    day = today - relativedelta(months=months) + timedelta(days=near)
    last = one.last_day_past(today)
    assert (day <= last) == (day + relativedelta(months=months) < today)


def test_a_length_is_said_in_whole_years_where_it_is_one():
    told = {m: RetentionClass("x", "X", "", m, "", "local", "", "erase", "", "worker").period() for m in (0, 1, 12, 72)}
    assert told == {0: "until it is over", 1: "1 month", 12: "1 year", 72: "6 years"}
    assert classes()["record"].period() == "while it is needed"


def test_a_home_sets_its_own_lengths_and_says_why(home):
    (home.path / FILE).write_text('[log]\nmonths = 120\nwhy = "Our schedule, section 4."\n')
    one = classes(home)["log"]
    assert (one.months, one.own, one.why) == (120, True, "Our schedule, section 4.")
    assert classes()["log"].months == 72
    (home.path / FILE).write_text('[log]\nkeep = "while needed"\nwhy = "An inquiry is sitting."\n')
    assert classes(home)["log"].months is None


@pytest.mark.parametrize(
    "text",
    [
        "[log]\nmonths = 12\n",
        '[log]\nwhy = "No length."\n',
        '[log]\nmonths = -1\nwhy = "Backwards."\n',
        '[log]\nmonths = true\nwhy = "Not a number."\n',
        '[log]\nmonths = 3\nkeep = "while needed"\nwhy = "Both."\n',
        '[logs]\nmonths = 3\nwhy = "No such class."\n',
        '[sessions]\nmonths = 3\nwhy = "A session lasts as long as the settings say."\n',
        "log = 3\n",
        "[log\n",
    ],
)
def test_a_home_s_own_file_that_is_not_right_is_refused_in_one_sentence(home, text):
    (home.path / FILE).write_text(text)
    with pytest.raises(PlainError, match="retention.toml"):
        classes(home)
