"""Care leavers (CL01 to CL09), as the extract of the day tells of them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from tests.oracle.stays import code, periods, placements
from tests.oracle.workers import DESK, NAMED, NOBODY, UNLISTED, involvements, name_is, who
from tests.oracle.world import Record, Row, World, age, birthday, later

ACCOMMODATION = {
    "with parents or relatives": "B",
    "community home or residential care": "C",
    "semi-independent or supported accommodation": "D",
    "supported lodgings": "E",
    "gone abroad": "G",
    "deported": "H",
    "lodgings without support": "K",
    "not known": "R",
    "no fixed abode": "S",
    "foyer": "T",
    "independent living": "U",
    "emergency accommodation": "V",
    "bed and breakfast": "W",
    "in custody": "X",
    "other": "Y",
    "with former foster carers": "Z",
}
OUT_OF_TOUCH = ("NO", "REFU", "NREQ")


@dataclass(frozen=True)
class Leaver:
    """One young person: to what entitled, whether in touch, and what else the newest row says."""

    person: str
    entitled: str | None  # former relevant, relevant, eligible, other
    touch: str | None
    home: str | None
    suitable: bool | None
    activity: str | None
    row: Record


def leavers(world: World, day: date) -> Iterator[Leaver]:
    """Each young person once, by the row with the latest contact or review; the dead are left out."""
    rows: dict[str, list[Record]] = {}
    for row in world.rows("ssd_care_leavers"):
        rows.setdefault(row["clea_person_id"], []).append(row)
    for person, several in rows.items():
        row = max(several, key=_newness)
        one = Leaver(
            person,
            entitlement(row["clea_care_leaver_eligibility"]),
            touch(row["clea_care_leaver_in_touch"]),
            accommodation(row["clea_care_leaver_accommodation"]),
            suitable(row["clea_care_leaver_accom_suitable"]),
            activity(row["clea_care_leaver_activity"]),
            row,
        )
        if not world.dead(person, day) and one.touch not in ("DIED", "RHOM"):
            yield one


def _newness(row: Record) -> tuple[date, date, str]:
    contact = row["clea_care_leaver_latest_contact"] or date.min
    review = row["clea_pathway_plan_review_date"] or date.min
    return max(contact, review), min(contact, review), row["clea_table_id"]


def entitlement(words: str | None) -> str | None:
    said = (words or "").strip().lower()
    if not said:
        return None
    for mark in ("former relevant", "relevant"):
        if mark in said:
            return mark
    return "eligible" if re.search(r"\beligible\b", said) else "other"


def touch(words: str | None) -> str | None:
    """The code of being in touch, with or without the letter of the inspection list before it."""
    said = re.sub(r"^[a-z]\)\s*", "", (words or "").strip().lower()).upper()
    return said if said in ("YES", "NO", "DIED", "REFU", "NREQ", "RHOM") else None


def accommodation(words: str | None) -> str | None:
    said = (words or "").strip()
    if said.lower() in ACCOMMODATION:
        return ACCOMMODATION[said.lower()]
    found = re.match(r"([A-Za-z])\d?(?![A-Za-z0-9)])", said)
    letter = found.group(1).upper() if found else ""
    return letter if letter in ACCOMMODATION.values() else None


def suitable(words: str | None) -> bool | None:
    said = (words or "").strip().lower()
    if re.match(r"1(?!\d)", said) or said == "a) suitable":
        return True
    return False if re.match(r"2(?!\d)", said) or said == "b) unsuitable" else None


def activity(words: str | None) -> str | None:
    found = re.match(r"([FP][1-5]|G[4-6])(?![A-Z0-9])", (words or "").strip().upper())
    return found.group(1) if found else None


def nineteen_to_twenty_one(world: World, day: date) -> Iterator[tuple[Leaver, bool]]:
    """Former relevant young people of the age that is counted; and whether that can be told of them."""
    youngest, oldest = world.number("leaving.youngest", day), world.number("leaving.oldest", day)
    for one in leavers(world, day):
        born = world.person(one.person)["pers_dob"]
        if one.entitled in ("former relevant", None) and (born is None or youngest <= age(born, day) <= oldest):
            yield one, born is not None and one.entitled is not None


def out_of_touch(world: World, day: date) -> list[Row]:
    """CL01: not in touch is not met, unless somebody else has told what the young person does."""
    found = []
    for one, told in nineteen_to_twenty_one(world, day):
        met = None if one.touch is None else one.touch != "NO" or one.activity is not None
        found.append(Row(one.person, met if told else None))
    return found


def suitable_home(world: World, day: date) -> list[Row]:
    """CL02: the home is suitable."""
    found = []
    for one, told in nineteen_to_twenty_one(world, day):
        if one.home not in ("G", "H", "R"):
            met = False if one.suitable is None and one.touch in OUT_OF_TOUCH else one.suitable
            found.append(Row(one.person, met if told else None))
    return found


def doing(codes: str, met_where: bool) -> Callable[[World, date], list[Row]]:
    """CL03, CL04, CL05: what the young person does is, or is not, one of these codes."""

    def does(world: World, day: date) -> list[Row]:
        found = []
        for one, told in nineteen_to_twenty_one(world, day):
            if one.activity is None:
                met = not met_where if one.touch in OUT_OF_TOUCH else None
            else:
                met = (one.activity in codes.split()) == met_where
            found.append(Row(one.person, met if told else None))
        return found

    return does


def staying_put(world: World, day: date) -> list[Row]:
    """CL06: lives with former foster carers, of those with foster carers until 18."""
    found = []
    for one in leavers(world, day):
        born = world.person(one.person)["pers_dob"]
        if one.entitled not in ("former relevant", None) or born is None:
            continue
        if 18 <= age(born, day) <= world.number("leaving.staying_put_oldest", day) and _fostered(world, one, born):
            met = one.home == "Z" if one.home not in (None, "R") else False if one.touch in OUT_OF_TOUCH else None
            found.append(Row(one.person, met if one.entitled else None))
    return found


def _fostered(world: World, one: Leaver, born: date) -> bool:
    """Whether care lasted until the eighteenth birthday, the last placement before it with foster carers."""
    last = birthday(born, 18)
    if not any(end == last for _, end in periods(world, one.person)):
        return False
    before = [row for row in placements(world, one.person) if row["clap_cla_placement_start_date"] < last]
    return bool(before) and code(before[-1]["clap_cla_placement_type"]) in ("U1", "U2", "U3", "U4", "U5", "U6")


def owed_help(world: World, day: date) -> Iterator[Leaver]:
    """Relevant and former relevant young people, and those of whom it is not recorded; not who needs no more."""
    for one in leavers(world, day):
        if one.entitled in ("former relevant", "relevant", None) and one.touch != "NREQ":
            yield one


def plan_reviewed(world: World, day: date) -> list[Row]:
    """CL07: the pathway plan was reviewed within the interval."""
    used = any(row["clea_pathway_plan_review_date"] for row in world.rows("ssd_care_leavers"))
    number, unit = world.rule("leaving.pathway_review", day)
    found = []
    for one in owed_help(world, day):
        last = one.row["clea_pathway_plan_review_date"]
        if one.entitled is None or (last is None and not used) or (last is not None and last > day):
            found.append(Row(one.person, None))
        else:
            found.append(Row(one.person, last is not None and later(last, int(number), unit) >= day))
    return found


def no_place(world: World, day: date) -> list[Row]:
    """CL08: bed and breakfast, emergency accommodation, custody or no fixed abode are not met."""
    return [
        Row(one.person, None if one.home in (None, "R") else one.home not in ("W", "V", "X", "S"))
        for one in leavers(world, day)
        if one.entitled != "eligible"
    ]


def adviser(world: World, day: date) -> list[Row]:
    """CL09: no personal adviser is not met."""
    used = any(
        name_is(row["clea_care_leaver_personal_advisor"]) != NOBODY or _involved(world, row["clea_person_id"], day)
        for row in world.rows("ssd_care_leavers")
    )
    found = []
    for one in owed_help(world, day):
        named = _named(world, one.row["clea_care_leaver_personal_advisor"]) or _involved(world, one.person, day)
        found.append(Row(one.person, None if one.entitled is None else True if named else False if used else None))
    return found


def _involved(world: World, person: str, day: date) -> bool:
    """Whether a named worker is involved as a personal adviser."""
    return any(
        world.role(row["invo_professional_role_id"]) == "personal_adviser"
        and who(world, row["invo_professional_id"]) == NAMED
        for row in involvements(world, person, day)
    )


def _named(world: World, given: str | None) -> bool:
    """Whether what stands as adviser is a named worker, or a person's name that is no worker's id."""
    kind = who(world, given)
    return kind == NAMED or (kind == UNLISTED and name_is(given) not in (DESK, NOBODY))


MEASURES: dict[str, Callable[[World, date], list[Row]]] = {
    "CL01": out_of_touch,
    "CL02": suitable_home,
    "CL03": doing("F1 F2 F3 F4 F5 P1 P2 P3 P4 P5", True),
    "CL04": doing("F1 P1", True),
    "CL05": doing("G4 G5 G6", False),
    "CL06": staying_put,
    "CL07": plan_reviewed,
    "CL08": no_place,
    "CL09": adviser,
}
