"""verify_snapshot finds and names every file that is not as it was written."""

import shutil

import pyarrow as pa
import pytest
from tests.lake.extracts import extract_of

from lineofsight.home import create_home, open_home
from lineofsight.keys import create_keys, open_keys
from lineofsight.lake import Lake
from lineofsight.lake.verify import verify_snapshot


@pytest.fixture(scope="module")
def published_once(tmp_path_factory):
    """A home with one snapshot and one computation, to be copied and harmed."""
    home = create_home(tmp_path_factory.mktemp("verify") / "home", authority="306", authority_name="Croydon")
    create_keys(home)
    lake = Lake(home, open_keys(home))
    snapshot = lake.publish(extract_of({"ssd_person": [{"pers_person_id": "1"}], "ssd_cp_visits": []}))
    lake.write_computation(snapshot, "c1", {}, {"rows": pa.table({"measure": ["CP01"]})})
    return home.path


@pytest.fixture
def lake_home(published_once, tmp_path):
    shutil.copytree(published_once, tmp_path / "home")
    return open_home(tmp_path / "home")


@pytest.fixture
def kept_snapshot(lake_home):
    return Lake(lake_home, open_keys(lake_home)).latest()


def problems_of(lake_home, snapshot):
    return verify_snapshot(Lake(lake_home, open_keys(lake_home)), snapshot)


def test_an_untouched_snapshot_has_no_problem(lake_home, kept_snapshot):
    assert problems_of(lake_home, kept_snapshot) == []


@pytest.mark.parametrize(
    "name",
    [
        "tables/ssd_person.parquet",
        "tables/ssd_cp_visits.parquet",
        "models/persons.parquet",
        "models/events.parquet",
        "models/teams.parquet",
        "models/workers.parquet",
        "computations/c1/rows.parquet",
        "computations/c1/manifest.json",
        "manifest.json",
    ],
)
@pytest.mark.parametrize("harm", ["flip", "cut", "remove"])
def test_a_harmed_file_is_the_one_problem(lake_home, kept_snapshot, name, harm):
    path = kept_snapshot.directory / name
    raw = path.read_bytes()
    match harm:
        case "flip":
            path.write_bytes(raw[:40] + bytes([raw[40] ^ 4]) + raw[41:])
        case "cut":
            path.write_bytes(raw[:-1])
        case "remove":
            path.unlink()
    assert [problem.file for problem in problems_of(lake_home, kept_snapshot)] == [path]


def test_a_file_that_no_manifest_knows_is_named(lake_home, kept_snapshot):
    extra = kept_snapshot.directory / "tables" / "extra.parquet"
    shutil.copy(kept_snapshot.directory / "tables/ssd_person.parquet", extra)
    assert [problem.file for problem in problems_of(lake_home, kept_snapshot)] == [extra]


def test_a_snapshot_replaced_by_another_good_one_is_not_the_one_that_was_read(lake_home, kept_snapshot):
    shutil.rmtree(kept_snapshot.directory)
    rows = {"ssd_person": [{"pers_person_id": "1"}], "ssd_cp_visits": []}
    Lake(lake_home, open_keys(lake_home)).publish(extract_of(rows))
    told = problems_of(lake_home, kept_snapshot)
    assert [problem.file.name for problem in told] == ["manifest.json"]
    assert "not the one that was read before" in told[0].what


def test_a_home_that_says_another_authority_than_its_snapshots_is_told(lake_home, kept_snapshot):
    path = lake_home.path / "home.toml"
    path.write_text(path.read_text().replace('"306"', '"307"'))
    (problem,) = problems_of(open_home(lake_home.path), kept_snapshot)
    assert problem.file == path
    assert "says authority 307" in problem.what
    assert "is of 306" in problem.what
