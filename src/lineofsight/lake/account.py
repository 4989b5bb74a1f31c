"""The account of a load: what came in and what became of it, at every step, in counts that add up.

It holds no value of any cell, so it stands in the manifest. What a file's rows came to:
`read == kept + sum(passed_over)`; what the snapshot holds of a table: `kept`, or what was copied forward.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class FileRead:
    """One file or sheet of an extract: the table it was taken for (None: for none) and why, in one sentence."""

    file: str
    sheet: str | None
    table: str | None
    rows: int
    why: str


@dataclass(frozen=True)
class TableRows:
    """The rows of one table on their way into the snapshot.

    `read` are the rows of the file, `passed_over` those not kept by reason, `kept` the rest. `nobody` of the kept
    are about a person the extract does not list. `dated` of the kept stand in the chronology of some child; the
    others have no day, or are not about one child. `carried`: the table was copied forward, and nothing was read.
    """

    read: int
    kept: int
    passed_over: Mapping[str, int] = field(default_factory=dict)
    nobody: int = 0
    dated: int = 0
    carried: bool = False

    @property
    def adds_up(self) -> bool:
        """Whether every row is accounted for."""
        return (
            self.read == self.kept + sum(self.passed_over.values())
            and self.dated <= self.kept
            and self.nobody <= self.kept
        )


@dataclass(frozen=True)
class Account:
    """Every file of the extract, and every table of the snapshot by its name.

    `new_issues` are the issues that the load before did not have, None where that was not counted yet.
    """

    files: tuple[FileRead, ...] = ()
    tables: Mapping[str, TableRows] = field(default_factory=dict)
    new_issues: int | None = None

    def told(self) -> dict[str, Any]:
        """As the manifest tells it; `account_of` reads it back."""
        return {
            "new_issues": self.new_issues,
            "files": [asdict(one) for one in self.files],
            "tables": {
                name: {**asdict(rows), "passed_over": dict(rows.passed_over)} for name, rows in self.tables.items()
            },
        }


def account_of(told: Mapping[str, Any] | None) -> Account:
    """The account that a manifest tells of; an empty one for a snapshot made before accounts were kept."""
    if told is None:
        return Account()
    return Account(
        files=tuple(FileRead(**one) for one in told["files"]),
        tables={name: TableRows(**rows) for name, rows in told["tables"].items()},
        new_issues=told.get("new_issues"),
    )
