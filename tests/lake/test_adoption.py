"""Identities are never joined across an adoption order (rule 7.3): old and new, in either direction."""

from datetime import date

import pytest
from tests.lake.extracts import extract_of

ORDER = date(2025, 5, 1)
BORN = date(2019, 2, 3)
OLD, NEW, BROTHER, NEW_BROTHER, MOTHER = "1001", "7007", "1002", "7008", "1003"
NAMES = {
    OLD: ("Kit", "Curlew"),
    NEW: ("Christopher", "Avocet"),
    BROTHER: ("Jay", "Curlew"),
    NEW_BROTHER: ("Robin", "Avocet"),
    MOTHER: ("Wren", "Curlew"),
}


def person(number, **more):
    forename, surname = NAMES[number]
    born = date(1994, 1, 1) if number == MOTHER else date(2016, 7, 8) if number.endswith("2") else BORN
    told = {"pers_person_id": number, "pers_forename": forename, "pers_surname": surname, "pers_dob": born}
    return {**told, **more}


def family(name, *people):
    return [{"fami_table_id": f"{name}{one}", "fami_family_id": name, "fami_person_id": one} for one in people]


def link(number, value):
    return {"link_table_id": f"{number}{value}", "link_person_id": number, "link_identifier_type": "Former id",
            "link_identifier_value": value, "link_valid_from_date": ORDER}  # fmt: skip


def care(number, care_id):
    return [
        {"clae_cla_episode_id": f"e{number}", "clae_person_id": number, "clae_cla_id": care_id,
         "clae_cla_episode_start_date": date(2024, 1, 1),
         "clae_cla_episode_ceased_date": ORDER if number == OLD else None,
         "clae_cla_episode_ceased_reason": "E11" if number == OLD else None}
    ]  # fmt: skip


# What a careless case system may leave in an extract, each of which would lead from one identity to the other.
TRACES = {
    "nothing but the birthday": {},
    "the earlier id kept as an id of another system": {"ssd_person": [person(NEW, pers_legacy_id=OLD)]},
    "the same number of the health service": {
        "ssd_person": [person(OLD, pers_common_child_id="9990001"), person(NEW, pers_common_child_id="9990001")]
    },
    "an identifier of the new one that is the old id": {"ssd_linked_identifiers": [link(NEW, OLD)]},
    "an identifier of the old one that is the new id": {"ssd_linked_identifiers": [link(OLD, NEW)]},
    "the same pupil number": {"ssd_linked_identifiers": [link(OLD, "X999"), link(NEW, "X999")]},
    "an earlier adoption told of the new one": {
        "ssd_cla_previous_permanence": [
            {
                "lapp_table_id": "l",
                "lapp_person_id": NEW,
                "lapp_previous_permanence_option": "P1",
                "lapp_previous_permanence_order_date": "2025-05-01",
            }
        ]
    },  # fmt: skip
    "the new one restricted as adopted": {
        "side_restriction": [{"rest_restriction_id": "r", "rest_person_id": NEW, "rest_kind": "Adoption"}]
    },
}


