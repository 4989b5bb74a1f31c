"""While a child is looked after: visits, reviews, plans, health, going missing, written as rows."""

from collections.abc import Iterator

from lineofsight.synth.around import write_return_interview
from lineofsight.synth.care import Care, Placement
from lineofsight.synth.chance import generator
from lineofsight.synth.days import YEAR, months_after, working_after, working_before
from lineofsight.synth.journeys import Journey
from lineofsight.synth.scene import Scene

_PLANS = (
    "REMAINSUP",
    "RETURN1M",
    "RETURN6M",
    "RETURNEV",
    "LTRELFR",
    "LTFOST18",
    "RESPLMT",
    "SUPPLIV",
    "ADOPTION",
    "OTHER",
)
_ON_TIME = 0.945  # share of visits and reviews made in time


def write_care_life(scene: Scene, journey: Journey, care: Care) -> None:
    """Everything that happens to one child in one period of care. Visits and reviews only of the years in detail."""
    reviews = _write_reviews(scene, care)
    _write_visits(scene, care, reviews[0] if reviews else care.end)
    _write_plans(scene, journey, care)
    _write_health(scene, care)
    write_missing(scene, care)
    _write_rarer(scene, journey, care)


def _write_reviews(scene: Scene, care: Care) -> list[int]:
    """Reviews: within 20 working days, then three months, then six. Gives the days held."""
    random, last = scene.random, scene.period.last
    held_days: list[int] = []
    due, known = working_after(care.start, 20), care.known
    while True:
        if random.random() < _ON_TIME:
            held = working_before(due - random.randrange(1, 9))
        else:
            held = working_after(due + random.randrange(2, 25), 0)
        if held >= care.end or due >= care.end + 30 or held <= care.start:
            return held_days
        held_known = max(scene.late.event(held), known) if held <= last else None
        if held > scene.period.start - 220:
            young = held - care.child.born < 4 * YEAR
            how = "PN0" if young else random.choice(("PN1", "PN1", "PN1", "PN2", "PN3", "PN5", "PN6", "PN6", "PN7"))
            row = (scene.id("CLR"), care.id, due)
            scene.book["ssd_cla_reviews"].closing(known, held_known, (*row, None, "N", None), (*row, held, "N", how))
        if held > last:
            return held_days
        held_days.append(held)
        known = held_known or known
        due = months_after(held, 3 if len(held_days) == 1 else 6)


