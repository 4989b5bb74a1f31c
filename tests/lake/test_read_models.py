"""The read models: one chronology from every table, who each child is, and who may see them."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.lake.extracts import extract_of

import lineofsight.lake
from lineofsight import policy, schema
from lineofsight.lake import event_kinds
from lineofsight.policy.registry import Entry, Registry

DAY = date(2026, 3, 4)
AS_AT = date(2026, 10, 31)

# Tables with nothing that happened on a day, and the one whose days would join a child's identities.
WITHOUT_EVENTS = {
    "side_absence", "side_post", "side_registration", "side_restriction", "ssd_assessment_factors", "ssd_department",
    "ssd_disability", "ssd_family", "ssd_linked_identifiers", "ssd_professionals", "ssd_sen_need", "ssd_send",
    "ssd_voice_of_child",
}  # fmt: skip


@pytest.fixture
def read(empty_lake):
    """Publish rows and give back the people by id, and each one's events."""

    def publish(rows, **about):
        rows = {"ssd_person": [{"pers_person_id": "1"}], **rows}
        snapshot = empty_lake.publish(extract_of(rows, **about))
        people = {person["person_id"]: person for person in empty_lake.persons(snapshot).to_pylist()}
        events = {
            person_id: empty_lake.events(snapshot, person["child_key"]).to_pylist()
            for person_id, person in people.items()
        }
        return people, events

    return publish


@pytest.fixture
def person(read):
    """The one person of the given rows."""
    return lambda rows: read(rows)[0]["1"]


@pytest.fixture
def told(read):
    """The one person's events as (date, title, detail), without the birth."""

    def titles(rows):
        return [
            (event["on"], event["title"], event["detail"])
            for event in read(rows)[1]["1"]
            if event["source_table"] in rows
        ]

    return titles


def full_row(name):
    """A row with something in every column, about person 1."""
    values = {"text": "x", "date": DAY, "integer": 1, "real": 2.5, "flag": "Y"}
    row = {column.name: values[column.kind] for column in schema.tables()[name].columns}
    if schema.tables()[name].person_column:
        row[schema.tables()[name].person_column] = "1"
    if "lapp_previous_permanence_order_date" in row:
        row["lapp_previous_permanence_order_date"] = "2020-01-31"
    return row


def test_every_table_with_a_child_and_a_day_has_its_sentence_in_the_chronology(read):
    _, events = read({name: [full_row(name)] for name in schema.tables()})
    sources = {event["source_table"] for event in events["1"]}
    assert sources == set(schema.tables()) - WITHOUT_EVENTS
    for event in events["1"]:
        assert event["kind"] in event_kinds()
        assert event["title"].strip()
        assert event["title"][0].isupper() or event["title"][0] == "x"
        assert "None" not in event["title"]
        assert event["source_id"]


def test_a_table_held_since_before_its_columns_came_is_read_with_them_blank(empty_lake):
    """What a part carries forward, and what is told anew of an old snapshot, may know less than the schema of today."""
    extract = extract_of({name: [full_row(name)] for name in schema.tables()})
    old = {}
    for name, one in extract.tables.items():
        known = {*schema.tables()[name].key, schema.tables()[name].person_column}
        old[name] = replace(one, table=one.table.select([held for held in one.table.column_names if held in known]))
    snapshot = empty_lake.publish(replace(extract, tables=old))
    assert empty_lake.persons(snapshot)["person_id"].to_pylist() == ["1"]
    told_anew = empty_lake.people_under(snapshot, policy.roles(), Registry(teams=(Entry("t9"),)))
    assert told_anew["persons"]["person_id"].to_pylist() == ["1"]


def test_every_kind_of_event_the_sql_writes_has_a_name_and_no_name_is_spare():
    models = Path(lineofsight.lake.__file__).parent / "models"
    text = "".join(path.read_text() for path in models.glob("events_*.sql"))
    written = {line.split("'")[1] for line in text.splitlines() if line.strip().endswith("' as kind,")}
    assert written == set(event_kinds())


def test_an_extract_of_people_only_gives_their_births_and_nothing_breaks(read):
    people, events = read({"ssd_person": [{"pers_person_id": "1", "pers_dob": DAY}]})
    assert [(event["on"], event["title"]) for event in events["1"]] == [(DAY, "Born")]
    assert people["1"]["scope_teams"] == []
    assert people["1"]["team_id"] is None
    assert people["1"]["disabled"] is None


