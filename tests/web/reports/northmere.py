"""A small authority of invented children, as extracts: twelve on a plan, three of them with no social worker."""

from datetime import date
from typing import Any

from tests.lake.extracts import extract_of

from lineofsight.sources import Extract

NAMES = [
    ("Ada", "Tern"),
    ("Ben", "Wren"),
    ("Cal", "Finch"),
    ("Dot", "Heron"),
    ("Eli", "Plover"),
    ("Fay", "Linnet"),
    ("Gus", "Dunlin"),
    ("Hal", "Siskin"),
    ("Ivy", "Avocet"),
    ("Joe", "Bunting"),
    ("Kit", "Curlew"),
    ("Lou", "Whimbrel"),
]
UNALLOCATED = {"4", "8", "12"}


def october(unallocated: set[str] = UNALLOCATED, *, as_at: date = date(2026, 10, 31)) -> Extract:
    """The extract of 31 October. `unallocated` are the ids of the children nobody holds: a correction changes them."""
    return extract_of(rows(unallocated), as_at=as_at, authority_name="Northmere Council")


def rows(unallocated: set[str]) -> dict[str, list[dict[str, Any]]]:
    """The tables: people, plans, who holds them, visits, workers and two teams of one service."""
    people, plans, held, visits = [], [], [], []
    for number, (forename, surname) in enumerate(NAMES, 1):
        key = str(number)
        people.append(
            {
                "pers_person_id": key,
                "pers_forename": forename,
                "pers_surname": surname,
                "pers_sex": "F" if number % 2 else "M",
                "pers_ethnicity": "WBRI",
                "pers_dob": date(2010 + number, 3, number),
            }
        )
        plans.append(
            {
                "cppl_cp_plan_id": f"p{key}",
                "cppl_person_id": key,
                "cppl_referral_id": f"r{key}",
                "cppl_cp_plan_start_date": date(2026, 8, number),
                "cppl_cp_plan_end_date": None,
            }
        )
        held.append(
            {
                "invo_involvements_id": f"i{key}",
                "invo_person_id": key,
                "invo_professional_id": f"w{number % 3}",
                "invo_professional_role_id": "ALLOCATED CASE WORKER",
                "invo_professional_team": "t1" if number <= 6 else "t2",
                "invo_involvement_start_date": date(2026, 8, number),
                "invo_involvement_end_date": date(2026, 10, 14 + number // 4) if key in unallocated else None,
            }
        )
        for day in (20, 27) if number % 4 else (1,):
            visits.append(
                {
                    "cppv_cp_visit_id": f"v{key}-{day}",
                    "cppv_person_id": key,
                    "cppv_cp_plan_id": f"p{key}",
                    "cppv_cp_visit_date": date(2026, 10, day),
                    "cppv_cp_visit_seen": "Y",
                }
            )
    workers = [
        {
            "prof_professional_id": f"w{n}",
            "prof_professional_name": f"Worker {n}",
            "prof_professional_job_title": "Social Worker",
        }
        for n in range(3)
    ]
    teams = [
        {"dept_team_id": "s1", "dept_team_name": "Safeguarding", "dept_team_parent_id": None},
        {"dept_team_id": "t1", "dept_team_name": "Assessment East", "dept_team_parent_id": "s1"},
        {"dept_team_id": "t2", "dept_team_name": "Assessment West", "dept_team_parent_id": "s1"},
    ]
    return {
        "ssd_person": people,
        "ssd_cp_plans": plans,
        "ssd_involvements": held,
        "ssd_cp_visits": visits,
        "ssd_professionals": workers,
        "ssd_department": teams,
    }