def planted(trace):
    """Old and new identity with everything shared that a careless extract may share, and one trace that tells."""
    people = {one["pers_person_id"]: one for one in (person(number) for number in NAMES)}
    people |= {one["pers_person_id"]: one for one in trace.get("ssd_person", ())}
    shared = "c1"
    tables = {
        "ssd_person": list(people.values()),
        "ssd_family": [*family("F", OLD, BROTHER, MOTHER, NEW), *family("G", NEW, NEW_BROTHER)],
        "ssd_mother": [
            {"moth_table_id": f"m{n}", "moth_person_id": MOTHER, "moth_childs_person_id": n, "moth_childs_dob": BORN}
            for n in (OLD, BROTHER, NEW)
        ],
        "ssd_cla_episodes": [*care(OLD, shared), *care(NEW, shared)],
        "ssd_cla_reviews": [
            {"clar_cla_review_id": "rev", "clar_cla_id": shared, "clar_cla_review_date": date(2024, 3, 1)}
        ],
        "ssd_cla_visits": [{"clav_cla_visit_id": "vis", "clav_cla_id": shared, "clav_cla_visit_date": ORDER}],
        "ssd_cla_placement": [
            {"clap_cla_placement_id": "pla", "clap_person_id": n, "clap_cla_id": shared,
             "clap_cla_placement_start_date": date(2024, 1, 1)}
            for n in (OLD, NEW)
        ],
        "side_placement_approval": [
            {"plap_placement_id": "pla", "plap_temporary_approval": "Y", "plap_start_date": date(2024, 1, 2)}
        ],
        "ssd_send": [{"send_table_id": "sen", "send_person_id": n} for n in (OLD, NEW)],
        "ssd_ehcp_requests": [
            {"ehcr_ehcp_request_id": "req", "ehcr_send_table_id": "sen", "ehcr_ehcp_req_date": date(2024, 6, 1)}
        ],
    }  # fmt: skip
    return tables | {name: rows for name, rows in trace.items() if name != "ssd_person"}


@pytest.fixture(params=TRACES, ids=list(TRACES))
def told(request, empty_lake):
    """People by id and events by id, of an extract with one trace."""
    snapshot = empty_lake.publish(extract_of(planted(TRACES[request.param])))
    people = {one["person_id"]: one for one in empty_lake.persons(snapshot).to_pylist()}
    events = {number: empty_lake.events(snapshot, one["child_key"]).to_pylist() for number, one in people.items()}
    return request.param, people, events


def words_of(people, number):
    """Everything that would tell that a row speaks of this person: id, key, names."""
    return {number, people[number]["child_key"], *NAMES[number]}


def everything_in(row):
    """Every value of a row as text, lists taken apart."""
    for value in row.values():
        yield from (str(one) for one in value) if isinstance(value, list) else [str(value)]


def test_the_old_identity_is_restricted_and_in_nobodys_family(told):
    _, people, _ = told
    assert people[OLD]["restricted"]
    assert people[OLD]["restriction"] == "adoption"
    assert people[OLD]["family_id"] is None
    assert people[OLD]["siblings"] == []
    assert all(people[OLD]["child_key"] not in one["siblings"] for one in people.values())


def test_no_row_of_the_one_holds_anything_of_the_other(told):
    _, people, events = told
    for mine, other in ((OLD, NEW), (NEW, OLD)):
        told_of_other = words_of(people, other)
        for row in (people[mine], *events[mine]):
            found = told_of_other & set(everything_in(row))
            assert not found, (mine, found)
            assert not [word for word in told_of_other for value in everything_in(row) if word in value.split()]


def test_nothing_that_names_no_person_stands_in_both_chronologies(told):
    _, _, events = told
    both = {(one["source_table"], one["source_id"]) for one in events[OLD]}
    both &= {(one["source_table"], one["source_id"]) for one in events[NEW]}
    # a placement that the extract itself gives to each of them is a row of each; what it gives to neither is nobody's
    assert both <= {("ssd_cla_placement", "pla")}
    given = {one["source_table"] for number in (OLD, NEW) for one in events[number]}
    assert not given & {"ssd_cla_reviews", "ssd_cla_visits", "side_placement_approval", "ssd_ehcp_requests"}


def test_who_grew_up_with_the_child_is_not_led_to_the_new_identity_and_back(told):
    trace, people, _ = told
    key = {number: people[number]["child_key"] for number in people}
    assert all(key[OLD] not in people[number]["siblings"] for number in (BROTHER, NEW_BROTHER, MOTHER))
    if trace == "nothing but the birthday":  # nobody can tell that this family is the old one
        return
    assert people[NEW]["siblings"] == []
    assert people[NEW]["family_id"] is None
    assert all(key[NEW] not in people[number]["siblings"] for number in (BROTHER, NEW_BROTHER, MOTHER))