def test_a_visit_says_whether_the_child_was_seen(told):
    seen = [("Y", "Y", "Y"), ("Y", "N", "N"), ("Y", None, None), ("N", None, None), (None, None, None)]
    rows = [
        {"cppv_cp_visit_id": f"v{n}", "cppv_person_id": "1", "cppv_cp_visit_date": date(2026, 10, n + 1),
         "cppv_cp_visit_seen": a, "cppv_cp_visit_seen_alone": b, "cppv_cp_visit_bedroom": c}
        for n, (a, b, c) in enumerate(seen)
    ]  # fmt: skip
    assert [title for _, title, _ in told({"ssd_cp_visits": rows})] == [
        "Child protection visit: seen, seen alone, bedroom seen",
        "Child protection visit: seen, not alone, bedroom not seen",
        "Child protection visit: seen",
        "Child protection visit: not seen",
        "Child protection visit: whether seen is not recorded",
    ]


def test_a_conference_and_its_plan_read_as_sentences(told):
    rows = {
        "ssd_initial_cp_conference": [
            {"icpc_icpc_id": "c", "icpc_person_id": "1", "icpc_icpc_date": date(2026, 3, 5),
             "icpc_icpc_target_date": date(2026, 3, 4), "icpc_icpc_outcome_cp_flag": "Y"},
        ],
        "ssd_cp_plans": [
            {"cppl_cp_plan_id": "p", "cppl_person_id": "1", "cppl_cp_plan_start_date": date(2026, 3, 5),
             "cppl_cp_plan_end_date": date(2026, 9, 1), "cppl_cp_plan_initial_category": "NEG",
             "cppl_cp_plan_latest_category": "Emotional abuse"},
        ],
    }  # fmt: skip
    assert told(rows) == [
        (date(2026, 3, 5), "Initial child protection conference: plan made", "1 day after its target date"),
        (date(2026, 3, 5), "Child protection plan began: neglect", "now emotional abuse"),
        (date(2026, 9, 1), "Child protection plan ended", "after 180 days"),
    ]


def test_outcomes_inside_json_become_words(told):
    outcome = '{"NEW_REFERRAL_FLAG": "Y", "NFA_FLAG": "N", "ADVICE_FLAG": "", "SOMETHING_NEW_FLAG": "Yes"}'
    typed = '{"NFA_FLAG": "Y", "TOTAL_NO_OF_OUTCOMES": "1", "OUTCOME_COMMENTS": "Father said \\"no\\"."}'
    rows = {
        "ssd_contacts": [
            {"cont_contact_id": "c", "cont_person_id": "1", "cont_contact_date": DAY,
             "cont_contact_source_code": "6", "cont_contact_outcome_json": outcome},
        ],
        "ssd_s47_enquiry": [
            {"s47e_s47_enquiry_id": "s", "s47e_person_id": "1", "s47e_s47_start_date": date(2026, 3, 5),
             "s47e_s47_end_date": date(2026, 3, 6), "s47e_s47_outcome_json": typed},
        ],
    }  # fmt: skip
    assert told(rows) == [
        (DAY, "Contact from police", "new referral, something new"),
        (date(2026, 3, 5), "Section 47 enquiry began", None),
        (date(2026, 3, 6), "Section 47 enquiry finished: no further action", 'after 1 day, Father said "no".'),
    ]


@pytest.mark.parametrize(
    ("code", "title"),
    [
        ("9", "Contact, anonymous"),
        ("10", "Contact, from whom is not known"),
        ("3a", "Contact from health: GP"),
        ("2A - Schools", "Contact from school"),
        ("99", "Contact from the vicar"),
        (None, "Contact from the vicar"),
    ],
)
def test_a_source_is_told_in_words_however_it_is_coded(told, code, title):
    contact = {"cont_contact_id": "c", "cont_person_id": "1", "cont_contact_date": DAY}
    contact |= {"cont_contact_source_code": code, "cont_contact_source_desc": "The vicar"}
    assert told({"ssd_contacts": [contact]}) == [(DAY, title, None)]


