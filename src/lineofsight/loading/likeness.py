"""Whether the people of an extract are those of the load before: another authority's may come under the same ids."""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight.lake import Lake, Snapshot
from lineofsight.lake.publishing import WHOLE
from lineofsight.policy import Policy
from lineofsight.sources import Extract

MOST = 0.5
# What a person is known by, in the extract's own table and in the lake's read model.
_READ = {"pers_person_id": "id", "pers_forename": "forename", "pers_surname": "surname", "pers_dob": "born"}
_KEPT = {"person_id": "id", "forename": "forename", "surname": "surname", "dob": "born"}


@dataclass(frozen=True)
class Likeness:
    """Of the people `before` how many ids are `gone`; of the ids in `both` how many are of somebody else by name or
    date of birth (`others`). `few` are too small a number to say anything of."""

    before: int
    gone: int
    both: int
    others: int
    few: int

    @property
    def unlike(self) -> bool:
        """Whether most of the people are not those of the load before."""
        return self._most(self.gone, self.before) or self._most(self.others, self.both)

    @property
    def sentence(self) -> str:
        """What a person is asked before such an extract is published; blank where there is nothing to ask."""
        if not self.unlike:
            return ""
        said = "Most of the children in this extract are not those of the load before under the same ids."
        counts = f"{self.gone:,} of {self.before:,} ids are gone"
        if self.both:
            counts += f"; {self.others:,} of the {self.both:,} that stayed have another name or date of birth"
        return f"{said} Is it the same authority's? {counts}."

    def _most(self, some: int, of: int) -> bool:
        return some >= self.few and some > MOST * of


def of_extract(lake: Lake, extract: Extract, before: Snapshot | None, policy: Policy) -> Likeness | None:
    """How like the people of an extract are to those of the load it follows; None where it tells of no people."""
    if before is None or WHOLE not in extract.tables:
        return None
    return _compared(
        extract.tables[WHOLE].table, _READ, lake, before, int(policy.number("load.fall_rows", before.as_at))
    )


def of_snapshot(lake: Lake, snapshot: Snapshot, before: Snapshot | None, policy: Policy) -> Likeness | None:
    """The same of a snapshot that was made and waits, or stands."""
    if before is None:
        return None
    now = lake.persons(snapshot, columns=list(_KEPT))
    return _compared(now, _KEPT, lake, before, int(policy.number("load.fall_rows", before.as_at)))


def _compared(now: pa.Table, names: dict[str, str], lake: Lake, before: Snapshot, few: int) -> Likeness:
    """Set-based: the two lists of people joined on the id. A blank is nobody else's name; an id counts once."""
    then = _people(lake.persons(before, columns=list(_KEPT)), _KEPT)
    joined = then.join(_people(now, names), keys="id", join_type="left outer", right_suffix="_now")
    stayed = joined.filter(pc.field("here_now"))
    renamed = pc.and_(_differs(stayed, "forename"), _differs(stayed, "surname"))
    other = pc.sum(pc.or_(_differs(stayed, "born"), renamed)).as_py() or 0
    return Likeness(then.num_rows, then.num_rows - stayed.num_rows, stayed.num_rows, other, few)


def _people(table: pa.Table, names: dict[str, str]) -> pa.Table:
    chosen = table.select(list(names)).rename_columns(list(names.values()))
    once = (
        chosen.filter(pc.is_valid(chosen["id"]))
        .group_by("id")
        .aggregate([(one, "min") for one in ("forename", "surname", "born")])
    )
    plain = once.rename_columns([one.removesuffix("_min") for one in once.column_names])
    return plain.append_column("here", pa.array([True] * plain.num_rows, pa.bool_()))


def _differs(table: pa.Table, column: str) -> pa.ChunkedArray:
    return pc.fill_null(pc.not_equal(table[column], table[f"{column}_now"]), False)
