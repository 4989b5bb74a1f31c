"""Children and families: names, births, heritage, disability, homes."""

from dataclasses import dataclass, field
from random import Random

from lineofsight.synth.chance import Spread, Weighted, generator
from lineofsight.synth.days import YEAR
from lineofsight.synth.names import AREAS, BOYS, ETHNICITIES, GIRLS, STREETS, SURNAMES, WOMEN

NEVER = 1 << 30  # a recorded day that has not come
_MODULUS, _FACTOR = 8_999_993, 5_236_397  # a prime and a step: ids that do not show the order of arrival
_DISABILITIES = Weighted(
    {"AUT": 44, "LD": 34, "BEH": 19, "COMM": 16, "MOB": 13, "DDA": 19, "VIS": 6, "PC": 5, "HEAR": 4, "INC": 4, "CON": 3}
)


@dataclass(slots=True, eq=False)
class Child:
    """One person. `known` is the first day anything of theirs was recorded; set while rows are written."""

    id: str
    forename: str
    surname: str
    sex: str
    born: int
    ethnicity: str
    disabilities: tuple[str, ...] = ()
    known: int = NEVER
    mother: bool = False


@dataclass(slots=True, eq=False)
class Family:
    """Children who share a home. `last_referral` and `free_from` serve the chain of referrals."""

    id: str
    surname: str
    ethnicity: str
    area: int
    children: list[Child]
    referred: list[Child] = field(default_factory=list)  # those in the last referral
    mother: Child | None = None
    last_referral: int = -NEVER
    free_from: int = -NEVER
    moves: list[int] = field(default_factory=list)


class Registry:
    """Makes people, each with an id of its own."""

    def __init__(self, seed: int) -> None:
        self.random: Random = generator(seed, "people")
        self.families: list[Family] = []
        self._heritage = Weighted(ETHNICITIES)
        self._age = Spread(seed, "age", 4)
        self._count = self.random.randrange(_MODULUS)

    def family(self, area: int) -> Family:
        """A family without children yet."""
        random = self.random
        family = Family(
            id=f"FAM{len(self.families) + 1:06d}",
            surname=random.choice(SURNAMES),
            ethnicity=self._heritage.draw(random),
            area=area,
            children=[],
        )
        self.families.append(family)
        return family

    def child(self, family: Family, born: int, *, disabled: bool = False, boy: bool | None = None) -> Child:
        """A child of the family, born (or expected) on the day `born`."""
        random = self.random
        male = random.random() < 0.53 if boy is None else boy
        disabilities: tuple[str, ...] = ()
        if disabled or random.random() < 0.05:
            disabilities = tuple(dict.fromkeys(_DISABILITIES.draw(random) for _ in range(random.choice((1, 1, 2, 3)))))
        child = Child(
            id=self._id(),
            forename=random.choice(BOYS if male else GIRLS),
            surname=family.surname if random.random() < 0.88 else random.choice(SURNAMES),
            sex="M" if male else "F",
            born=born,
            ethnicity=family.ethnicity if random.random() < 0.95 else "NOBT",
            disabilities=disabilities,
        )
        family.children.append(child)
        return child

    def siblings(self, family: Family, count: int, start: int, close: int, *, young: float, unborn: bool) -> None:
        """Give the family `count` children who are under 18 for all of `start` to `close`.

        `young` above 1 leans towards the young; `unborn` makes the youngest be born after `start`.
        """
        random = self.random
        gaps = [0.0] + [random.uniform(0.95, 3.4) * YEAR for _ in range(count - 1)]
        most = 17.9 * YEAR - (close - start)
        if sum(gaps) > most:
            squeeze = max(most, 0.0) / sum(gaps)
            gaps = [gap * squeeze for gap in gaps]
        u = self._age.next()
        youngest = (most - sum(gaps)) * u**young
        if unborn:
            youngest = -random.uniform(20, 130)
        age = max(youngest, -130.0)
        for gap in gaps:
            age += gap
            self.child(family, start - int(age))

    def parent(self, family: Family) -> Child:
        """The mother of the family, as a person of her own."""
        if family.mother is None:
            random = self.random
            oldest = min(child.born for child in family.children)
            family.mother = Child(
                id=self._id(),
                forename=random.choice(WOMEN),
                surname=family.surname,
                sex="F",
                born=oldest - random.randrange(int(17.5 * YEAR), int(36 * YEAR)),
                ethnicity=family.ethnicity,
                mother=True,
            )
        return family.mother

    def home(self, area: int) -> tuple[str, str]:
        """An address as JSON, and a postcode in an area that does not exist (ZZ)."""
        random = self.random
        street = random.choice(STREETS)
        house = random.randrange(1, 180)
        text = (
            f'{{"ROOM": "", "FLOOR": "", "FLAT": "", "BUILDING": "", "HOUSE": "{house}", "STREET": "{street}", '
            f'"TOWN": "{AREAS[area % len(AREAS)]}", "UPRN": "", "EASTING": "", "NORTHING": ""}}'
        )
        letters = "ABDEFGHJLNPQRSTUWXYZ"
        return text, f"ZZ{area + 1}{random.randrange(1, 10)}{random.choice(letters)}{random.choice(letters)}"

    def _id(self) -> str:
        self._count = (self._count + _FACTOR) % _MODULUS
        return str(1_000_007 + self._count)
