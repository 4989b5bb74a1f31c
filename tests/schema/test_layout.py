"""The tables as laid down in tables.toml."""

import pyarrow as pa
import pytest

from lineofsight.schema import Column, Table, arrow_schema, code_lists, tables
from lineofsight.schema.cells import read_cells

TABLES = list(tables().values())
COLUMNS = [(table, column) for table in TABLES for column in table.columns]


def test_the_tables_are_those_of_the_ssd_and_our_eighteen_side_tables() -> None:
    side = [table.name for table in TABLES if table.side]
    assert side == [
        "side_supervision", "side_absence", "side_post", "side_placement_approval", "side_restriction",
        "side_core_group", "side_cin_plan_review", "side_decision", "side_return_interview", "side_oversight",
        "side_registration", "side_conference_invitation", "side_professional_around_child", "side_case_transfer",
        "side_merged_record", "side_deprivation_of_liberty", "side_private_fostering", "side_homelessness",
    ]  # fmt: skip
    assert len(TABLES) == 45 + len(side)
    assert {"ssd_person", "ssd_cp_plans", "ssd_cla_visits", "ssd_involvements"} <= set(tables())


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_has_a_key_that_is_one_of_its_required_columns(table: Table) -> None:
    assert table.key
    assert all(table.column(name).required for name in table.key)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_that_has_a_person_column_names_it(table: Table) -> None:
    person = [column.name for column in table.columns if column.name.endswith("_person_id")]
    assert table.person_column == (person[0] if person else None)


def test_no_column_name_stands_in_two_tables() -> None:
    names = [column.name for _, column in COLUMNS]
    assert len(names) == len(set(names))


def test_every_code_list_a_column_names_is_there_and_every_list_says_something() -> None:
    named = {column.codes for _, column in COLUMNS if column.codes}
    assert named <= set(code_lists())
    assert all(meaning for codes in code_lists().values() for meaning in codes.values())


def test_every_column_is_described_in_words_a_person_can_read() -> None:
    silent = [column.name for _, column in COLUMNS if len(column.description) < 2 or "_" in column.description]
    assert not silent


def test_a_schema_has_every_column_in_order_with_the_type_of_its_kind() -> None:
    schema = arrow_schema("ssd_cla_placement")
    assert schema.names == [column.name for column in tables()["ssd_cla_placement"].columns]
    assert schema.field("clap_cla_placement_start_date").type == pa.date32()
    assert schema.field("clap_cla_placement_distance").type == pa.float64()
    assert arrow_schema("ssd_pre_proceedings").field("prep_pre_pro_meetings_num").type == pa.int64()
    assert arrow_schema("ssd_cp_plans").field("cppl_cp_plan_ola").type == pa.string()


def test_a_table_nobody_knows_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        arrow_schema("ssd_unheard_of")
    with pytest.raises(KeyError):
        tables()["ssd_person"].column("pers_shoe_size")


@pytest.mark.parametrize("list_name", sorted(code_lists()))
def test_every_code_and_every_meaning_in_a_list_is_read_as_a_code_of_that_list(list_name: str) -> None:
    codes = code_lists()[list_name]
    column = Column("any", "text", False, list_name, "")
    written = pa.array([*codes, *(code.lower() for code in codes), *codes.values()])
    cells = read_cells(column, written)
    assert cells.why.null_count == len(written)
    assert set(cells.values.to_pylist()) <= set(codes)
    assert cells.values.to_pylist()[: len(codes)] == list(codes)
