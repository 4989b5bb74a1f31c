"""A folder takes the place of another in one step, and what stood there loses its key before anything else."""

from pathlib import Path

import pytest

from lineofsight.lake import manifest, succession


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "snapshots" / "one"
    (folder / "computations" / "c").mkdir(parents=True)
    for path in (folder, folder / "computations" / "c"):
        (path / manifest.NAME).write_text("old")
    (folder / "rows").write_text("old")
    return folder


@pytest.mark.parametrize("in_one_step", [True, False])
def test_the_new_folder_stands_and_nothing_of_the_old_is_left(place, monkeypatch, in_one_step):
    if not in_one_step:
        monkeypatch.setattr(succession, "exchanged", lambda one, other: False)
    with succession.succeeding(place) as beside:
        (beside / "rows").write_text("new")
    assert [path.name for path in place.parent.iterdir()] == ["one"]
    assert [path.name for path in place.iterdir()] == ["rows"] and (place / "rows").read_text() == "new"


def test_where_making_it_fails_the_old_one_stands_whole(place):
    with pytest.raises(ValueError, match="half way"), succession.succeeding(place) as beside:
        (beside / "rows").write_text("new")
        raise ValueError("half way")
    assert [path.name for path in place.parent.iterdir()] == ["one"] and (place / "rows").read_text() == "old"


def test_the_manifests_go_first_the_snapshot_s_before_any(place, monkeypatch):
    gone, real = [], Path.unlink
    monkeypatch.setattr(Path, "unlink", lambda path, **given: (gone.append(path), real(path, **given))[1])
    succession.destroy(place)
    assert gone[0] == place / manifest.NAME and {path.name for path in gone} == {manifest.NAME}
    assert not place.exists()


def test_what_was_set_aside_is_put_back_where_nothing_took_its_place_and_taken_away_where_something_did(place):
    aside = place.with_name(".set-aside-one")
    place.rename(aside)
    succession.settle(place.parent)
    assert (place / "rows").read_text() == "old" and not aside.exists()
    (aside / "computations").mkdir(parents=True)
    succession.settle(place.parent)
    assert (place / "rows").read_text() == "old" and not aside.exists()


def test_folders_change_places_on_this_system_in_one_step(place):
    other = place.with_name("two")
    other.mkdir()
    assert succession.exchanged(other, place)
    assert (other / "rows").read_text() == "old" and not list(place.iterdir())


def test_a_folder_that_is_not_there_is_an_error_and_not_a_reason_to_try_otherwise(place):
    with pytest.raises(FileNotFoundError):
        succession.exchanged(place.with_name("none"), place)