@pytest.mark.parametrize("factors", ['["2B", "16A"]', '{"2B": "Yes", "16A": "Yes", "3A": "No"}'])
def test_an_assessment_tells_its_days_and_its_factors(told, factors):
    rows = {
        "ssd_cin_assessments": [
            {"cina_assessment_id": "a", "cina_person_id": "1", "cina_assessment_start_date": date(2026, 3, 2),
             "cina_assessment_auth_date": date(2026, 4, 1), "cina_assessment_child_seen": "N",
             "cina_assessment_outcome_json": '{"PROV_OF_SERVICES_FLAG": "Y"}'},
        ],
        "ssd_assessment_factors": [
            {"cinf_table_id": "f", "cinf_assessment_id": "a", "cinf_assessment_factors_json": factors},
        ],
    }  # fmt: skip
    assert told(rows) == [
        (date(2026, 3, 2), "Assessment began, child not seen", None),
        (date(2026, 4, 1), "Assessment finished: services provided",
         "after 30 days; Neglect; Drugs: a parent or carer"),
    ]  # fmt: skip


def test_a_review_that_was_only_due_is_no_event_and_a_cancelled_one_is(told):
    rows = {
        "ssd_cla_episodes": [{"clae_cla_episode_id": "e", "clae_person_id": "1", "clae_cla_id": "L"}],
        "ssd_cla_reviews": [
            {"clar_cla_review_id": "1", "clar_cla_id": "L", "clar_cla_review_due_date": date(2026, 1, 1)},
            {"clar_cla_review_id": "2", "clar_cla_id": "L", "clar_cla_review_due_date": date(2026, 2, 1),
             "clar_cla_review_cancelled": "Y"},
            {"clar_cla_review_id": "3", "clar_cla_id": "L", "clar_cla_review_due_date": date(2026, 3, 1),
             "clar_cla_review_date": date(2026, 3, 3), "clar_cla_review_participation": "PN1"},
        ],
    }  # fmt: skip
    assert told(rows) == [
        (date(2026, 2, 1), "Looked after child's review cancelled", None),
        (date(2026, 3, 3), "Looked after child's review", "attended and spoke, 2 days late"),
    ]


def test_a_period_of_care_that_two_people_share_joins_neither_story(read):
    rows = {
        "ssd_person": [{"pers_person_id": "1"}, {"pers_person_id": "2"}],
        "ssd_cla_episodes": [
            {"clae_cla_episode_id": "e1", "clae_person_id": "1", "clae_cla_id": "L"},
            {"clae_cla_episode_id": "e2", "clae_person_id": "2", "clae_cla_id": "L"},
        ],
        "ssd_cla_reviews": [{"clar_cla_review_id": "r", "clar_cla_id": "L", "clar_cla_review_date": DAY}],
    }
    assert read(rows)[1] == {"1": [], "2": []}


def test_what_concerns_a_worker_alone_or_a_person_the_extract_lacks_is_nobodys_event(read):
    rows = {
        "side_supervision": [
            {"supv_supervision_id": "own", "supv_worker_id": "w", "supv_date": DAY, "supv_kind": "personal"},
            {"supv_supervision_id": "case", "supv_worker_id": "w", "supv_date": DAY, "supv_person_id": "1"},
        ],
        "ssd_contacts": [{"cont_contact_id": "c", "cont_person_id": "404", "cont_contact_date": DAY}],
        "ssd_involvements": [{"invo_involvements_id": "i", "invo_professional_id": "w"}],
    }
    _, events = read(rows)
    assert [event["source_id"] for event in events["1"]] == ["case"]


def test_events_of_one_day_follow_the_childs_journey(read):
    rows = {
        "ssd_person": [{"pers_person_id": "1", "pers_dob": DAY, "pers_death_date": DAY}],
        "ssd_cin_episodes": [
            {"cine_referral_id": "r", "cine_person_id": "1", "cine_referral_date": DAY, "cine_close_date": DAY}
        ],
        "ssd_s47_enquiry": [{"s47e_s47_enquiry_id": "s", "s47e_person_id": "1", "s47e_s47_start_date": DAY}],
        "ssd_contacts": [{"cont_contact_id": "c", "cont_person_id": "1", "cont_contact_date": DAY}],
    }
    _, events = read(rows)
    kinds = ["birth", "contact", "referral", "section_47", "referral_closed", "death"]
    assert [event["kind"] for event in events["1"]] == kinds


