"""`make bench`: load and compute at growing sizes, each measure's time, pages under load, the chain.

`python -m benchmarks [--sizes 1000,5000,20000,50000] [--users 20] [--seconds 60] [--chain] [--publish]`.
Ends with 1 when a measure is slower than its limit, or a page or process is over its number (DESIGN 5 L, 8).
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks import chain, growth, improvement, pages

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "benchmarks.md"


def main() -> int:
    """Run what was asked; print the tables; write them to the reference page with --publish."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1000,5000,20000,50000")
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--seconds", type=int, default=180)
    parser.add_argument("--chain", action="store_true", help="measure the audit chain alone")
    parser.add_argument("--publish", action="store_true")
    chosen = parser.parse_args()
    if chosen.chain:
        return _chain_alone(publish=chosen.publish)
    sizes = [int(size) for size in chosen.sizes.split(",")]
    folder = Path(tempfile.mkdtemp(prefix="lineofsight-bench-"))
    try:
        grown = [growth.run(folder, size) for size in sizes]
        chained = chain.run(folder)
        clicked = pages.run(growth.held_to(grown).home, users=chosen.users, seconds=chosen.seconds)
        improved = improvement.run(grown[0].home, users=chosen.users, seconds=chosen.seconds)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    tables = [growth.table(grown), growth.measure_table(grown), pages.table(clicked), improvement.table(improved)]
    text = "\n\n".join([*tables, chain.table(chained)])
    print(text)
    if chosen.publish:
        PAGE.write_text(f"{growth.PREFACE}\n\n{text}\n")
    return _told(growth.faults(grown) + pages.faults(clicked) + pages.faults(improved) + chain.faults(chained))


def _chain_alone(*, publish: bool) -> int:
    """Measure the chain; with `publish`, put its figures in the place of those on the reference page, its last part."""
    folder = Path(tempfile.mkdtemp(prefix="lineofsight-bench-"))
    try:
        chained = chain.run(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(chain.table(chained))
    if publish:
        others = PAGE.read_text().split(chain.HEADING)[0].rstrip()
        PAGE.write_text(f"{others}\n\n{chain.table(chained)}\n")
    return _told(chain.faults(chained))


def _told(faults: list[str]) -> int:
    """Say what is over its number; the exit code."""
    for fault in faults:
        print(f"Over its number: {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
