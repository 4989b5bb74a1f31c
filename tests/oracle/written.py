"""What case systems write into one cell: outcomes with their flags, and lists of factors."""

import json
import re
from typing import Any

YES = {"Y", "YES", "TRUE", "1"}


def flagged(given: str | None, flag: str) -> bool:
    """Whether a list of flags says yes to one, however it writes its name and its yes."""
    found = _read(given)
    return isinstance(found, dict) and any(
        name.strip().upper() == flag.upper() and is_yes(answer) for name, answer in found.items()
    )


def factors(given: str | None) -> set[str]:
    """The codes of the factors that were found: pairs answered yes, or codes alone."""
    return {code.strip().upper() for code in _codes(_read(given)) if code.strip()}


def _codes(found: Any) -> list[str]:
    if isinstance(found, str):
        return re.split(r"[,;]", found)
    if isinstance(found, list):
        return [code for one in found for code in _codes(one)]
    if isinstance(found, dict):
        whole = [code for answer in found.values() if isinstance(answer, list) for code in _codes(answer)]
        return whole + [code for code, answer in found.items() if is_yes(answer)]
    return []


def is_yes(answer: Any) -> bool:
    return str(answer).strip().upper() in YES


def _read(given: str | None) -> Any:
    """The cell as JSON, else as it stands."""
    if given is None:
        return None
    try:
        return json.loads(given)
    except ValueError:
        return given
