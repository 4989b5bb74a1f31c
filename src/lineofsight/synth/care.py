"""Children looked after: episodes, placements and legal status, written as rows."""

from dataclasses import dataclass

from lineofsight.synth.chance import generator
from lineofsight.synth.days import YEAR
from lineofsight.synth.journeys import Journey
from lineofsight.synth.people import Child
from lineofsight.synth.scene import Scene
from lineofsight.synth.sheets import Row

_END_REASONS = {
    "home": ("E4A", "E4A", "E4B", "E13", "E8"),
    "order": ("E45", "E47", "E48", "E41"),
    "adopted": ("E12", "E12", "E11"),
    "eighteen": ("E5", "E6", "E17", "E17", "E8"),
}
_MOVED = ("CARPL", "CARPL", "CREQB", "CREQO", "CHILD", "LAREQ", "ALLEG", "CLOSE")


@dataclass(slots=True, eq=False)
class Placement:
    """Where a child lives from `start` to `end`; `until` is the end of a temporary approval of its carer."""

    id: str
    kind: str
    start: int
    end: int
    until: int | None = None
    known: int = 0


@dataclass(slots=True, eq=False)
class Care:
    """One child's period of care: its id, placements in order, legal statuses as (code, start, end), its known day."""

    id: str
    child: Child
    start: int
    end: int
    placements: list[Placement]
    statuses: list[tuple[str, int, int]]
    known: int
    went_missing: bool = False


def write_care(scene: Scene, journey: Journey) -> list[Care]:
    """The period of care of each child of the journey; with its episodes, placements and legal statuses."""
    assert journey.care is not None
    found: list[Care] = []
    start, end = journey.care
    if start > scene.period.last:
        return found
    known = max(scene.late.prompt(start), journey.known)
    statuses = _statuses(scene, journey)
    together = scene.random.random() < 0.65
    kinds: list[tuple[str, int]] = []
    for child, referral in zip(journey.children, journey.referrals, strict=True):
        if not kinds or not together:
            kinds = _moves(scene, journey, child, statuses)
        care = Care(scene.id("CLA"), child, start, end, [], statuses, known)
        for (kind, begins), stops in zip(kinds, [*(day for _, day in kinds[1:]), end], strict=True):
            placement = Placement(scene.id("PLC"), kind, begins, stops)
            if kind == "K2" and stops - begins < 400 and _draw("unregistered", placement.id) < 0.3:
                placement.kind = "Z1"  # nobody else would take the child, and nobody had registered the home
            if kind == "U3" and begins - start < 30 and scene.random.random() < 0.6:
                placement.until = min(begins + 112, stops)
            care.placements.append(placement)
        _write_placements(scene, care)
        _write_statuses(scene, care)
        _write_episodes(scene, journey, care, referral)
        found.append(care)
    return found


def _statuses(scene: Scene, journey: Journey) -> list[tuple[str, int, int]]:
    """Legal statuses from entry to exit: accommodation by agreement, interim then full orders, placement orders."""
    assert journey.care is not None
    random, (start, end) = scene.random, journey.care
    marks: list[tuple[str, int]] = []
    if journey.alone or (journey.leaving != "adopted" and random.random() < 0.3):
        marks.append(("V2", start))
    else:
        if random.random() < 0.12:
            marks.append(("L2", start))
        elif random.random() < 0.3:
            marks.append(("V2", start))
        ordered = start + (random.randrange(5, 9) if marks and marks[0][0] == "L2" else random.randrange(20, 90))
        marks.append(("C1", ordered if marks else start))
        marks.append(("C2", marks[-1][1] + random.randrange(160, 300)))
        if journey.leaving == "adopted":
            marks.append(("E1", marks[-1][1] + random.randrange(5, 60)))
    kept = [mark for mark in marks if mark[1] < end - 2]
    return [
        (code, begins, stops) for (code, begins), stops in zip(kept, [*(day for _, day in kept[1:]), end], strict=True)
    ]


