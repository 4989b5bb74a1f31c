"""When things are recorded: most the same day, some days later, a few weeks later.

Each function takes the true day and gives the recorded day, never earlier.
"""

from itertools import cycle

from lineofsight.synth.chance import generator

# Days late: how many in a thousand. The tail is what makes an older extract differ from a newer one.
_EVENT = {0: 520, 1: 220, 2: 100, 3: 60, 5: 45, 8: 28, 13: 15, 24: 8, 40: 4}
_VISIT = {0: 430, 1: 270, 2: 120, 3: 75, 5: 50, 8: 28, 12: 14, 19: 9, 33: 4}
_ENDING = {0: 340, 1: 170, 2: 130, 4: 120, 7: 95, 12: 65, 20: 45, 35: 25, 60: 10}
_PROMPT = {0: 900, 1: 85, 2: 12, 4: 3}


class Lateness:
    """Draws of how late a record is made, by kind of record."""

    def __init__(self, seed: int) -> None:
        self._draws = {
            name: cycle(self._shuffled(weights, seed, name)).__next__
            for name, weights in (("event", _EVENT), ("visit", _VISIT), ("ending", _ENDING), ("prompt", _PROMPT))
        }
        self._event, self._visit = self._draws["event"], self._draws["visit"]
        self._ending, self._prompt = self._draws["ending"], self._draws["prompt"]

    @staticmethod
    def _shuffled(weights: dict[int, int], seed: int, name: str) -> list[int]:
        days = [day for day, count in weights.items() for _ in range(count)]
        days.append(0)  # 1,001 draws, so that the cycle falls into step with nothing
        generator(seed, f"lateness/{name}").shuffle(days)
        return days

    def event(self, day: int) -> int:
        """An assessment begun, an enquiry, a conference, a review held."""
        return day + self._event()

    def visit(self, day: int) -> int:
        """A visit or a supervision."""
        return day + self._visit()

    def ending(self, day: int) -> int:
        """A plan, an episode or an involvement that ended."""
        return day + self._ending()

    def prompt(self, day: int) -> int:
        """What the system makes people record at once: contacts, referrals, who is allocated, legal status."""
        return day + self._prompt()
