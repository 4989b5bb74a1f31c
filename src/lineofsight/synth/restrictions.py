"""Records that only named people may open: protected addresses and families of staff, written as rows.

Adoptions restrict by themselves. The shares are plausible and nothing is published to match: about three people in a
thousand live where somebody must not find them, and one in a thousand is of a family somebody in the service is of.
"""

from lineofsight.synth.chance import Quota, generator
from lineofsight.synth.people import NEVER
from lineofsight.synth.scene import Scene

PROTECTED_ADDRESS, FAMILY_OF_STAFF = 0.003, 0.001


def write_restrictions(scene: Scene, seed: int) -> None:
    """A row for everybody of a restricted family: a home is protected for all who live there."""
    random = generator(seed, "restrictions")
    kinds = {
        "protected address": Quota(PROTECTED_ADDRESS, seed, "protected address"),
        "family of staff": Quota(FAMILY_OF_STAFF, seed, "family of staff"),
    }
    for family in scene.cohort.registry.families:
        people = [child for child in (*family.children, family.mother) if child is not None and child.known < NEVER]
        if not people:
            continue
        kind = next((kind for kind, quota in kinds.items() if quota.says(len(people))), None)
        if kind is None:
            continue
        start = max(person.known for person in people) + random.randrange(0, 60)
        end = start + random.randrange(200, 700) if random.random() < 0.15 else None
        for person in people:
            row = (scene.id("RST"), person.id, kind, start)
            scene.book["side_restriction"].closing(start, end if scene.ended(end) else None, (*row, None), (*row, end))
