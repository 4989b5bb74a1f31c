"""One stage of a load, for `benchmarks.growth`: prints time, peak memory and what it found as JSON."""

import json
import pickle
import resource
import shutil
import sys
import time
from pathlib import Path

import duckdb

from lineofsight import loading, sources, synth
from lineofsight.home import create_home, open_home
from lineofsight.keys import create_keys, open_keys
from lineofsight.lake import Lake
from lineofsight.sources import watched_text
from lineofsight.web.site import console

AN_AUTHORITY = 100_000  # people known in six years: the largest has two thirds of that

# Twenty people of a benchmark are one Director clicking: they open in a minute what one person may in hours.
AS_FAST_AS_TWENTY = "".join(
    f'[[threshold]]\nkey = "looking.{what}_in_an_hour"\nnumber = 9999\nunit = "{what}"\nkind = "local"\n'
    'source = "A benchmark: one sign-in stands for many people"\nfrom = 2000-01-01\n\n'
    for what in ("pages", "lists")
)


def main() -> None:
    """Run the stage named on the command line."""
    name, extracts, home, size = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
    run = {
        "synth": synthesise,
        "bare read": bare_read,
        "read": read,
        "publish": publish,
        "compute": compute,
        "again": again,
        "people": people,
    }[name]
    began, told = run(extracts, home, size)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "megabytes": peak, "told": told}))


def synthesise(extracts: Path, home: Path, size: int) -> tuple[float, dict]:
    began = time.perf_counter()
    synth.write(extracts, children=size, extracts=1, seed=size)
    return began, {}


def bare_read(extracts: Path, home: Path, size: int) -> tuple[float, dict]:
    began = time.perf_counter()
    con = duckdb.connect(config={"threads": 2})
    rows = 0
    for path in sorted(extracts.rglob("*.csv")):
        con.execute(f"create or replace table t as from read_csv('{path}', header=true)")
        rows += con.execute("select count(*) from t").fetchone()[0]
    return began, {"rows": rows}


def read(extracts: Path, home: Path, size: int) -> tuple[float, dict]:
    if size > AN_AUTHORITY:
        watched_text.MOST_LINES = 100 * size  # type: ignore[misc]  a file with more lines than an authority has is refused
    began = time.perf_counter()
    extract = sources.read([next(extracts.iterdir())])
    told = {"people": extract.tables["ssd_person"].table.num_rows}
    elapsed = time.perf_counter() - began
    (extracts.parent / f"{extracts.name}.pickle").write_bytes(pickle.dumps(extract, protocol=5))
    return time.perf_counter() - elapsed, told


def publish(extracts: Path, home: Path, size: int) -> tuple[float, dict]:
    kept = extracts.parent / f"{extracts.name}.pickle"
    extract = pickle.loads(kept.read_bytes())
    kept.unlink()
    made = create_home(home, authority=extract.authority, authority_name=extract.authority_name, demo=True)
    create_keys(made)
    (made.path / "policy.toml").write_text(AS_FAST_AS_TWENTY)
    lake = Lake(made, open_keys(made))
    began = time.perf_counter()
    lake.publish(extract)
    return began, {}


def compute(extracts: Path, home: Path, size: int) -> tuple[float, dict]:
    where = open_home(home)
    lake = Lake(where, open_keys(where))
    began = time.perf_counter()
    computation = loading.compute(where, lake, lake.latest())
    elapsed = time.perf_counter() - began
    told = json.loads((computation.directory / "manifest.json").read_text())
    return time.perf_counter() - elapsed, {"measures": told["about"]["seconds"]}


def again(extracts: Path, home: Path, size: int) -> tuple[float, dict]:
    """Compute once more: what each measure takes varies with what else the machine does."""
    for made in (home / "lake").glob("snapshots/*/computations"):
        shutil.rmtree(made)
    return compute(extracts, home, size)


def people(extracts: Path, home: Path, size: int) -> tuple[float, dict]:
    """Give the home its people, so that the demonstration's own server opens it."""
    where = open_home(home)
    began = time.perf_counter()
    console.start(where)
    from lineofsight.demonstration import BUILT
    from lineofsight.demonstration.people import appoint

    appoint(Lake(where, open_keys(where)))
    (home / BUILT).touch()
    return began, {}


if __name__ == "__main__":
    main()
