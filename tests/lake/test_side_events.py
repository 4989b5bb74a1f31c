"""The chronology's sentences from our side tables: what a manager, a school and a court want told, and no names."""

from datetime import date

import pytest
from tests.lake.extracts import extract_of

DAY = date(2026, 3, 4)
LATER = date(2026, 3, 12)


@pytest.fixture
def told(empty_lake):
    """The events of the one person of the given rows, as (date, title, detail), with nothing said of the others."""

    def titles(rows):
        snapshot = empty_lake.publish(extract_of({"ssd_person": [{"pers_person_id": "1"}], **rows}))
        (person,) = empty_lake.persons(snapshot).to_pylist()
        found = empty_lake.events(snapshot, person["child_key"]).to_pylist()
        return [(event["on"], event["title"], event["detail"]) for event in found]

    return titles


def row(table, **columns):
    prefix = {"side_core_group": "cgrp", "side_cin_plan_review": "cinr", "side_decision": "deci"}
    prefix |= {"side_return_interview": "rhin", "side_oversight": "over", "side_conference_invitation": "invt"}
    prefix |= {"side_deprivation_of_liberty": "depr", "side_private_fostering": "prif", "side_homelessness": "homl"}
    prefix |= {"side_professional_around_child": "parc", "side_case_transfer": "tran", "side_merged_record": "merg"}
    return {f"{prefix[table]}_{name}": value for name, value in columns.items()}


def test_a_decision_says_on_what_how_soon_and_whether_the_referrer_was_told(told):
    rows = [
        row("side_decision", decision_id="1", person_id="1", kind="contact", subject_id="c", received_date=DAY,
            decided_date=DAY, decision="Information and advice"),
        row("side_decision", decision_id="2", person_id="1", kind="referral", subject_id="r", received_date=DAY,
            decided_date=LATER, decision="Assessment", referrer_told_date=LATER),
        row("side_decision", decision_id="3", person_id="1", kind="referral", subject_id="s", received_date=DAY),
    ]  # fmt: skip
    assert told({"side_decision": rows}) == [
        (DAY, "Decision on the contact: information and advice", "the same day"),
        (LATER, "Decision on the referral: assessment", "after 8 days, referrer told on 12 March 2026"),
    ]


def test_a_core_group_is_told_once_it_was_held_or_called_off(told):
    rows = [
        row("side_core_group", core_group_id="1", person_id="1", due_date=DAY, date=LATER, participation="PN1",
            minutes_sent_date=date(2026, 3, 20)),
        row("side_core_group", core_group_id="2", person_id="1", due_date=date(2026, 4, 1), cancelled="Y"),
        row("side_core_group", core_group_id="3", person_id="1", due_date=date(2026, 5, 1)),
    ]  # fmt: skip
    assert told({"side_core_group": rows}) == [
        (LATER, "Core group met", "attended and spoke, 8 days late, minutes sent on 20 March 2026"),
        (date(2026, 4, 1), "Core group cancelled", None),
    ]


def test_a_review_of_a_child_in_need_plan_says_what_it_decided(told):
    rows = [
        row("side_cin_plan_review", review_id="1", person_id="1", due_date=DAY, date=DAY, outcome="step_down"),
        row("side_cin_plan_review", review_id="2", person_id="1", due_date=LATER, cancelled="Y"),
        row("side_cin_plan_review", review_id="3", person_id="1", due_date=LATER),
    ]
    assert told({"side_cin_plan_review": rows}) == [
        (DAY, "Child in need plan reviewed: stepped down to early help", None),
        (LATER, "Child in need plan review cancelled", None),
    ]


def test_an_interview_is_held_offered_or_declined(told):
    def interview(number, **rest):
        return row("side_return_interview", interview_id=number, person_id="1", missing_id="m", **rest)

    rows = [
        interview("1", offered_date=DAY, held_date=LATER, declined="N", independent="Y"),
        interview("2", offered_date=date(2026, 5, 1), declined="Y"),
        interview("3", offered_date=date(2026, 6, 1)),
        interview("4"),
    ]
    assert told({"side_return_interview": rows}) == [
        (LATER, "Return home interview held", "by somebody independent"),
        (date(2026, 5, 1), "Return home interview offered and declined", None),
        (date(2026, 6, 1), "Return home interview offered", None),
    ]


def test_a_managers_entry_says_of_what_kind_it_is(told):
    rows = [
        row("side_oversight", oversight_id="1", person_id="1", date=DAY, kind="allocation", manager_id="m"),
        row("side_oversight", oversight_id="2", person_id="1", date=LATER, kind="something else"),
    ]
    assert told({"side_oversight": rows}) == [
        (DAY, "Allocation endorsed", None),
        (LATER, "Management oversight", None),
    ]


