"""Ids that give way to another: merged people, and the registry's teams and workers."""

from datetime import date

import pyarrow as pa
import pytest

from lineofsight import schema
from lineofsight.lake import identities
from lineofsight.policy import EMPTY
from lineofsight.policy.registry import read

AS_AT = date(2026, 10, 31)


class Keys:
    """Stands for a keyring: a person's key is their id in small letters."""

    def child_key(self, authority: str, person_id: str) -> str:
        return person_id.lower()


def table(name: str, *rows: dict[str, object]) -> pa.Table:
    shape = schema.arrow_schema(name)
    return pa.Table.from_pylist([dict.fromkeys(shape.names) | row for row in rows], shape)


def merged(*steps: tuple[str, str, int], apart: tuple[str, ...] = (), **tables: pa.Table) -> pa.Table:
    """Each step: the record that went, the one that stayed, and the month of 2026."""
    told = table(
        "side_merged_record",
        *(
            {"merg_merge_id": f"M{number}", "merg_gone_person_id": gone, "merg_person_id": kept,
             "merg_date": date(2026, month, 1)}
            for number, (gone, kept, month) in enumerate(steps)
        ),
    )  # fmt: skip
    return identities.merges(
        {"side_merged_record": told, **tables}, keys=Keys(), authority="999", as_at=AS_AT,
        apart=pa.array(apart, pa.string()),
    )  # fmt: skip


def led(found: pa.Table) -> dict[str, str]:
    return {row["gone_id"]: row["kept_id"] for row in found.to_pylist() if not row["refused"]}


@pytest.mark.parametrize(
    ("steps", "ends"),
    [
        ([("A", "B", 1)], {"A": "B"}),
        ([("A", "B", 1), ("B", "C", 3)], {"A": "C", "B": "C"}),
        ([("B", "C", 1), ("A", "B", 3)], {"A": "C", "B": "C"}),
        ([("A", "B", 1), ("B", "A", 3)], {"B": "A"}),
        ([("A", "B", 1), ("B", "A", 3), ("A", "B", 5)], {"A": "B"}),
        ([("B", "C", 1), ("A", "B", 2), ("C", "A", 3)], {"B": "A", "C": "A"}),
        ([("X", "A", 1), ("A", "B", 1), ("B", "A", 2)], {"X": "A", "B": "A"}),
        ([("A", "A", 1)], {}),
        ([("A", "B", 11)], {}),
    ],
    ids=["one", "a chain", "told late", "back again", "there again", "round", "into a circle", "itself", "to come"],
)  # fmt: skip
def test_each_record_that_went_leads_to_the_one_that_stays_in_the_end(steps, ends) -> None:
    found = merged(*steps)
    assert led(found) == ends
    assert all(row["gone_key"] == row["gone_id"].lower() for row in found.to_pylist())
    assert all(row["kept_key"] == row["kept_id"].lower() for row in found.to_pylist())


def restriction(person: str, kind: str) -> pa.Table:
    return table("side_restriction", {"rest_restriction_id": "R1", "rest_person_id": person, "rest_kind": kind})


@pytest.mark.parametrize("adopted", ["A", "B"])
def test_a_merge_that_names_somebody_adopted_is_refused_for_both_and_told_by_its_own_id(adopted: str) -> None:
    found = merged(("A", "B", 1), ("B", "C", 3), side_restriction=restriction(adopted, "Adoption"))
    refused = [row["merge_id"] for row in found.to_pylist() if row["refused"]]
    assert "M0" in refused
    assert "A" not in led(found)
    for issue in identities.issues(found, {}):
        told = f"{issue.value} {issue.why}"
        assert "adoption order" in told
        assert issue.value in refused


def test_a_record_restricted_for_another_reason_is_merged() -> None:
    assert led(merged(("A", "B", 1), side_restriction=restriction("A", "Protected address"))) == {"A": "B"}