def _moves(scene: Scene, journey: Journey, child: Child, statuses: list[tuple[str, int, int]]) -> list[tuple[str, int]]:
    """Kinds of placement and the days they begin: moves come early, and settle."""
    assert journey.care is not None
    random, (start, end) = scene.random, journey.care
    moves: list[tuple[str, int]] = []
    day, mean = start, 260.0
    adopting = end - random.randrange(150, 330) if journey.leaving == "adopted" else None
    while day < end - 3:
        order = next((code for code, begins, stops in statuses if begins <= day < stops), "V2")
        kind = _kind(scene, (day - child.born) / YEAR, journey.alone, day - start, order)
        if not moves or moves[-1][0] != kind or kind in ("U6", "K2"):
            moves.append((kind, day))
        lasting = kind in ("U4", "U1")
        day += max(int(random.expovariate(1 / (mean * (6 if lasting else 1)))), 5)
        mean = min(mean * 1.6, 900.0)
    if adopting is not None and adopting > start + 60:
        moves = [move for move in moves if move[1] < adopting - 5] + [("A6", adopting)]
    return moves or [("U6", start)]


def _kind(scene: Scene, age: float, alone: bool, since: int, order: str) -> str:
    random, rates = scene.random, scene.cohort.rates
    draw = random.random()
    if age >= 16 and draw < (0.5 if alone else 0.28):
        return "H5"
    home = rates.childrens_home * (1.9 if age > 11 else 0.35)
    draw = random.random()
    if draw < home:
        return "K2"
    if draw < home + rates.foster:
        kinship = random.random() < 0.24 and not alone
        if since > 1.3 * YEAR and random.random() < 0.75:
            return "U1" if kinship else "U4"
        return "U3" if kinship else "U6"
    if order in ("C1", "C2") and random.random() < 0.6:
        return "P1"
    return random.choice(("U6", "R3" if age < 2 else "U6", "R1", "S1" if age > 8 else "U6", "U6"))


def _write_placements(scene: Scene, care: Care) -> None:
    random = scene.random
    for at, placement in enumerate(care.placements):
        last = at == len(care.placements) - 1
        # The entry to care is recorded in one step: period, first episode, first placement.
        first = placement.start == care.start
        placement.known = known = care.known if first else max(scene.late.prompt(placement.start), care.known)
        end_known = max(scene.late.prompt(placement.end), known) if scene.ended(placement.end) else None
        miles = round(random.expovariate(1 / 11.0) if placement.kind != "P1" else random.random() * 2, 1)
        own = placement.kind in ("U1", "U3", "A6") or (placement.kind in ("U4", "U6") and random.random() < 0.55)
        provider = "PR0" if placement.kind == "P1" else "PR1" if own else random.choice(("PR4", "PR4", "PR4", "PR5"))
        urn = (
            None
            if placement.kind in ("P1", "H5") and random.random() < 0.7
            else f"SC{random.randrange(400_000, 480_000)}"
        )
        if placement.kind == "H5" and urn is None and (drawn := _draw("supported", placement.id)) < 0.9:
            urn = str(2_700_000 + int(drawn * 100_000))  # supported accommodation, registered since October 2023
        if placement.kind == "Z1":
            urn = None
        _, postcode = scene.cohort.registry.home(random.randrange(0, 4))
        why = None if last else random.choice(_MOVED)
        start = (placement.id, placement.start, placement.kind, urn, miles, care.id, provider, postcode)
        scene.book["ssd_cla_placement"].closing(
            known, end_known, (*start, None, None, care.child.id), (*start, placement.end, why, care.child.id)
        )
        if placement.until is not None:
            # A temporary approval has its end from the first day: 16 weeks.
            planned = placement.start + 112
            ended = placement.until if placement.until < planned and scene.ended(placement.until) else planned
            scene.book["side_placement_approval"].closing(
                known,
                end_known if ended != planned else None,
                (placement.id, "Y", placement.start, planned),
                (placement.id, "Y", placement.start, ended),
            )


