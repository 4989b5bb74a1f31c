"""What every writer of rows needs at hand."""

from dataclasses import dataclass, field
from random import Random

from lineofsight.synth.cohort import Cohort
from lineofsight.synth.lateness import Lateness
from lineofsight.synth.period import Period
from lineofsight.synth.services import Services
from lineofsight.synth.sheets import Book


@dataclass
class Scene:
    """The people, the services, the calendar and the book that rows go into."""

    period: Period
    cohort: Cohort
    services: Services
    book: Book
    late: Lateness
    random: Random
    # of their own, so that what our side tables draw shifts nothing in the tables of the standard
    side: Random
    side_late: Lateness
    _counts: dict[str, int] = field(default_factory=dict)

    def id(self, prefix: str) -> str:
        """A new id of a kind."""
        count = self._counts.get(prefix, 0) + 1
        self._counts[prefix] = count
        return f"{prefix}{count:07d}"

    def ended(self, day: int | None) -> bool:
        """Whether something that ends on `day` has ended by the newest extract."""
        return day is not None and day <= self.period.last