TEAMS = [
    {"dept_team_id": "S", "dept_team_name": "Safeguarding"},
    {"dept_team_id": "A", "dept_team_name": "Ash team", "dept_team_parent_id": "S"},
    {"dept_team_id": "B", "dept_team_name": "Beech team", "dept_team_parent_id": "gone",
     "dept_team_parent_name": "Old service"},
    {"dept_team_id": "D", "dept_team_name": "Front door"},
]  # fmt: skip
WORKERS = [
    {"prof_professional_id": "w1", "prof_professional_name": "Joy Lark", "prof_social_worker_registration_no": " "},
    {"prof_professional_id": "w2", "prof_professional_name": "Sam Swift", "prof_full_time_equivalency": 0.6,
     "prof_social_worker_registration_no": "SW12345", "prof_professional_job_title": "Social worker"},
]  # fmt: skip


def involved(number, role, worker=None, team=None, start=DAY, end=None, person="1"):
    return {
        "invo_involvements_id": str(number), "invo_person_id": person, "invo_professional_id": worker,
        "invo_professional_role_id": role, "invo_professional_team": team,
        "invo_involvement_start_date": start, "invo_involvement_end_date": end,
    }  # fmt: skip


def with_teams(*involvements, **more):
    return {"ssd_department": TEAMS, "ssd_professionals": WORKERS, "ssd_involvements": list(involvements), **more}


def test_teams_stand_under_their_service_and_one_with_nothing_above_is_its_own(empty_lake):
    snapshot = empty_lake.publish(extract_of({"ssd_person": [], "ssd_department": TEAMS}))
    assert empty_lake.teams(snapshot).to_pylist() == [
        {"team_id": "A", "team_name": "Ash team", "service_id": "S", "service_name": "Safeguarding"},
        {"team_id": "B", "team_name": "Beech team", "service_id": "gone", "service_name": "Old service"},
        {"team_id": "D", "team_name": "Front door", "service_id": "D", "service_name": "Front door"},
        {"team_id": "S", "team_name": "Safeguarding", "service_id": "S", "service_name": "Safeguarding"},
    ]


def test_workers_have_the_team_of_their_post_else_of_their_open_work(empty_lake):
    rows = with_teams(
        involved(1, "CW", "w1", "A"),
        involved(2, "CW", "w1", "A"),
        involved(3, "CW", "w1", "B"),
        involved(4, "CW", "w2", "A"),
        ssd_person=[],
        side_post=[
            {"post_post_id": "p1", "post_team_id": "B", "post_worker_id": "w2", "post_start_date": DAY},
            {"post_post_id": "p2", "post_team_id": "D", "post_worker_id": "w2", "post_start_date": DAY,
             "post_end_date": AS_AT},
        ],
    )  # fmt: skip
    workers = empty_lake.workers(empty_lake.publish(extract_of(rows))).to_pylist()
    assert [(w["worker_id"], w["team_id"], w["registration"], w["fte"], w["job_title"]) for w in workers] == [
        ("w1", "A", None, None, None),
        ("w2", "B", "SW12345", 0.6, "Social worker"),
    ]


def test_the_lead_worker_is_the_newest_open_allocated_worker(person):
    rows = with_teams(
        involved(1, "allocated CASE worker ", "w1", "A", start=date(2026, 1, 1)),
        involved(2, "CW", "w2", "B", start=date(2026, 2, 1)),
        involved(3, "CW", "w1", "D", start=date(2026, 3, 1), end=date(2026, 4, 1)),
        involved(4, "IRO", "w1", "S", start=date(2026, 5, 1)),
    )
    found = person(rows)
    assert (found["worker_id"], found["worker_name"]) == ("w2", "Sam Swift")
    assert (found["team_id"], found["team_name"], found["service_name"]) == ("B", "Beech team", "Old service")
    assert found["scope_teams"] == ["A", "B", "S"]
    assert found["scope_workers"] == ["w1", "w2"]


@pytest.mark.parametrize("role", ["Duty worker", "Team manager", "IRO", "A word that nobody mapped", None])
def test_a_child_with_only_a_duty_worker_a_manager_or_an_unmapped_role_has_no_lead_worker(person, role):
    found = person(with_teams(involved(1, role, "w1", "A")))
    assert (found["worker_id"], found["worker_name"]) == (None, None)
    assert (found["team_id"], found["scope_teams"], found["scope_workers"]) == ("A", ["A"], ["w1"])


