"""Children who had more than one record: whose rows stood under which id in which month, and when they were merged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pyarrow as pa
from tests.world.tables import Month

from lineofsight import schema

FIRST, SECOND, THIRD = 6, 8, 10

# What a second record holds: the child's latest work. Visits are apart.
_WORK = (
    "ssd_cin_episodes",
    "ssd_s47_enquiry",
    "ssd_initial_cp_conference",
    "ssd_cp_plans",
    "ssd_cp_reviews",
    "ssd_involvements",
)
_VISITS = "ssd_cp_visits"


@dataclass(frozen=True)
class Merge:
    """`gone` was merged into `kept` between the extract before `month` and that of `month`."""

    gone: str
    kept: str
    month: int
    on: date


def choose(month: Month, ends: tuple[date, ...]) -> tuple[Merge, ...]:
    """Three children on a plan: one whose plan stood on a second record, one who stood on two at once, and one
    who went from record to record."""
    found = month.run(
        "select cppl_person_id from ssd_cp_plans inner join ssd_person on pers_person_id = cppl_person_id "
        "where cppl_cp_plan_start_date < $before and pers_dob > $young "
        "and coalesce(cppl_cp_plan_ola, 'N') <> 'Y' and pers_death_date is null group by 1 "
        "order by max(coalesce(cppl_cp_plan_end_date, '9999')) desc, chance(cppl_person_id) limit 3",
        before=ends[1].isoformat(),
        young=f"{ends[-1].year - 16}-01-01",
    )
    moved, doubled, chained = (str(one) for (one,) in found)
    return (
        Merge("90000001", moved, FIRST, _before(ends, FIRST)),
        Merge("90000002", doubled, SECOND, _before(ends, SECOND)),
        Merge("90000003", "90000004", FIRST, _before(ends, FIRST)),
        Merge("90000004", chained, THIRD, _before(ends, THIRD)),
    )


def split_and_merge(month: Month, number: int, merges: tuple[Merge, ...]) -> None:
    """What the case system held of these children in one month, and which merges it tells of."""
    moved, doubled, early, late = merges
    for child in (moved.kept, doubled.kept, late.kept):
        _hold_open(month, child)
    _no_visits_after(month, doubled.kept, 2, number)
    _no_visits_after(month, late.kept, 1, number)
    if number < moved.month:
        _second_record(month, moved.kept, moved.gone)
        _move(month, moved.kept, moved.gone, _WORK)
    if number >= 3:
        if number < doubled.month:
            _second_record(month, doubled.kept, doubled.gone)
        _double(month, doubled.kept, doubled.gone if number < doubled.month else doubled.kept)
    if number < late.month:
        _second_record(month, late.kept, early.kept)
        if number < early.month:
            _second_record(month, late.kept, early.gone)
        _move(month, late.kept, early.gone if number < early.month else early.kept, (*_WORK, _VISITS))
    _tell(month, [one for one in merges if one.month <= number])


def _before(ends: tuple[date, ...], month: int) -> date:
    """A day in the middle of a month."""
    return ends[month - 1].replace(day=14)


def _hold_open(month: Month, child: str) -> None:
    """The latest plan and episode go on to the end, so that what is owed is owed throughout."""
    for table, person, began, ended in (
        ("ssd_cp_plans", "cppl_person_id", "cppl_cp_plan_start_date", "cppl_cp_plan_end_date"),
        ("ssd_cin_episodes", "cine_person_id", "cine_referral_date", "cine_close_date"),
    ):
        month.run(
            f"update {table} set {ended} = null where {person} = $child "
            f"and {began} = (select max({began}) from {table} where {person} = $child)",
            child=child,
        )


def _no_visits_after(month: Month, child: str, last: int, number: int) -> None:
    """Nobody visited the child after the extract of month `last`."""
    if number > last:
        month.run(
            "delete from ssd_cp_visits where cppv_person_id = $child "
            "and cppv_cp_visit_date > (($as_at)::date - to_months($back) + interval 3 day)::date::text",
            child=child,
            back=number - last,
        )


def _second_record(month: Month, child: str, other: str) -> None:
    """Another entry of the same person, without the NHS number."""
    month.run(
        "insert into ssd_person select * replace ($other as pers_person_id, null as pers_common_child_id) "
        "from ssd_person where pers_person_id = $child",
        child=child,
        other=other,
    )


def _move(month: Month, child: str, other: str, tables: tuple[str, ...]) -> None:
    for table in tables:
        column = schema.tables()[table].person_column
        month.run(f"update {table} set {column} = $other where {column} = $child", child=child, other=other)


def _double(month: Month, child: str, other: str) -> None:
    """The work was entered once more: the same days, other ids."""
    for table in _WORK:
        known = schema.tables()[table]
        month.run(
            f"insert into {table} select * replace ({known.key[0]} || '-2' as {known.key[0]}, "
            f"$other as {known.person_column}) from {table} where {known.person_column} = $child",
            child=child,
            other=other,
        )


def _tell(month: Month, merges: list[Merge]) -> None:
    if merges:
        told = {
            "merg_merge_id": [f"MRG{one.gone}" for one in merges],
            "merg_person_id": [one.kept for one in merges],
            "merg_gone_person_id": [one.gone for one in merges],
            "merg_date": [one.on.isoformat() for one in merges],
        }
        month.add("side_merged_record", pa.table(told))