def test_an_invitation_names_the_agency_and_no_person(told):
    rows = [
        row("side_conference_invitation", invitation_id="1", person_id="1", conference_id="k", agency="police",
            conference_kind="initial", invited_date=DAY, attended="N", report_sent_date=LATER),
        row("side_conference_invitation", invitation_id="2", person_id="1", conference_id="k", role="Ward sister",
            conference_kind="review", invited_date=LATER, attended="Y"),
    ]  # fmt: skip
    assert told({"side_conference_invitation": rows}) == [
        (DAY, "Invited to the child protection conference: police", "did not attend, report sent on 12 March 2026"),
        (LATER, "Invited to the review conference: ward sister", "attended"),
    ]


def test_a_professional_of_another_agency_is_a_role_and_never_a_name(told):
    found = told({
        "side_professional_around_child": [
            row("side_professional_around_child", row_id="1", person_id="1", role="School nurse", agency="health",
                name="Morwenna Nuthatch", contact="01632 960001", start_date=DAY),
        ],
    })  # fmt: skip
    assert found == [(DAY, "Professional around the child: school nurse", "health")]
    assert "Nuthatch" not in str(found)


def test_a_transfer_says_from_where_and_to_where(told):
    rows = [
        row("side_case_transfer", transfer_id="1", person_id="1", kind="in", **{"from": "Saltby Council"}, date=DAY,
            conference_date=LATER),
        row("side_case_transfer", transfer_id="2", person_id="1", kind="within", **{"from": "T1"}, to="T2", date=LATER),
        row("side_case_transfer", transfer_id="3", person_id="1", kind="out", to="Saltby Council",
            date=date(2026, 5, 1)),
        row("side_case_transfer", transfer_id="4", person_id="1", kind="out", asked_date=date(2026, 6, 1)),
    ]  # fmt: skip
    teams = [{"dept_team_id": "T1", "dept_team_name": "Ash team"}]
    assert told({"side_case_transfer": rows, "ssd_department": teams}) == [
        (DAY, "Moved in from another council: Saltby Council", "transfer conference on 12 March 2026"),
        (LATER, "Moved between teams: from Ash team to T2", None),
        (date(2026, 5, 1), "Moved out to another council: Saltby Council", None),
    ]


def test_a_merge_tells_nothing_of_the_record_that_went(told):
    rows = [row("side_merged_record", merge_id="1", person_id="1", gone_person_id="900901", date=DAY)]
    assert told({"side_merged_record": rows}) == [(DAY, "Another record of this child was merged into this one", None)]


def test_a_deprivation_of_liberty_says_what_allows_it_and_until_when(told):
    rows = [
        row("side_deprivation_of_liberty", order_id="1", person_id="1", kind="high_court", start_date=DAY,
            until_date=date(2026, 6, 1), reviewed_date=LATER),
        row("side_deprivation_of_liberty", order_id="2", person_id="1", kind="none", start_date=LATER),
    ]  # fmt: skip
    assert told({"side_deprivation_of_liberty": rows}) == [
        (DAY, "Deprived of liberty: order of the High Court", "allowed until 1 June 2026, reviewed on 12 March 2026"),
        (LATER, "Deprived of liberty: nothing yet allows it", None),
    ]


def test_private_fostering_is_told_from_the_day_it_began_and_says_when_the_child_was_last_visited(told):
    rows = [
        row("side_private_fostering", arrangement_id="1", person_id="1", notified_date=LATER, start_date=DAY,
            first_visit_date=date(2026, 3, 18), last_visit_date=date(2026, 4, 20)),
        row("side_private_fostering", arrangement_id="2", person_id="1", notified_date=LATER),
    ]  # fmt: skip
    assert told({"side_private_fostering": rows}) == [
        (DAY, "Private fostering began", "told on 12 March 2026, last visited on 20 April 2026"),
        (LATER, "Private fostering began", "told on 12 March 2026, no visit recorded"),
    ]


def test_a_young_person_who_came_as_homeless_is_told_with_the_assessment_and_what_became_of_it(told):
    rows = [
        row("side_homelessness", presentation_id="1", person_id="1", presented_date=DAY, assessed_date=LATER,
            outcome="care"),
        row("side_homelessness", presentation_id="2", person_id="1", presented_date=LATER),
    ]  # fmt: skip
    assert told({"side_homelessness": rows}) == [
        (DAY, "Came to the council as homeless: looked after by agreement (section 20)", "assessed on 12 March 2026"),
        (LATER, "Came to the council as homeless", "no assessment recorded"),
    ]