def test_an_allocated_role_with_no_worker_in_it_is_no_lead_worker(person):
    assert person(with_teams(involved(1, "CW", None, "A")))["worker_id"] is None


@pytest.mark.parametrize(
    ("start", "end", "lead"),
    [
        (AS_AT, None, "w1"),
        (date(2026, 11, 1), None, None),
        (DAY, AS_AT, None),
        (DAY, date(2026, 11, 1), "w1"),
        (None, None, "w1"),
        (None, AS_AT, None),
    ],
)
def test_open_means_begun_by_the_day_and_not_ended_by_its_close(person, start, end, lead):
    assert person(with_teams(involved(1, "CW", "w1", "A", start=start, end=end)))["worker_id"] == lead


def test_after_a_transfer_the_old_team_no_longer_has_the_child_in_scope(person):
    rows = with_teams(
        involved(1, "CW", "w1", "A", end=date(2026, 5, 1)),
        involved(2, "CW", "w2", "B", start=date(2026, 5, 1)),
        ssd_cin_episodes=[
            {"cine_referral_id": "r", "cine_person_id": "1", "cine_referral_date": DAY, "cine_referral_team": "D"}
        ],
    )
    assert person(rows)["scope_teams"] == ["B"]


def test_the_team_that_took_a_referral_has_the_child_until_somebody_else_holds_it(person):
    referral = {"cine_referral_id": "r", "cine_person_id": "1", "cine_referral_date": DAY}
    referral |= {"cine_referral_team": "D", "cine_referral_worker_id": "w1"}
    alone = person(with_teams(ssd_cin_episodes=[referral]))
    assert (alone["team_id"], alone["scope_teams"], alone["scope_workers"]) == ("D", ["D"], ["w1"])
    reviewed = person(with_teams(involved(1, "IRO", "w2", "S"), ssd_cin_episodes=[referral]))
    assert (reviewed["team_id"], reviewed["scope_teams"]) == ("D", ["D", "S"])


def test_every_team_with_an_open_plan_has_the_child_in_scope(person):
    plan = {"cinp_cin_plan_id": "p", "cinp_person_id": "1", "cinp_cin_plan_start_date": DAY}
    plan |= {"cinp_cin_plan_team": "A", "cinp_cin_plan_worker_id": "w2"}
    leaving = {"clea_table_id": "c", "clea_person_id": "1", "clea_care_leaver_allocated_team": "B"}
    found = person(with_teams(involved(1, "CW", "w1", "S"), ssd_cin_plans=[plan], ssd_care_leavers=[leaving]))
    assert (found["team_id"], found["scope_teams"], found["scope_workers"]) == ("S", ["A", "B", "S"], ["w1", "w2"])
    assert found["care_leaver"] is True


def test_with_nothing_open_the_last_team_and_the_duty_team_have_the_child_never_nobody(read):
    def referral(number, person, team, closed):
        return {"cine_referral_id": str(number), "cine_person_id": person, "cine_referral_date": date(2026, 2, 1),
                "cine_referral_team": team, "cine_close_date": closed}  # fmt: skip

    rows = with_teams(
        involved(1, "CW", "w1", "A", end=date(2026, 6, 1)),
        involved(2, "CW", "w1", "B", end=date(2026, 5, 1)),
        ssd_person=[{"pers_person_id": str(n)} for n in (1, 2, 3, 4)],
        ssd_cin_episodes=[
            referral(1, "1", "B", date(2026, 5, 1)),
            referral(2, "3", "D", date(2026, 3, 1)),
            referral(3, "4", "D", date(2026, 3, 1)),
        ],
    )
    people, _ = read(rows)
    assert (people["1"]["team_id"], people["1"]["scope_teams"]) == ("A", ["A", "D"])
    assert (people["2"]["team_id"], people["2"]["scope_teams"]) == ("D", ["D"])
    assert people["1"]["service_id"] == "S"
    assert all(person["team_id"] and person["scope_teams"] for person in people.values())