def _visit_days(scene: Scene, care: Care, placement: Placement, first_review: int) -> Iterator[int]:
    """Days of visits to one placement, by the rule that its arrangement falls under (regulation 28)."""
    random, begins = scene.random, placement.start
    floor = scene.period.start - 130
    day = begins + random.choice((0, 1, 2, 3, 4, 5, 6)) if begins > floor else floor + random.randrange(0, 40)
    end = min(placement.end, scene.period.last + 1)
    while day < end:
        visited = working_before(day)
        yield visited if visited >= begins else day
        order = next((code for code, start, stops in care.statuses if start <= day < stops), "V2")
        strict = placement.until is not None and day < placement.until
        strict = strict or (placement.kind == "P1" and order == "C1")
        if strict or (placement.kind == "P1" and order not in ("C1", "C2")):
            interval = 7 if day < first_review else 28 if strict else 42
        elif placement.kind in ("U1", "U4") and day - begins > YEAR:
            interval = 88
        else:
            interval = 42
        if random.random() < _ON_TIME - (0.0 if interval > 7 else 0.07):
            day = visited + max(interval - random.choice((0, 1, 2, 3, 5, 8, 12)) * interval // 42, 3)
        else:
            day = visited + interval + random.randrange(4, 25)


def _write_visits(scene: Scene, care: Care, first_review: int) -> None:
    random, sheet = scene.random, scene.book["ssd_cla_visits"]
    for placement in care.placements:
        for day in _visit_days(scene, care, placement, first_review):
            draw = random.random()
            seen = "Y" if draw < 0.985 else "N"
            alone = "Y" if draw < 0.8 and day - care.child.born > 3 * YEAR else "N"
            known = max(scene.late.visit(day), care.known)
            sheet.add(known, (scene.id("CLV"), care.id, care.child.id, day, seen, alone))


def _plan_text(chosen: str) -> str:
    return "{" + ", ".join(f'"{code}": "{"Y" if code == chosen else "N"}"' for code in _PLANS) + "}"


def _write_plans(scene: Scene, journey: Journey, care: Care) -> None:
    """A first care plan, and a permanence plan from about the second review."""
    random = scene.random
    lasting = next((p.kind for p in care.placements if p.kind in ("U1", "U4")), "")
    later = {"adopted": "ADOPTION", "order": "LTRELFR"}.get(
        journey.leaving, "LTRELFR" if lasting == "U1" else "LTFOST18" if lasting else "RETURNEV"
    )
    if (care.start - care.child.born) > 15.5 * YEAR:
        later = "SUPPLIV"
    if generator(0, f"permanence/{care.id}").random() < 0.07:
        later = "OTHER"  # nobody has settled yet where the child will grow up
    changed = care.start + random.randrange(95, 150)
    plans = [
        ("RETURN6M" if random.random() < 0.6 else "OTHER", care.start + random.randrange(2, 11), min(changed, care.end))
    ]
    if changed < care.end:
        plans.append((later, changed, care.end))
    for code, start, end in plans:
        if start >= end:
            continue
        known = max(scene.late.event(start), care.known)
        end_known = max(scene.late.event(end), known) if scene.ended(end) else None
        row = (scene.id("LCP"), care.child.id, start)
        scene.book["ssd_cla_care_plan"].closing(
            known, end_known, (*row, None, _plan_text(code)), (*row, end, _plan_text(code))
        )


def _write_health(scene: Scene, care: Care) -> None:
    """Initial and review health assessments, dental checks, immunisations, the strengths and difficulties score."""
    random, floor = scene.random, scene.period.start - 400
    age = (care.start - care.child.born) / YEAR
    checks: list[tuple[str, int]] = []
    seen = working_after(care.start, random.randrange(8, 19) if random.random() < 0.78 else random.randrange(21, 45))
    kind = "Initial Health Assessment"
    while seen < care.end and seen <= scene.period.last:
        checks.append((kind, seen))
        kind = "Review Health Assessment"
        interval = 176 if (seen - care.child.born) < 5 * YEAR else 355
        seen = working_before(seen + interval + (random.randrange(-12, 8) if random.random() < 0.9 else 60))
    dental = care.start + random.randrange(30, 160)
    while dental < care.end and dental <= scene.period.last and age > 0.5:
        checks.append(("Dental Check", working_before(dental)))
        dental += random.randrange(165, 360) if random.random() < 0.85 else random.randrange(380, 560)
    for kind, day in checks:
        if day >= floor:
            known = max(scene.late.event(day) + random.choice((0, 2, 5, 9, 14)), care.known)
            status = "Completed" if random.random() < 0.96 else "Refused"
            scene.book["ssd_cla_health"].add(known, (scene.id("HLT"), care.child.id, kind, day, status))
    scored = care.start + random.randrange(40, 250)
    while scored < care.end and scored <= scene.period.last:
        if 4 * YEAR < scored - care.child.born < 16.9 * YEAR and scored >= floor:
            score = str(min(max(round(random.gauss(14.5, 6.5)), 0), 40))
            known = max(scene.late.event(scored), care.known)
            scene.book["ssd_sdq_scores"].add(known, (scene.id("SDQ"), care.child.id, scored, None, score))
        scored += random.randrange(330, 385)


def write_missing(scene: Scene, care: Care, share: float = 0.2) -> None:
    """Going missing: a few children, mostly in their teens, often several times."""
    random = scene.random
    grown = max(care.start, care.child.born + int(11.5 * YEAR))
    start = max(grown, scene.period.start - 60)
    end = min(care.end, scene.period.last)
    if end - start < 20 or random.random() > share:
        return
    care.went_missing = True
    day = start + int(random.expovariate(1 / 120.0))
    while day < end:
        away = random.choice((0, 0, 1, 1, 1, 2, 3, 6))
        back = min(day + away, care.end)
        kind = "M" if random.random() < 0.82 else "A"
        offered = "Y" if random.random() < 0.88 else "N"
        accepted = "NA" if offered == "N" else "Y" if random.random() < 0.66 else "N"
        known = max(scene.late.prompt(day), care.known)
        back_known = max(scene.late.event(back), known) if scene.ended(back) else None
        missing = scene.id("MIS")
        row = (missing, care.child.id, day, kind)
        scene.book["ssd_missing"].closing(known, back_known, (*row, None, None, None), (*row, back, offered, accepted))
        if offered == "Y" and back_known is not None:
            write_return_interview(scene, care.child, missing, back, back_known, accepted == "Y")
        day = back + 1 + int(random.expovariate(1 / 75.0))


def _write_rarer(scene: Scene, journey: Journey, care: Care) -> None:
    """One row a child or fewer: immunisations, earlier permanence, immigration status, offences, substances."""
    random, child, last = scene.random, care.child, scene.period.last
    checked = min(care.end, last) - random.randrange(10, 200)
    if checked > care.start:
        status = "Y" if random.random() < 0.85 else "N"
        scene.book["ssd_cla_immunisations"].add(max(checked, care.known), (child.id, status, checked))
    earlier = "Z1" if random.random() < 0.95 else random.choice(("P1", "P2", "P3"))
    date = None if earlier == "Z1" else f"zz/zz/20{random.randrange(10, 22)}"
    scene.book["ssd_cla_previous_permanence"].add(care.known, (scene.id("PRE"), child.id, date, earlier, None))
    if journey.alone:
        row = (child.id, scene.id("IMM"), "Unaccompanied Asylum Seeking Child", care.start, None)
        scene.book["ssd_immigration_status"].add(care.known, row)
    since = max(care.start, scene.period.start, child.born + 12 * int(YEAR))
    if min(care.end, last) - since > 60:
        day = random.randrange(since, min(care.end, last))
        known = max(scene.late.event(day) + 10, care.known)
        if random.random() < 0.09:
            offence = random.choice(("Criminal damage", "Theft", "Assault", "Public order"))
            scene.book["ssd_cla_convictions"].add(known, (scene.id("OFF"), child.id, day, offence))
        if random.random() < 0.09:
            what = random.choice(("Cannabis", "Alcohol", "Nitrous oxide"))
            helped = "Y" if random.random() < 0.7 else "N"
            scene.book["ssd_cla_substance_misuse"].add(known, (scene.id("SUB"), child.id, day, what, helped))
