"""The mutants that change nothing anybody could see, each with its reason: equivalent.tsv, which must stay short."""

import csv
from collections.abc import Sequence
from pathlib import Path

from tests.mutation.mutants import Mutant

LISTED = Path(__file__).with_name("equivalent.tsv")


def listed(mutants: Sequence[Mutant]) -> dict[Mutant, str]:
    """Those of `mutants` that are listed, with the reason. Raises SystemExit for a line that says none, or several."""
    found: dict[Mutant, str] = {}
    with LISTED.open(newline="") as handle:
        for row in csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE):
            told = (row["kind"], row["module"], row["where"], row["what"])
            mine = [one for one in mutants if (one.kind, one.module, one.where, one.what) == told]
            if len(mine) != 1 or not row["reason"]:
                raise SystemExit(f"equivalent.tsv: {len(mine)} mutants are this one: {' | '.join(told)}")
            found[mine[0]] = row["reason"]
    return found