def test_duty_work_tells_the_duty_team_before_referrals_do(read):
    rows = with_teams(
        involved(1, "Duty", None, "B", end=date(2026, 4, 1), person="2"),
        ssd_person=[{"pers_person_id": "1"}, {"pers_person_id": "2"}],
        ssd_cin_episodes=[
            {"cine_referral_id": "r", "cine_person_id": "2", "cine_referral_date": DAY, "cine_referral_team": "D"}
        ],
    )
    assert read(rows)[0]["1"]["scope_teams"] == ["B"]


@pytest.mark.parametrize(
    ("rows", "flags"),
    [
        ({"ssd_cp_plans": [{"cppl_person_id": "1", "cppl_cp_plan_start_date": DAY}]}, {"on_plan"}),
        ({"ssd_cp_plans": [{"cppl_person_id": "1", "cppl_cp_plan_start_date": DAY, "cppl_cp_plan_ola": "Y"}]}, set()),
        ({"ssd_cp_plans": [{"cppl_person_id": "1", "cppl_cp_plan_start_date": DAY, "cppl_cp_plan_end_date": AS_AT}]},
         set()),
        ({"ssd_cla_episodes": [{"clae_person_id": "1", "clae_cla_episode_start_date": DAY}]}, {"looked_after"}),
        ({"ssd_cin_episodes": [{"cine_person_id": "1", "cine_referral_date": DAY}]}, {"in_need"}),
        ({"ssd_cin_episodes": [{"cine_person_id": "1", "cine_referral_date": DAY, "cine_referral_nfa": "Y"}]}, set()),
        ({"ssd_care_leavers": [{"clea_person_id": "1", "clea_care_leaver_eligibility": "Former relevant"}]},
         {"care_leaver"}),
        ({"ssd_care_leavers": [{"clea_person_id": "1", "clea_care_leaver_eligibility": "No Current Eligibility"}]},
         set()),
        ({"ssd_care_leavers": [{"clea_person_id": "1"}],
          "ssd_cla_episodes": [{"clae_person_id": "1", "clae_cla_episode_start_date": DAY}]}, {"looked_after"}),
    ],
)  # fmt: skip
def test_what_a_child_is_now(person, rows, flags):
    found = person(rows)
    assert {flag for flag in ("on_plan", "looked_after", "in_need", "care_leaver") if found[flag]} == flags


@pytest.mark.parametrize(
    ("codes", "disabled"), [([], None), ([None], None), (["NONE"], False), (["none"], False), (["NONE", "LD"], True)]
)
def test_disability_is_yes_no_or_unknown(person, codes, disabled):
    rows = [{"disa_table_id": str(n), "disa_person_id": "1", "disa_disability_code": c} for n, c in enumerate(codes)]
    assert person({"ssd_disability": rows})["disabled"] is disabled


def family(*people, name="F"):
    return [{"fami_table_id": f"{name}{p}", "fami_family_id": name, "fami_person_id": p} for p in people]


def siblings_of(people):
    by_key = {person["child_key"]: person_id for person_id, person in people.items()}
    return {person_id: {by_key[key] for key in person["siblings"]} for person_id, person in people.items()}


def test_siblings_share_a_family_and_a_mother_is_not_her_childrens_sister(read):
    rows = {
        "ssd_person": [
            {"pers_person_id": "mother", "pers_dob": date(1990, 1, 1)},
            {"pers_person_id": "a", "pers_dob": date(2010, 1, 1)},
            {"pers_person_id": "b", "pers_dob": date(2012, 1, 1)},
            {"pers_person_id": "baby", "pers_dob": date(2026, 1, 1)},
        ],
        "ssd_family": family("mother", "a", "b", "baby"),
        "ssd_mother": [
            {"moth_table_id": "1", "moth_person_id": "mother", "moth_childs_person_id": "a"},
            {"moth_table_id": "2", "moth_person_id": "a", "moth_childs_person_id": "baby"},
        ],
    }
    people, _ = read(rows)
    assert siblings_of(people) == {"mother": set(), "a": {"b"}, "b": {"a", "baby"}, "baby": {"b"}}


def test_a_filler_family_of_hundreds_makes_no_siblings(read):
    people = [str(n) for n in range(200)]
    rows = {"ssd_person": [{"pers_person_id": p} for p in people], "ssd_family": family(*people)}
    assert all(found["siblings"] == [] for found in read(rows)[0].values())


