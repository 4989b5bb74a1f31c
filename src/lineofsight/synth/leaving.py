"""Leaving care: permanence, adoption, and young people of 18 and over with a personal adviser."""

from lineofsight import schema
from lineofsight.synth.allocation import LEAVING
from lineofsight.synth.care import Care
from lineofsight.synth.chance import Weighted
from lineofsight.synth.days import YEAR, working_before
from lineofsight.synth.involvements import awaits_adviser, number_of
from lineofsight.synth.journeys import Journey
from lineofsight.synth.scene import Scene

_HOMES = Weighted({"U": 35, "D": 20, "Z": 14, "B": 12, "E": 6, "T": 4, "K": 2, "X": 3, "S": 1, "V": 1, "R": 2})
_UNSUITABLE = ("X", "S", "V", "R")
_ACTIVITIES = Weighted({"F2": 17, "F5": 16, "P5": 7, "F1": 6, "F4": 3, "P2": 3, "G5": 24, "G4": 15, "G6": 5})


def write_permanence(scene: Scene, journey: Journey, care: Care) -> None:
    """The steps to adoption or to an order. The adopted child's record ends here: nothing joins it to a later one."""
    siblings = len(journey.children)
    opened: dict[str, object] = {
        "perm_table_id": scene.id("PRM"),
        "perm_person_id": care.child.id,
        "perm_cla_id": care.id,
        "perm_part_of_sibling_group": "1" if siblings > 1 else "0",
        "perm_siblings_placed_together": siblings,
        "perm_siblings_placed_apart": 0,
    }
    first, kind = care.end, "Special Guardianship Order"
    if journey.leaving == "adopted":
        steps = _adoption(scene, care)
        if steps is None:
            return
        first, kind = steps["perm_adm_decision_date"], "Adoption"
        family = scene.random.choice((("MF", "L11", "2"), ("F1", "L0", "1"), ("MM", "L12", "2")))
        names = ("perm_adopter_sex", "perm_adopter_legal_status", "perm_number_of_adopters")
        opened |= steps | dict(zip(names, family, strict=True)) | {"perm_adopted_by_carer_flag": "N"}
    if first > scene.period.last:
        return
    known = max(scene.late.event(first), care.known)
    end_known = max(scene.late.event(care.end), known) if scene.ended(care.end) else None
    closed = opened | {"perm_permanence_order_date": care.end, "perm_permanence_order_type": kind}
    columns = [column.name for column in schema.tables()["ssd_permanence"].columns]
    scene.book["ssd_permanence"].closing(
        known, end_known, [opened.get(name) for name in columns], [closed.get(name) for name in columns]
    )


def _adoption(scene: Scene, care: Care) -> dict[str, int] | None:
    """Days of the decision, the placement order, the match and the placement; later ones only once they have come."""
    random, last = scene.random, scene.period.last
    placed = next((p.start for p in care.placements if p.kind == "A6"), None)
    ordered = next((start for code, start, _ in care.statuses if code == "E1"), None)
    if placed is None:
        return None
    decided = min(placed, ordered or placed) - random.randrange(20, 60)
    steps = {"perm_adm_decision_date": decided, "perm_placed_for_adoption_date": placed}
    steps["perm_matched_date"] = placed - random.randrange(5, 20)
    if ordered is not None:
        steps["perm_placement_order_date"] = ordered
    return {name: day for name, day in steps.items() if day <= last or name == "perm_adm_decision_date"}


def write_care_leaver(scene: Scene, journey: Journey) -> None:
    """One row a young person, as it stands in each extract: the latest contact and pathway plan move on."""
    assert journey.care is not None
    child, random = journey.children[0], scene.random
    leg = next((leg for leg in journey.legs if leg.kind == LEAVING), None)
    home: str | None = _HOMES.draw(random)
    activity: str | None = _ACTIVITIES.draw(random)
    suitable: str | None = "2" if home in _UNSUITABLE else "1"
    in_touch = "YES" if random.random() < 0.93 else random.choice(("NO", "NO", "REFU", "NREQ"))
    if in_touch == "NO":  # nobody knows what they do, nor, of most, where they live
        activity = None
        home, suitable = (home, suitable) if home in ("B", "Z") else (None, None)
    row_id, since = scene.id("LVR"), journey.care[1]
    known = max(since, journey.known)
    at_21: float | None = None
    stays = number_of(child.id) % 4 == 1 and home in ("U", "D", "B", "E")  # with carers, to 21
    for taken in scene.period.taken:
        age = (taken - child.born) / YEAR
        worker = leg.worker_on(taken) if leg else None
        contact = max(working_before(taken - random.randrange(3, 75)), since) if in_touch == "YES" else None
        reviewed = max(working_before(taken - random.randrange(5, 200)), since)
        team, worker_id = (worker.team.id, worker.id) if worker else (None, None)
        drawn = random.random() if age >= 21 else None
        at_21 = drawn if at_21 is None else at_21  # what a young person is owed does not change from month to month
        status = "Former Relevant" if at_21 is None or at_21 < 0.6 else "Qualifying"
        where = ("Z", "1") if stays and age < 21 else (home, suitable)
        if since <= taken and age < 25:
            lives = (status, in_touch, contact, *where, activity, reviewed)
            row = (row_id, child.id, *lives, None if awaits_adviser(child) else worker_id, team, worker_id)
            scene.book["ssd_care_leavers"].add(known, row, taken + 1)
        known = max(known, taken + 1)