def test_the_people_table_has_no_column_that_leads_from_one_person_to_another_but_siblings(empty_lake):
    snapshot = empty_lake.publish(extract_of(planted({})))
    table = empty_lake.persons(snapshot)
    ids, keys = set(NAMES), set(table["child_key"].to_pylist())
    for row in table.to_pylist():
        for name, value in row.items():
            values = {str(one) for one in value} if isinstance(value, list) else {str(value)}
            if name == "siblings":
                continue
            assert not values & (ids - {row["person_id"]}), name
            assert not values & (keys - {row["child_key"]}), name


def test_a_number_that_many_share_takes_nobody_out_of_their_family(empty_lake):
    tables = planted({})
    tables["ssd_linked_identifiers"] = [link(str(number), "unknown") for number in (OLD, BROTHER, MOTHER, *range(9))]
    tables["ssd_person"] = [*tables["ssd_person"], person(BROTHER) | {"pers_person_id": "1009"}]
    tables["ssd_family"] = [*tables["ssd_family"], *family("F", "1009")]
    snapshot = empty_lake.publish(extract_of(tables))
    people = {one["person_id"]: one for one in empty_lake.persons(snapshot).to_pylist()}
    assert people["1009"]["child_key"] in people[BROTHER]["siblings"]


@pytest.mark.parametrize(
    ("kind", "start", "end", "restricts", "told_as"),
    [
        ("protected address", date(2026, 1, 1), None, True, "protected-address"),
        ("Family of staff", None, None, True, "family-of-staff"),
        ("Adoption", None, None, True, "adoption"),
        ("other", None, None, True, "other"),
        ("something nobody thought of", None, None, True, "other"),
        (None, None, None, True, "other"),
        ("protected address", None, date(2026, 10, 31), True, "protected-address"),
        ("protected address", None, date(2026, 10, 30), False, None),
        ("protected address", date(2026, 10, 31), None, True, "protected-address"),
        ("protected address", date(2026, 11, 1), None, False, None),
    ],
)
def test_a_side_table_restricts_by_its_days_whatever_its_kind(empty_lake, kind, start, end, restricts, told_as):
    rows = {
        "ssd_person": [person(OLD), person(BROTHER)],
        "side_restriction": [
            {"rest_restriction_id": "r", "rest_person_id": OLD, "rest_kind": kind, "rest_start_date": start,
             "rest_end_date": end}
        ],
    }  # fmt: skip
    snapshot = empty_lake.publish(extract_of(rows))
    people = {one["person_id"]: one for one in empty_lake.persons(snapshot).to_pylist()}
    assert (people[OLD]["restricted"], people[OLD]["restriction"]) == (restricts, told_as)
    assert (people[BROTHER]["restricted"], people[BROTHER]["restriction"]) == (False, None)


def test_a_restriction_stays_when_the_next_extract_forgets_its_table(empty_lake):
    rows = {
        "ssd_person": [person(OLD), person(BROTHER)],
        "side_restriction": [{"rest_restriction_id": "r", "rest_person_id": OLD, "rest_kind": "protected address"}],
    }
    empty_lake.publish(extract_of(rows, as_at=date(2026, 9, 30)))
    later = empty_lake.publish(extract_of({"ssd_person": rows["ssd_person"]}, as_at=date(2026, 10, 31)))
    people = {one["person_id"]: one for one in empty_lake.persons(later).to_pylist()}
    assert people[OLD]["restricted"]
    assert later.tables["side_restriction"].as_at == date(2026, 9, 30)
    lifted = extract_of({**rows, "side_restriction": []}, as_at=date(2026, 11, 30))
    people = {one["person_id"]: one for one in empty_lake.persons(empty_lake.publish(lifted)).to_pylist()}
    assert not people[OLD]["restricted"]
