"""People, families, addresses and disabilities, written as rows once it is known when each was first recorded."""

from lineofsight.synth.days import YEAR
from lineofsight.synth.people import NEVER, Child, Family
from lineofsight.synth.scene import Scene

_NATIONALITIES = ("British", "British", "British", "British", "British", "British", "Polish", "Romanian", "Nigerian")


def write_family(scene: Scene, family: Family, alone: bool) -> None:
    """Everyone in the family of whom something was recorded."""
    people = [child for child in family.children if child.known < NEVER]
    if family.mother is not None and people:
        family.mother.known = min(child.known for child in people)
        _write_mother(scene, family.mother, people)
        people.append(family.mother)
    if not people:
        return
    first = min(person.known for person in people)
    homes = _homes(scene, family, first)
    for person in people:
        _write_person(scene, person, alone)
        scene.book["ssd_family"].add(person.known, (scene.id("FMR"), family.id, person.id))
        _write_identifiers(scene, person)
        for code in person.disabilities or (("NONE",) if scene.random.random() < 0.5 else ()):
            scene.book["ssd_disability"].add(person.known, (person.id, scene.id("DIS"), code))
        for text, postcode, start, end in homes:
            begins = max(start, min(person.born, person.known))
            if end is not None and begins >= end:
                continue
            known = max(person.known, start if start > first else person.known)
            row = (scene.id("ADR"), text, person.id, "Home", begins)
            end_known = None if end is None else max(end, known)
            scene.book["ssd_address"].closing(known, end_known, (*row, None, postcode), (*row, end, postcode))


def _write_identifiers(scene: Scene, person: Child) -> None:
    """Numbers that other agencies know the person by, of a form that is never issued."""
    random, sheet = scene.random, scene.book["ssd_linked_identifiers"]
    if person.born <= person.known:
        nhs = f"999{random.randrange(1_000_000, 9_999_999)}"
        sheet.add(person.known, (scene.id("LNK"), person.id, "NHS Number", nhs, person.born, None))
    schooled = person.born + int(4.6 * YEAR)
    if not person.mother and schooled < scene.period.last and random.random() < 0.9:
        upn = f"X999{random.randrange(100_000_000, 999_999_999)}"
        known = max(person.known, schooled)
        sheet.add(known, (scene.id("LNK"), person.id, "Unique Pupil Number", upn, schooled, None))


def _homes(scene: Scene, family: Family, first: int) -> list[tuple[str, str, int, int | None]]:
    """Addresses with their days: where they lived when first known, and where they moved."""
    random, period = scene.random, scene.period
    start = first - random.randrange(30, 2000)
    homes: list[tuple[str, str, int, int | None]] = []
    moves: list[int] = []
    if period.last - first > 60:
        while random.random() < 0.3 and len(moves) < 3:
            moves.append(random.randrange(max(first, period.start - 400) + 1, period.last + 1))
    ends: list[int | None] = [*sorted(set(moves)), None]
    for end in ends:
        text, postcode = scene.cohort.registry.home(family.area)
        homes.append((text, postcode, start, end))
        start = end if end is not None else start
    return homes


def _write_person(scene: Scene, person: Child, alone: bool) -> None:
    """A person; an unborn child stands with the expected date until the birth is recorded."""
    random, last = scene.random, scene.period.last
    age = (last - person.born) / YEAR
    common = f"999{random.randrange(1_000_000, 9_999_999)}"  # 999 numbers are never issued: for tests only
    unknown = "UN1" if age < 5 else "UN2" if alone else "UN6" if random.random() < 0.04 else None
    plan = "Y" if "AUT" in person.disabilities and random.random() < 0.6 else "N" if age > 4 else None
    mother = "Y" if person.mother else "N"
    nationality = "Not known" if alone else random.choice(_NATIONALITIES)
    gender = "01" if person.sex == "M" else "02"
    end = (common, None, unknown, plan)
    born = (person.id, person.forename, person.surname, person.sex, gender, person.ethnicity, person.born, *end)
    row = (*born, None, None, mother, nationality)
    if person.born <= person.known:
        scene.book["ssd_person"].add(person.known, row)
        return
    expected = person.born + random.randrange(-9, 10)
    unborn = (person.id, "Unborn", person.surname, "U", "00", "NOBT", None, None, None, "UN1", None)
    birth_known = scene.late.event(person.born) if scene.ended(person.born) else None
    scene.book["ssd_person"].closing(person.known, birth_known, (*unborn, expected, None, mother, None), row)


def _write_mother(scene: Scene, mother: Child, children: list[Child]) -> None:
    for child in children:
        known = max(child.known, mother.known)
        born = child.born if child.born <= known else None
        row = (scene.id("MTH"), mother.id, child.id)
        born_known = None if born is not None else max(child.born, known)
        scene.book["ssd_mother"].closing(known, born_known, (*row, born), (*row, child.born))
