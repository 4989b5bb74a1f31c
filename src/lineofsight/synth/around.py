"""Who else is around a child, interviews after going missing, and merged records, as rows of our side tables."""

from lineofsight.synth.chance import generator
from lineofsight.synth.days import YEAR, working_after
from lineofsight.synth.journeys import Journey
from lineofsight.synth.names import MEN, SURNAMES, WOMEN
from lineofsight.synth.people import NEVER, Child
from lineofsight.synth.scene import Scene

_MERGED_FROM = 10_000_000  # ids of records that were merged away before any extract: above all those given to people
_MERGED_EVERY = 900  # one person in so many had a second record


def write_professionals(scene: Scene, journey: Journey) -> None:
    """School or health visitor, doctor and, now and then, the police or a charity, while a plan or care lasts."""
    span = journey.plan or journey.care
    if span is None or span[1] < scene.period.start or span[0] > scene.period.last:
        return
    random = scene.side
    start = max(span[0] - random.randrange(0, 30), journey.start)
    known = max(scene.side_late.event(start), journey.known)
    end_known = max(scene.side_late.ending(span[1]), known) if scene.ended(span[1]) else None
    for child in journey.children:
        age = (start - child.born) / YEAR
        roles = [("health", "Health visitor" if age < 5 else "School nurse"), ("health", "General practitioner")]
        if age >= 3:
            roles.append(("education", "Nursery key person" if age < 5 else "Designated safeguarding lead"))
        if random.random() < 0.2:
            roles.append(random.choice((("voluntary", "Domestic abuse adviser"), ("police", "Neighbourhood officer"))))
        for agency, role in roles:
            name = f"{random.choice(WOMEN if random.random() < 0.7 else MEN)} {random.choice(SURNAMES)}"
            contact = f"01632 960{random.randrange(1000):03d}"  # numbers kept for made-up people
            row = (scene.id("PRC"), child.id, agency, role, name, contact, start)
            sheet = scene.book["side_professional_around_child"]
            sheet.closing(max(known, child.known), end_known, (*row, None), (*row, span[1]))


def write_missing_from_home(scene: Scene, journey: Journey) -> None:
    """Children on a plan who go missing from home: one in five of those of eleven and over, once or a few times."""
    random, last = scene.side, scene.period.last
    if journey.plan is None or journey.elsewhere:
        return
    for child in journey.children:
        start = max(journey.plan[0], scene.period.start, child.born + 11 * int(YEAR))
        end = min(journey.plan[1], last)
        if random.random() > 0.2 or end - start < 20:
            continue
        for day in sorted(random.sample(range(start, end), random.choice((1, 1, 2, 4)))):
            back = day + random.choice((0, 0, 1, 1, 2, 4))
            known = max(scene.side_late.prompt(day), journey.known, child.known)
            back_known = max(scene.side_late.event(back), known) if back <= last else None
            accepted = random.random() < 0.6
            missing = scene.id("MIS")
            row = (missing, child.id, day, "M")
            told = (back, "Y", "Y" if accepted else "N")
            scene.book["ssd_missing"].closing(known, back_known, (*row, None, None, None), (*row, *told))
            if back_known is not None:
                write_return_interview(scene, child, missing, back, back_known, accepted)


def write_return_interview(scene: Scene, child: Child, missing: str, back: int, known: int, accepted: bool) -> None:
    """The interview offered after a child came back: held within three days as a rule, or declined."""
    random, last = scene.side, scene.period.last
    offered = back + random.choice((0, 0, 1, 1, 2))
    held = offered + random.choice((0, 1, 1, 2, 4, 7)) if accepted else None
    if offered > last:
        return
    row = (scene.id("RHI"), child.id, missing, offered)
    done = held if held is not None else offered
    offered_known = max(scene.side_late.prompt(offered), known)
    done_known = max(scene.side_late.event(done), offered_known) if done <= last else None
    independent = ("Y" if random.random() < 0.9 else "N") if accepted else None
    told = (held, "N" if accepted else "Y", independent)
    scene.book["side_return_interview"].closing(offered_known, done_known, (*row, None, None, None), (*row, *told))


def write_merges(scene: Scene, seed: int) -> None:
    """Records made twice and merged: the one that went is in no extract."""
    random = generator(seed, "merged records")
    people = [child for family in scene.cohort.registry.families for child in family.children if child.known < NEVER]
    for number, child in enumerate(people[_MERGED_EVERY // 3 :: _MERGED_EVERY]):
        day = working_after(max(child.known, scene.period.start) + random.randrange(1, 60), 0)
        row = (scene.id("MRG"), child.id, str(_MERGED_FROM + number), day)
        scene.book["side_merged_record"].add(day, row)
