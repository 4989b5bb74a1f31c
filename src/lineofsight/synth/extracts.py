"""Writing the authority as folders, one a month: what the case system held at the end of each."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import tomlkit

from lineofsight import __version__, clock
from lineofsight.errors import PlainError
from lineofsight.synth.authority import Authority
from lineofsight.synth.days import as_date
from lineofsight.synth.names import council_of
from lineofsight.synth.period import last_month_end, period
from lineofsight.synth.rates import Rates, read

Progress = Callable[[str, int, int], None]
DEFAULT_PEOPLE = 5_000  # where neither a number of people nor an authority is given
FIRST_UNTIL = date(2012, 1, 31)


def write(
    directory: Path,
    *,
    children: int | None = None,
    months: int = 30,
    extracts: int = 3,
    seed: int = 1,
    like: str | None = None,
    until: date | None = None,
    progress: Progress | None = None,
) -> list[Path]:
    """Write `extracts` monthly extracts of one synthetic authority below `directory`; gives their folders by date.

    Each folder `<as-at>/` holds `ssd/<table>.csv` and `extract.toml`, and at least `months` months of history. The
    last is as at `until` (default: the end of last month). The same arguments give the same bytes.

    `like` is a DfE authority code whose published volumes and rates are matched; without it England's rates are.
    `children` is about how many people become known; without it, with `like`, the authority is at its full size.
    `progress` is called with a few words, how much is done, and of how much.

    Raises PlainError where a number is out of range, the code is unknown or a folder is in the way.
    """
    tell = progress or (lambda words, done, of: None)

    def say(words: str, share: float) -> None:
        tell("Making children and their families", round(100 * share), 100)

    last = until or last_month_end(clock.today())
    _check(children, months, extracts, last)
    rates = read(like)
    people = children if children is not None else None if like else DEFAULT_PEOPLE
    when = period(last, months, extracts)
    folders = [_free(directory / as_date(day).isoformat()) for day in when.taken]
    authority = Authority(rates, when, seed, people, say)
    book = authority.book()
    for at, (folder, day) in enumerate(zip(folders, when.taken, strict=True)):
        say(f"Writing the extract of {as_date(day).isoformat()}", 0.6 + 0.4 * at / len(folders))
        book.write(folder / "ssd", day)
        heading = _heading(rates, authority.population, as_date(day), seed)
        (folder / "extract.toml").write_text(heading, encoding="utf-8", newline="\n")
    say("Done", 1.0)
    return folders


def _free(folder: Path) -> Path:
    if folder.exists() and any(folder.iterdir()):
        raise PlainError(f"There is already something in {folder}; choose an empty folder.")
    return folder


def _check(children: int | None, months: int, extracts: int, until: date) -> None:
    if children is not None and not 50 <= children <= 1_000_000:
        raise PlainError("The number of children must be from 50 to 1,000,000.")
    if not 6 <= months <= 72:
        raise PlainError("The number of months must be from 6 to 72.")
    if not 1 <= extracts <= 24:
        raise PlainError("The number of extracts must be from 1 to 24.")
    if not FIRST_UNTIL <= until <= date(2040, 12, 31):
        raise PlainError("The last date must be from January 2012 to December 2040.")


def _heading(rates: Rates, population: int, as_at: date, seed: int) -> str:
    heading = tomlkit.document()
    heading.add(tomlkit.comment("A synthetic authority: no row is about a real person."))
    heading["as_at"] = as_at
    heading["authority"] = rates.authority
    heading["authority_name"] = council_of(seed)
    heading["population_0_17"] = population
    heading["synthetic"] = True
    heading["seed"] = seed
    heading["made_by"] = f"lineofsight {__version__}"
    return tomlkit.dumps(heading)