def _write_statuses(scene: Scene, care: Care) -> None:
    for code, start, end in care.statuses:
        known = max(scene.late.prompt(start), care.known)
        end_known = max(scene.late.prompt(end), known) if scene.ended(end) else None
        row = (scene.id("LEG"), care.child.id, code, start)
        scene.book["ssd_legal_status"].closing(known, end_known, (*row, None), (*row, end))


def _draw(what: str, id: str) -> float:
    """A number from 0 to 1 that belongs to one thing: to draw it shifts no other draw."""
    return generator(0, f"{what}/{id}").random()


def _contacts(scene: Scene, care: Care) -> list[int]:
    """Days on which the reviewing officer was in touch with the child, most half-way between reviews."""
    random = generator(0, f"reviewing officer/{care.id}")
    days: list[int] = []
    day = care.start + random.randrange(8, 26)
    while day < min(care.end, scene.period.last + 1):
        days.append(day)
        day += random.randrange(45, 110) if random.random() < 0.8 else random.randrange(150, 260)
    return days


def _write_episodes(scene: Scene, journey: Journey, care: Care, referral: str) -> None:
    """One episode for every stretch with the same placement and legal status, as the statutory return has it."""
    random = scene.random
    placed = {placement.start for placement in care.placements}
    ordered = {start for _, start, _ in care.statuses}
    days = sorted(day for day in placed | ordered if care.start <= day < care.end)
    need = "N8" if journey.alone else "N1" if random.random() < 0.75 else random.choice(("N2", "N4", "N5"))
    final = random.choice(_END_REASONS[journey.leaving or "home"])
    contacts = _contacts(scene, care)
    for start, end in zip(days, [*days[1:], care.end], strict=True):
        if start > scene.period.last:
            return
        both = start in placed and start in ordered
        began = "S" if start == care.start else "B" if both else "P" if start in placed else "L"
        placement = next(p for p in reversed(care.placements) if p.start <= start)
        known = care.known if start == care.start else max(scene.late.prompt(start), placement.known)
        end_known = max(scene.late.prompt(end), known) if scene.ended(end) else None
        row = (scene.id("EPI"), care.child.id, start, began, need)
        rest = (care.id, referral, placement.id, care.start)
        reason = final if end == care.end else "X1"
        # The extract holds the latest contact alone: an open row changes with each.
        earlier = max((day for day in contacts if day < known), default=None)
        forms: list[tuple[int, Row]] = [(known, (*row, None, None, *rest, earlier))]
        forms += [
            (day, (*row, None, None, *rest, day)) for day in contacts if known <= day < min(end, end_known or end)
        ]
        if end_known is not None:
            forms.append((end_known, (*row, end, reason, *rest, forms[-1][1][-1])))
        scene.book["ssd_cla_episodes"].stages(forms)


def write_return(scene: Scene, journey: Journey, care: Care, start: int) -> Care:
    """The child of a period of care that ended at home is back in care, until the family's help ends."""
    end = journey.close
    known = max(scene.late.prompt(start), care.known)
    back = Care(scene.id("CLA"), care.child, start, end, [], [("V2", start, end)], known)
    back.placements.append(Placement(scene.id("PLC"), "U6", start, end))
    _write_placements(scene, back)
    _write_statuses(scene, back)
    _write_episodes(scene, journey, back, journey.referrals[journey.children.index(care.child)])
    return back


def write_short_breaks(scene: Scene, journey: Journey) -> None:
    """A disabled child under an agreed series of short breaks (V4): looked after by law, not in the published count."""
    child, start = journey.children[0], max(journey.start + 60, scene.period.start - 200)
    if start >= min(journey.close, scene.period.last):
        return
    end = journey.close
    known = max(scene.late.prompt(start), journey.known)
    care = Care(scene.id("CLA"), child, start, end, [], [("V4", start, end)], known)
    care.placements.append(Placement(scene.id("PLC"), "S1", start, end))
    journey.leaving = "home"
    _write_placements(scene, care)
    _write_statuses(scene, care)
    _write_episodes(scene, journey, care, journey.referrals[0])
