"""Allocation by tiers, for each of the two lead roles: the shared view that the allocation measures stand on."""

from datetime import date

import pytest

from lineofsight.measures import definitions, engine

VIEWS = definitions.load().views
PROTECTION, HELP = "lead_child_protection_practitioner", "family_help_lead"
# One row a child and lead role: the tier and its step stand where a measure's reason would.
SQL = """
select
    as_at,
    person_id,
    null::text as event_id,
    lead_role as anchor,
    null::text as team_id,
    worker_id,
    since as due_on,
    endorsed_on as done_on,
    away_uncovered as met,
    step::double as value,
    tier || '/' || coalesce(registration, '-') as reason
from allocation_tiers
"""


def plan(person):
    return {"cppl_cp_plan_id": person, "cppl_person_id": person, "cppl_cp_plan_start_date": "2026-06-01"}


def holds(person, worker, role="CW", start="2026-06-01", **more):
    return {"invo_involvements_id": f"{person}-{worker}-{role}", "invo_person_id": person,
            "invo_professional_id": worker, "invo_professional_role_id": role,
            "invo_involvement_start_date": start, **more}  # fmt: skip


def worker(number, name="Wanda Example", title="Social Worker", registration=""):
    return {"prof_professional_id": number, "prof_professional_name": name, "prof_professional_job_title": title,
            "prof_social_worker_registration_no": registration}  # fmt: skip


def seen(person, day):
    return {"cppv_cp_visit_id": f"{person}{day}", "cppv_person_id": person, "cppv_cp_visit_date": day,
            "cppv_cp_visit_seen": "Y"}  # fmt: skip


@pytest.fixture
def tiers(inputs_of, catalogue_of):
    """(person, lead role) -> (tier/registration, step, worker) as at Friday 30 October 2026."""

    def told(tables):
        rows = engine.measure(inputs_of(tables, as_at=date(2026, 10, 30)), catalogue_of(SQL, VIEWS)).rows.to_pylist()
        return {(row["person_id"], row["anchor"]): (row["reason"], row["value"], row["worker_id"]) for row in rows}

    return told


def test_every_tier_is_told_from_worst_to_best(tiers):
    found = tiers({
        "ssd_cp_plans": [plan(name) for name in "abcdefgh"],
        "ssd_involvements": [
            holds("b", "m", "Team Manager"), holds("c", "u"), holds("d", "w"), holds("e", "s"), holds("f", "w"),
            holds("g", "w"), holds("h", "w", "Purple Worker"),
        ],
        "ssd_professionals": [worker("w", registration="SW1"), worker("m"), worker("u", registration="none"),
                              worker("s")],
        "ssd_cp_visits": [seen(name, "2026-10-20") for name in "abcefgh"],
        "side_absence": [
            {"abse_absence_id": "1", "abse_worker_id": "s", "abse_start_date": "2026-10-05"},
        ],
        "side_oversight": [
            {"over_oversight_id": "1", "over_person_id": "g", "over_date": "2026-06-02", "over_kind": "allocation",
             "over_manager_id": "m", "over_worker_id": "w"},
        ],
    })  # fmt: skip
    assert {person: found[person, PROTECTION][:2] for person in "abcdefgh"} == {
        "a": ("nobody/-", 1),
        "b": ("stand_in/-", 2),
        "c": ("unregistered/unregistered", 3),
        "d": ("unseen/registered", 4),
        "e": ("away/unknown", 5),
        "f": ("allocated/registered", 6),
        "g": ("endorsed/registered", 7),
        "h": ("unknown/-", None),
    }
    assert [found[person, PROTECTION][2] for person in "abcf"] == [None, None, "u", "w"]


def test_the_two_roles_stand_beside_each_other_for_one_child(tiers):
    found = tiers({
        "ssd_cp_plans": [plan("both"), plan("help"), plan("social")],
        "ssd_involvements": [
            holds("both", "s", "Lead child protection practitioner"), holds("both", "f", "Family Help Lead"),
            holds("help", "f", "Family Help Lead"), holds("social", "s"),
        ],
        "ssd_professionals": [worker("s", registration="SW1"), worker("f", registration="none")],
    })  # fmt: skip
    assert {key: (told[0], told[2]) for key, told in found.items()} == {
        ("both", PROTECTION): ("allocated/registered", "s"),
        ("both", HELP): ("allocated/unregistered", "f"),
        # a family help lead is no lead child protection practitioner, and need not be registered
        ("help", PROTECTION): ("nobody/-", None),
        ("help", HELP): ("allocated/unregistered", "f"),
        # a social worker may do both
        ("social", PROTECTION): ("allocated/registered", "s"),
        ("social", HELP): ("allocated/registered", "s"),
    }


@pytest.mark.parametrize(
    ("title", "name", "role"),
    [
        ("Team Manager", "Mo Example", "CW"),
        ("Social Worker", "North Duty Team", "CW"),
        ("Social Worker", "Vacant Post", "Family Help Lead"),
        ("Service Manager", "Mo Example", "Family Help Lead"),
        ("Social Worker", "Wanda Example", "Duty"),
    ],
)
def test_a_managers_or_a_duty_name_never_clears_unallocated_in_either_role(tiers, title, name, role):
    found = tiers({
        "ssd_cp_plans": [plan("a")],
        "ssd_involvements": [holds("a", "m", role)],
        "ssd_professionals": [worker("m", name, title, "SW1")],
        "side_oversight": [{"over_oversight_id": "1", "over_person_id": "a", "over_date": "2026-06-02",
                            "over_kind": "allocation", "over_manager_id": "x", "over_worker_id": "m"}],
    })  # fmt: skip
    assert {told[:2] for told in found.values()} == {("stand_in/-", 2)}


def test_a_new_worker_has_the_grace_of_the_policy_to_see_the_child(tiers):
    """Ten working days: from Friday 16 October until Friday the 30th, from Thursday the 15th until the day before."""
    found = tiers({
        "ssd_cp_plans": [plan("a"), plan("b")],
        "ssd_involvements": [holds("a", "w", start="2026-10-16"), holds("b", "w", start="2026-10-15")],
        "ssd_professionals": [worker("w")],
        "ssd_cp_visits": [seen("a", "2026-08-03"), seen("b", "2026-08-03")],
    })  # fmt: skip
    assert (found["a", PROTECTION][1], found["b", PROTECTION][1]) == (6, 4)


def test_without_a_file_of_visits_nobody_is_told_to_be_unseen(tiers):
    found = tiers({
        "ssd_cp_plans": [plan("a")],
        "ssd_involvements": [holds("a", "w")],
        "ssd_professionals": [worker("w")],
    })  # fmt: skip
    assert found["a", PROTECTION][1] == 6


def test_only_a_child_with_an_open_case_or_early_help_stands_in_the_view(tiers):
    found = tiers({
        "ssd_early_help_episodes": [{"earl_episode_id": "1", "earl_person_id": "help",
                                     "earl_episode_start_date": "2026-06-01"}],
        "ssd_cin_episodes": [
            {"cine_referral_id": "1", "cine_person_id": "need", "cine_referral_date": "2026-06-01"},
            {"cine_referral_id": "2", "cine_person_id": "closed", "cine_referral_date": "2026-06-01",
             "cine_close_date": "2026-10-30"},
        ],
        "ssd_involvements": [holds("closed", "w"), holds("stranger", "w")],
        "ssd_professionals": [worker("w")],
    })  # fmt: skip
    assert {person for person, _ in found} == {"help", "need"}