ADOPTED = [
    {"ssd_cin_episodes": [{"cine_person_id": "1", "cine_close_reason": "RC1", "cine_close_date": DAY}]},
    {"ssd_cin_episodes": [{"cine_person_id": "1", "cine_close_reason": "rc1 - Adopted", "cine_close_date": DAY}]},
    {"ssd_cla_episodes": [{"clae_person_id": "1", "clae_cla_episode_ceased_reason": "E11"}]},
    {"ssd_cla_episodes": [{"clae_person_id": "1", "clae_cla_episode_ceased_reason": "E12"}]},
    {"ssd_permanence": [
        {"perm_person_id": "1", "perm_permanence_order_type": "Adoption", "perm_permanence_order_date": DAY}
    ]},
]  # fmt: skip


@pytest.mark.parametrize("rows", ADOPTED)
def test_an_adopted_child_is_restricted_and_no_family_leads_to_or_from_them(read, rows):
    people, events = read(
        {
            "ssd_person": [{"pers_person_id": p, "pers_dob": date(2015, 1, 1)} for p in ("1", "2", "3", "new")],
            "ssd_family": [*family("1", "2", "3"), *family("1", "new", name="G")],
            "ssd_mother": [{"moth_table_id": "m", "moth_person_id": "3", "moth_childs_person_id": "1",
                            "moth_childs_dob": DAY}],
            "ssd_linked_identifiers": [
                {"link_table_id": "l", "link_person_id": "1", "link_identifier_type": "Former id",
                 "link_identifier_value": "new", "link_valid_from_date": DAY}
            ],
            **rows,
        }
    )  # fmt: skip
    assert {person_id for person_id, person in people.items() if person["restricted"]} == {"1"}
    assert people["1"]["family_id"] is None
    assert siblings_of(people) == {"1": set(), "2": {"3"}, "3": {"2"}, "new": set()}
    adopted, new = ({person_id, people[person_id]["child_key"]} for person_id in ("1", "new"))
    for person_id, names in (("1", new), ("2", adopted), ("3", adopted), ("new", adopted)):
        for event in events[person_id]:
            assert not names & {str(value) for value in event.values()}, event
    assert all(event["source_table"] != "ssd_linked_identifiers" for event in events["1"])


@pytest.mark.parametrize(
    "rows",
    [
        {"ssd_cin_episodes": [{"cine_person_id": "1", "cine_close_reason": "RC7", "cine_close_date": DAY}]},
        {"ssd_cla_episodes": [{"clae_person_id": "1", "clae_cla_episode_ceased_reason": "E4A"}]},
        {"ssd_permanence": [{"perm_person_id": "1", "perm_permanence_order_type": "Adoption"}]},
    ],
)
def test_a_child_whose_record_ended_otherwise_is_not_restricted(person, rows):
    assert person(rows)["restricted"] is False


def test_people_stand_in_the_order_of_their_key_and_once_each(empty_lake):
    people = [{"pers_person_id": str(n), "pers_surname": name} for n in range(40) for name in ("B", "A")]
    snapshot = empty_lake.publish(extract_of({"ssd_person": [*people, {"pers_person_id": None}]}))
    keys = empty_lake.persons(snapshot, columns=["child_key"])["child_key"].to_pylist()
    assert keys == sorted(set(keys))
    assert len(keys) == 40


def test_the_chronology_is_the_same_however_many_slices_it_is_made_in(empty_lake, lake_keys, monkeypatch):
    from lineofsight.lake import read_models

    rows = {
        "ssd_person": [{"pers_person_id": str(n), "pers_dob": DAY} for n in range(50)],
        "ssd_contacts": [
            {"cont_contact_id": f"{n}", "cont_person_id": str(n % 40), "cont_contact_date": date(2026, 1, 1 + n % 28)}
            for n in range(500)
        ],
    }
    whole = empty_lake.publish(extract_of(rows))
    monkeypatch.setattr(read_models, "ROWS_AT_ONCE", 150)
    sliced = empty_lake.publish(extract_of(rows, as_at=date(2026, 11, 1)))
    assert whole.files["models/events.parquet"].rows == 550
    for child in empty_lake.persons(whole)["child_key"].to_pylist():
        assert empty_lake.events(whole, child).equals(empty_lake.events(sliced, child))
