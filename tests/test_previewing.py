"""What a change of the rules would do, worked out before anybody keeps it, against what then truly happens."""

from datetime import UTC, date, datetime

import pytest
from tests.lake.extracts import extract_of
from tests.measures.test_registered import rows

from lineofsight import clock, loading
from lineofsight.errors import PlainError
from lineofsight.home import create_home
from lineofsight.keys import create_keys, open_keys
from lineofsight.lake import Lake, role_words
from lineofsight.loading import previewing
from lineofsight.measures import values
from lineofsight.policy import changing

AS_AT = date(2026, 10, 31)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """Two children on a plan, each with a worker under the role word CW."""
    home = create_home(tmp_path_factory.mktemp("preview") / "home", authority="306", authority_name="Croydon")
    create_keys(home)
    with clock.frozen_at(datetime(2026, 11, 2, 12, tzinfo=UTC)):
        loading.load(home, extract_of(rows(), as_at=AS_AT))
    return home, Lake(home, open_keys(home))


def tried(loaded, name, edit):
    home, lake = loaded
    return previewing.preview(lake, changing.with_text(home, name, edit(changing.text_of(home, name))))


def test_nothing_changed_has_no_effect(loaded) -> None:
    home, lake = loaded
    effect = previewing.preview(lake, changing.in_force(home))
    assert (effect.measures, effect.teams, effect.opened, effect.cleared) == ((), (), 0, 0)


def test_a_word_that_means_something_else_changes_the_measures_that_stand_on_it(loaded) -> None:
    effect = tried(loaded, changing.ROLES, changing.map_word("CW", "other"))
    by_measure = {one.measure: one for one in effect.measures}
    unallocated = by_measure["CP10"]
    assert (unallocated.before.numerator, unallocated.after.numerator) == (0, 2)
    assert (unallocated.before.denominator, unallocated.after.denominator) == (2, 2)
    assert (unallocated.opened, unallocated.cleared) == (2, 0)
    assert effect.opened == sum(one.opened for one in effect.measures)
    assert effect.told()["measures"][0].keys() >= {"before", "after", "opened", "cleared"}


def test_what_was_foretold_is_what_happens_when_it_is_kept(loaded, tmp_path) -> None:
    home, lake = loaded
    effect = tried(loaded, changing.ROLES, changing.map_word("CW", "other"))
    text = changing.map_word("CW", "other")("")
    changing.keep(home, changing.ROLES, text, base=changing.digest(""))
    try:
        with clock.frozen_at(datetime(2026, 11, 3, 12, tzinfo=UTC)):
            (made,) = loading.finish(home)
        told = lake.read(made, "values").to_pylist()
        for one in effect.measures:
            (figure,) = [
                (row["numerator"], row["denominator"])
                for row in told
                if (row["measure"], row["as_at"], row["breakdown"], row["window"])
                == (one.measure, AS_AT, values.AUTHORITY, "month")
                and row["status"] == values.MEASURED
            ] or [(None, None)]
            assert figure == (one.after.numerator, one.after.denominator), one.measure
        ledger = lake.read(made, "exceptions").to_pylist()
        assert sum(row["state"] == "open" and row["measure"] == "CP10" for row in ledger) == 2
        back = previewing.preview(lake, changing.with_text(home, changing.ROLES, ""))
        assert {one.measure: (one.opened, one.cleared) for one in back.measures}["CP10"] == (0, 2)
    finally:
        (home.path / changing.ROLES).unlink()
        with clock.frozen_at(datetime(2026, 11, 4, 12, tzinfo=UTC)):
            loading.finish(home)


def test_a_merge_of_teams_tells_which_teams_would_have_more_children(loaded) -> None:
    effect = tried(loaded, changing.REGISTRY, changing.merge("t1", "t2", date(2026, 10, 1)))
    assert [(one.name, one.before, one.after) for one in effect.teams] == [("North", 1, 0), ("South", 0, 1)]


def test_with_nothing_loaded_there_is_nothing_to_foretell(tmp_path) -> None:
    home = create_home(tmp_path / "home", authority="306", authority_name="Croydon")
    create_keys(home)
    with pytest.raises(PlainError, match="Nothing has been loaded"):
        previewing.preview(Lake(home, open_keys(home)), changing.in_force(home))


def test_the_role_words_are_counted_with_each_computation(loaded) -> None:
    _, lake = loaded
    _, computation = lake.newest()
    assert lake.read(computation, role_words.NAME).to_pylist() == [
        {"role_word": "CW", "involvements": 2, "open_involvements": 2, "children": 2}
    ]


def test_an_extract_without_involvements_has_no_role_words() -> None:
    assert role_words.counted(None, AS_AT).num_rows == 0