def test_whom_the_snapshot_before_knew_as_adopted_stays_apart_though_the_extract_no_longer_has_them() -> None:
    before = merged(("A", "B", 1), side_restriction=restriction("A", "Adoption"))
    known = identities.apart(pa.table({"person_id": pa.array(["Q"], pa.string())}), before)
    assert sorted(known.to_pylist()) == ["A", "B", "Q"]
    assert led(merged(("A", "B", 1), ("Q", "Z", 2), ("C", "D", 3), apart=tuple(known.to_pylist()))) == {"C": "D"}


def test_every_column_that_holds_an_id_gives_way_and_nothing_else_does() -> None:
    ids = identities.ids_of(
        read('[[team]]\nid = "T1"\nalso = ["T9"]\n\n[[worker]]\nid = "W1"\nalso = ["W9"]\n'), merged(("P9", "P1", 1))
    )
    given = table(
        "ssd_involvements",
        {"invo_involvements_id": "P9", "invo_person_id": "P9", "invo_professional_id": "W9",
         "invo_professional_team": "T9", "invo_professional_role_id": "T9"},
        {"invo_involvements_id": "2", "invo_person_id": "P2", "invo_professional_team": "T2"},
    )  # fmt: skip
    first, second = identities.stood_in("ssd_involvements", given, ids).to_pylist()
    assert (first["invo_person_id"], first["invo_professional_id"], first["invo_professional_team"]) == (
        "P1",
        "W1",
        "T1",
    )
    assert (first["invo_involvements_id"], first["invo_professional_role_id"]) == ("P9", "T9")
    assert second == given.to_pylist()[1]


def test_the_mother_and_the_child_of_a_row_both_give_way() -> None:
    ids = identities.ids_of(EMPTY, merged(("P9", "P1", 1)))
    given = table("ssd_mother", {"moth_table_id": "1", "moth_person_id": "P3", "moth_childs_person_id": "P9"})
    assert identities.stood_in("ssd_mother", given, ids)["moth_childs_person_id"].to_pylist() == ["P1"]


def test_of_a_person_who_is_there_twice_the_record_that_stays_is_the_one_that_counts() -> None:
    ids = identities.ids_of(EMPTY, merged(("P9", "P1", 1), ("P8", "P1", 2)))
    people = [{"pers_person_id": one, "pers_surname": f"of {one}"} for one in ("P9", "P8", "P1", "P2")]
    placed = identities.stood_in("ssd_person", table("ssd_person", *people), ids)
    assert placed.select(["pers_person_id", "pers_surname"]).to_pylist() == [
        {"pers_person_id": "P1", "pers_surname": "of P1"},
        {"pers_person_id": "P2", "pers_surname": "of P2"},
    ]
    gone_only = identities.stood_in("ssd_person", table("ssd_person", *people[:2]), ids)
    assert gone_only["pers_person_id"].to_pylist() == ["P1"]


def test_of_a_team_that_is_there_twice_its_newest_id_is_the_one_that_counts() -> None:
    ids = identities.ids_of(read('[[team]]\nid = "T1"\nalso = ["T8", "T9"]\n'), identities.MERGES.empty_table())
    given = table(
        "ssd_department",
        *({"dept_team_id": one, "dept_team_parent_id": f"S{one}"} for one in ("T9", "T1", "T8", "T2")),
    )
    placed = identities.stood_in("ssd_department", given, ids)
    assert placed["dept_team_id"].to_pylist() == ["T1", "T2"]
    assert placed["dept_team_parent_id"].to_pylist() == ["ST9", "ST2"]


def test_a_table_with_nothing_to_give_way_is_the_very_same_table() -> None:
    given = table("ssd_person", {"pers_person_id": "P1"})
    assert identities.stood_in("ssd_person", given, identities.ids_of(EMPTY, merged())) is given
    told = table("side_merged_record", {"merg_merge_id": "M", "merg_person_id": "P1", "merg_gone_person_id": "P9"})
    assert identities.stood_in("side_merged_record", told, identities.ids_of(EMPTY, merged(("P9", "P1", 1)))) is told
