"""The children in need census as SSD-shaped tables."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.sources.conftest import Writer

from lineofsight.errors import PlainError
from lineofsight.schema import arrow_schema
from lineofsight.sources import Extract, read
from lineofsight.sources.cin_tables import IN_NO_CHILD

SAMPLE = Path(__file__).parent.parent / "samples" / "cin_census_one_child.xml"
CHILD = "DfEX0000001"

HEADER = """<Message>
<Header><CollectionDetails><Collection>CIN</Collection><Year>2026</Year>
<ReferenceDate>2026-03-31</ReferenceDate></CollectionDetails>
<Source><LEA>330</LEA></Source></Header>
<Children>
"""
FOOT = "</Children></Message>"


def child(name: str, details: str = "", identifiers: str = "", characteristics: str = "") -> str:
    return (
        f"<Child><ChildIdentifiers><LAchildID>{name}</LAchildID>{identifiers}</ChildIdentifiers>\n"
        f"<ChildCharacteristics><Ethnicity>WBRI</Ethnicity>{characteristics}</ChildCharacteristics>\n"
        f"<CINdetails><CINreferralDate>2025-10-01</CINreferralDate>{details}</CINdetails></Child>\n"
    )


def census(write: Writer, *children: str, header: str = HEADER) -> Extract:
    return read([write("census.xml", header + "".join(children) + FOOT)])


def rows(extract: Extract, table: str, *columns: str) -> list[tuple[Any, ...]]:
    return list(zip(*(extract.tables[table].table[column].to_pylist() for column in columns), strict=True))


@pytest.fixture(scope="module")
def sample_census() -> Extract:
    """The one child of the shipped sample."""
    return read([SAMPLE])


def test_the_header_says_as_at_what_day_and_whose(sample_census: Extract) -> None:
    assert (sample_census.as_at, sample_census.authority) == (date(2022, 3, 31), "201")
    assert (sample_census.kind, sample_census.synthetic) == ("cin_census", False)
    assert sample_census.issues == ()


def test_every_part_of_the_return_becomes_a_row_of_its_table(sample_census: Extract) -> None:
    assert {name: table.table.num_rows for name, table in sample_census.tables.items()} == {
        "ssd_person": 1,
        "ssd_disability": 2,
        "ssd_cin_episodes": 1,
        "ssd_cin_assessments": 1,
        "ssd_assessment_factors": 1,
        "ssd_cin_plans": 1,
        "ssd_s47_enquiry": 1,
        "ssd_initial_cp_conference": 2,
        "ssd_cp_plans": 1,
        "ssd_cp_reviews": 1,
    }
    for name, table in sample_census.tables.items():
        assert table.table.schema == arrow_schema(name)
        assert table.file == SAMPLE.name


def test_the_child_has_what_the_return_holds_and_no_name_and_no_pupil_number(sample_census: Extract) -> None:
    (person,) = sample_census.tables["ssd_person"].table.to_pylist()
    assert {name: value for name, value in person.items() if value is not None} == {
        "pers_person_id": CHILD,
        "pers_sex": "M",
        "pers_ethnicity": "WBRI",
        "pers_dob": date(1966, 3, 24),
        "pers_expected_dob": date(1966, 3, 22),
        "pers_upn_unknown": "UN3",
        "pers_death_date": date(1980, 10, 8),
    }
    assert "pers_forename" not in sample_census.tables["ssd_person"].columns_present
    held = str([table.table.to_pylist() for table in sample_census.tables.values()])
    assert "WBRI" in held
    assert "A123456789123" not in held


def test_dates_flags_and_codes_arrive_where_the_ssd_has_them(sample_census: Extract) -> None:
    assert rows(
        sample_census,
        "ssd_cin_episodes",
        "cine_referral_date",
        "cine_close_date",
        "cine_close_reason",
        "cine_referral_source_code",
        "cine_cin_primary_need_code",
        "cine_referral_nfa",
    ) == [(date(1970, 10, 6), date(1971, 2, 27), "RC1", "1A", "N4", "N")]
    assert rows(sample_census, "ssd_cin_assessments", "cina_assessment_start_date", "cina_assessment_auth_date") == [
        (date(1970, 6, 3), date(1971, 7, 18))
    ]
    ((factors,),) = rows(sample_census, "ssd_assessment_factors", "cinf_assessment_factors_json")
    assert json.loads(factors) == ["2A", "2B"]
    assert rows(sample_census, "ssd_cp_reviews", "cppr_cp_review_date") == [(date(1971, 2, 15),)]
    assert [code for (code,) in rows(sample_census, "ssd_disability", "disa_disability_code")] == [
        "HAND",
        "HEAR",
    ]


def test_conferences_come_from_enquiries_and_from_the_referral_itself(sample_census: Extract) -> None:
    assert rows(
        sample_census,
        "ssd_initial_cp_conference",
        "icpc_icpc_date",
        "icpc_icpc_target_date",
        "icpc_s47_enquiry_id",
    ) == [
        (date(1970, 6, 17), date(1970, 6, 23), f"{CHILD}/s47 1970-06-02"),
        (date(1970, 12, 6), None, None),
    ]


def test_every_row_points_at_the_child_and_at_what_it_belongs_to(sample_census: Extract) -> None:
    referral, plan = f"{CHILD}/referral 1970-10-06", f"{CHILD}/cp-plan 1970-02-17"
    assert rows(sample_census, "ssd_cin_episodes", "cine_referral_id", "cine_person_id") == [(referral, CHILD)]
    assert rows(sample_census, "ssd_cp_plans", "cppl_cp_plan_id", "cppl_referral_id") == [(plan, referral)]
    assert rows(sample_census, "ssd_cp_reviews", "cppr_cp_review_id", "cppr_cp_plan_id", "cppr_person_id") == [
        (f"{plan}/review 1971-02-15", plan, CHILD)
    ]


def test_what_the_return_cannot_give_is_absent(sample_census: Extract) -> None:
    for table in (
        "ssd_involvements",
        "ssd_professionals",
        "ssd_department",
        "ssd_cp_visits",
        "ssd_cla_visits",
    ):
        assert table not in sample_census.tables
    present = {column for table in sample_census.tables.values() for column in table.columns_present}
    assert not {"cppl_cp_plan_ola", "cine_referral_team", "s47e_s47_end_date", "cina_assessment_child_seen"} & present


def test_a_part_no_child_has_is_not_given_rather_than_none(write_source: Writer) -> None:
    extract = census(write_source, child("c1"), child("c2"))
    assert list(extract.tables) == ["ssd_person", "ssd_disability", "ssd_cin_episodes"]
    told = {issue.table: issue.why for issue in extract.issues}
    assert told["ssd_cp_plans"] == (
        "the return has no ChildProtectionPlans for any child, so this is taken as not given, not as none"
    )
    assert set(told) == {
        "ssd_cin_assessments",
        "ssd_assessment_factors",
        "ssd_cin_plans",
        "ssd_s47_enquiry",
        "ssd_initial_cp_conference",
        "ssd_cp_plans",
        "ssd_cp_reviews",
    }


def test_plans_without_a_review_give_an_empty_table_of_reviews(write_source: Writer) -> None:
    plan = "<ChildProtectionPlans><CPPstartDate>2025-11-01</CPPstartDate></ChildProtectionPlans>"
    extract = census(write_source, child("c1", plan))
    assert extract.tables["ssd_cp_plans"].table.num_rows == 1
    assert extract.tables["ssd_cp_reviews"].table.num_rows == 0


def test_conferences_without_any_enquiry_have_no_target_to_be_measured_by(write_source: Writer) -> None:
    extract = census(write_source, child("c1", "<DateOfInitialCPC>2025-11-01</DateOfInitialCPC>"))
    present = extract.tables["ssd_initial_cp_conference"].columns_present
    assert "icpc_icpc_date" in present
    assert "icpc_icpc_target_date" not in present


def enquiry(start: str, target: str = "", held: str = "", unnecessary: str = "false") -> str:
    return (
        f"<Section47><S47ActualStartDate>{start}</S47ActualStartDate>"
        + (f"<InitialCPCtarget>{target}</InitialCPCtarget>" if target else "")
        + (f"<DateOfInitialCPC>{held}</DateOfInitialCPC>" if held else "")
        + f"<ICPCnotRequired>{unnecessary}</ICPCnotRequired></Section47>"
    )


def test_a_conference_due_and_not_held_is_a_row_and_an_unnecessary_one_is_none(write_source: Writer) -> None:
    extract = census(
        write_source,
        child("c1", enquiry("2026-02-02", target="2026-02-23")),
        child("c2", enquiry("2026-02-02", target="2026-02-23", unnecessary="true")),
        child("c3", enquiry("2026-02-02", target="2026-02-23", held="2026-02-20", unnecessary="1")),
    )
    assert rows(extract, "ssd_initial_cp_conference", "icpc_person_id", "icpc_icpc_date") == [
        ("c1", None),
        ("c3", date(2026, 2, 20)),
    ]
    outcomes = [json.loads(text) for (text,) in rows(extract, "ssd_s47_enquiry", "s47e_s47_outcome_json")]
    assert outcomes == [{"ICPCnotRequired": False}, {"ICPCnotRequired": True}, {"ICPCnotRequired": True}]


def test_one_conference_told_twice_is_one_row_tied_to_the_plan_it_began(write_source: Writer) -> None:
    details = (
        "<DateOfInitialCPC>2026-02-20</DateOfInitialCPC>"
        + enquiry("2026-02-02", held="2026-02-20")
        + enquiry("2026-02-05", held="2026-02-20")
        + "<ChildProtectionPlans><CPPstartDate>2026-02-20</CPPstartDate></ChildProtectionPlans>"
    )
    extract = census(write_source, child("c1", details))
    assert rows(extract, "ssd_initial_cp_conference", "icpc_icpc_id", "icpc_cp_plan_id") == [
        ("c1/conference 2026-02-20", "c1/cp-plan 2026-02-20")
    ]
    assert rows(extract, "ssd_cp_plans", "cppl_icpc_id") == [("c1/conference 2026-02-20",)]


def test_two_of_the_same_on_one_day_have_ids_of_their_own_that_stay_the_same(write_source: Writer) -> None:
    twice = enquiry("2026-02-02") * 2
    ids = [rows(census(write_source, child("c1", twice)), "ssd_s47_enquiry", "s47e_s47_enquiry_id") for _ in range(2)]
    assert ids[0] == ids[1] == [("c1/s47 2026-02-02",), ("c1/s47 2026-02-02 (2)",)]


def test_a_bad_cell_is_null_and_located_by_its_line_and_element(write_source: Writer) -> None:
    path = write_source("census.xml", SAMPLE.read_text().replace("1971-02-15", "31/02/1971").replace(">N4<", ">N44<"))
    lines = path.read_text().splitlines()
    extract = read([path])
    found = {(issue.column, issue.value, issue.why): issue for issue in extract.issues}
    bad_date = found["CPPreviewDate", "31/02/1971", "there is no such date"]
    assert "31/02/1971" in lines[(bad_date.row or 0) - 1]
    (strange,) = [issue for issue in extract.issues if issue.value == "N44"]
    assert (strange.column, "N44" in lines[(strange.row or 0) - 1]) == ("PrimaryNeedCode", True)
    assert rows(extract, "ssd_cp_reviews", "cppr_cp_review_date") == [(None,)]
    assert len(extract.issues) == 2


def test_sex_is_read_from_either_element_and_a_strange_one_is_kept_and_told(write_source: Writer) -> None:
    extract = census(
        write_source,
        child("c1", identifiers="<GenderCurrent>2</GenderCurrent>"),
        child("c2", identifiers="<Sex>M</Sex>"),
        child("c3", identifiers="<GenderCurrent>9</GenderCurrent>"),
        child("c4", identifiers="<Sex>X</Sex>"),
    )
    assert [sex for (sex,) in rows(extract, "ssd_person", "pers_sex")] == ["F", "M", "U", "X"]
    assert [issue.value for issue in extract.issues if issue.column == "pers_sex"] == ["X"]


def test_a_child_without_an_id_is_told_with_its_line_and_so_is_what_stands_in_it(write_source: Writer) -> None:
    extract = census(write_source, child("c1"), child("", enquiry("2026-02-02")))
    issue, *inside = [issue for issue in extract.issues if issue.row]
    assert {(one.table, one.column, one.why) for one in inside} == {
        ("ssd_cin_episodes", "CINdetails", IN_NO_CHILD),
        ("ssd_s47_enquiry", "Section47", IN_NO_CHILD),
    }
    assert all(one.row >= issue.row for one in inside if one.row and issue.row)
    assert issue.row == HEADER.count("\n") + 1 + child("c1").count("\n")
    assert issue.why == "the child has no id, so nothing of the child was read"
    assert extract.tables["ssd_person"].table.num_rows == 1


def test_a_child_who_stands_twice_is_one_person_with_all_that_is_told(write_source: Writer) -> None:
    extract = census(write_source, child("c1", enquiry("2026-02-02")), child("c1", enquiry("2026-02-02")))
    assert rows(extract, "ssd_person", "pers_person_id") == [("c1",)]
    assert len(rows(extract, "ssd_s47_enquiry", "s47e_s47_enquiry_id")) == 2
    assert any(issue.why.startswith("the same key as row") for issue in extract.issues)


def test_elements_nobody_knows_repeated_or_blank_are_told_with_their_line(write_source: Writer) -> None:
    details = "<Shoes>4</Shoes><ReferralNFA>0</ReferralNFA><ReferralNFA>1</ReferralNFA><CINPlanDates/>"
    extract = census(write_source, child("c1", details, characteristics="<!-- a note --><?go on?>"))
    assert [(issue.column, issue.value, issue.why, issue.row) for issue in extract.issues if issue.row] == [
        ("Shoes", "4", "not an element known here; ignored", 8),
        ("ReferralNFA", "1", "stands more than once; the first is read", 8),
        ("CINPlanStartDate", None, "must not be blank", 8),
    ]
    assert rows(extract, "ssd_cin_episodes", "cine_referral_nfa") == [("N",)]


def test_pre_proceedings_of_the_newest_census_are_read_where_they_stand(write_source: Writer) -> None:
    details = (
        "<PreProceedingsandFGDM><PPStartDate>2026-01-09</PPStartDate>"
        "<ReviewMeetingsCount>3</ReviewMeetingsCount></PreProceedingsandFGDM>"
    )
    extract = census(write_source, child("c1", details))
    assert rows(
        extract,
        "ssd_pre_proceedings",
        "prep_person_id",
        "prep_pre_pro_decision_date",
        "prep_pre_pro_meetings_num",
    ) == [("c1", date(2026, 1, 9), 3)]


def test_a_namespace_changes_nothing(write_source: Writer) -> None:
    header = HEADER.replace("<Message>", '<Message xmlns="urn:some-supplier">')
    assert rows(census(write_source, child("c1"), header=header), "ssd_person", "pers_person_id") == [("c1",)]


def test_the_day_given_wins_and_a_bad_header_asks_for_it(write_source: Writer) -> None:
    path = write_source("census.xml", (HEADER + child("c1") + FOOT).replace("2026-03-31", "31st March"))
    with pytest.raises(PlainError, match="--as-at"):
        read([path])
    extract = read([path], as_at=date(2026, 3, 31))
    assert extract.as_at == date(2026, 3, 31)
    assert ("ReferenceDate", "31st March", 3) in [(issue.column, issue.value, issue.row) for issue in extract.issues]


def test_an_authority_that_is_no_code_is_told_and_unknown(write_source: Writer) -> None:
    extract = census(write_source, child("c1"), header=HEADER.replace("330", "Anytown"))
    assert extract.authority is None
    assert any(issue.column == "LEA" and issue.value == "Anytown" for issue in extract.issues)


def test_a_census_beside_an_extract_toml_takes_its_name_and_population(write_source: Writer, tmp_path: Path) -> None:
    write_source("extract.toml", 'authority_name = "Anytown"\npopulation_0_17 = 50000\n')
    write_source("census.xml", HEADER + child("c1") + FOOT)
    extract = read([tmp_path])
    assert (extract.authority, extract.authority_name, extract.population) == ("330", "Anytown", 50000)


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE Message>",
        '<!DOCTYPE Message SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE Message [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE Message [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>',
    ],
)
def test_a_document_type_is_refused_whatever_it_declares(write_source: Writer, doctype: str) -> None:
    path = write_source("census.xml", '<?xml version="1.0"?>\n' + doctype + HEADER + child("c1") + FOOT)
    with pytest.raises(PlainError, match="it declares a document type"):
        read([path])


def test_an_entity_in_the_text_is_one_plain_sentence(write_source: Writer) -> None:
    with pytest.raises(PlainError, match="not whole, well-formed XML"):
        census(write_source, child("&secret;"))


def test_a_census_cut_short_is_one_plain_sentence_with_the_line(write_source: Writer) -> None:
    text = SAMPLE.read_text()
    cut = text[: text.index("<Section47>")]
    with pytest.raises(PlainError, match=f"breaks at line {cut.count(chr(10)) + 1}"):
        read([write_source("census.xml", cut)])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("<html><body/></html>", "not a children in need census: it begins with html"),
        ("<EXPSSDA903><CHILD/></EXPSSDA903>", "looked-after children"),
        ("<", "not whole, well-formed XML"),
        ("<!-- nothing -->", "not whole, well-formed XML"),
        ("<Message>", "not whole, well-formed XML"),
        ("<Message></Message>", "without a single child"),
        (HEADER.replace(">CIN<", ">CSWW<") + FOOT, "says it is the children's social work workforce return, not"),
        ('<?xml version="1.0" encoding="klingon"?><Message/>', "not whole, well-formed XML"),
    ],
)
def test_xml_that_is_no_census_is_one_plain_sentence(write_source: Writer, text: str, sentence: str) -> None:
    with pytest.raises(PlainError, match=sentence):
        read([write_source("census.xml", text)])


def test_two_returns_at_once_are_refused(write_source: Writer, tmp_path: Path) -> None:
    write_source("a.xml", HEADER + child("c1") + FOOT)
    write_source("b.xml", HEADER + child("c1") + FOOT)
    with pytest.raises(PlainError, match="are two returns"):
        read([tmp_path])


def test_lines_are_right_far_into_a_long_return(write_source: Writer) -> None:
    filler = child("c{}", "\n" * 20)
    many = "".join(filler.replace("c{}", f"c{place}") for place in range(3500))
    extract = census(write_source, many, child("last", "<CINclosureDate>31/02/2026</CINclosureDate>"))
    (issue,) = [issue for issue in extract.issues if issue.column == "CINclosureDate"]
    assert issue.row == (HEADER + many).count("\n") + 3
    assert issue.row > 65_535


def test_a_census_in_a_zip_reads_the_same(write_source: Writer, tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(tmp_path / "census.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(SAMPLE, "return.xml")
    zipped, plain = read([tmp_path / "census.zip"]), read([SAMPLE])
    assert zipped.sha256 == plain.sha256
    assert {name: table.table for name, table in zipped.tables.items()} == {
        name: table.table for name, table in plain.tables.items()
    }
