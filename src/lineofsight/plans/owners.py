"""Who answers for an action, out of a cell as people write it: one or several, each with a post or without."""

import re

from lineofsight.plans.cell_text import blocks
from lineofsight.plans.table import Owner

_NOBODY = re.compile(
    r"(?:n/?a|none|nil|tbc|tba|tbd|to be (?:confirmed|agreed|decided|announced)|vacant|[-–—?.\s]*)", re.I
)
_APART = re.compile(r"\s*(?:/|;|\||\n)\s*")
_AND = re.compile(r"\s+(?:and|&|with)\s+", re.I)
_IN_BRACKETS = re.compile(r"(?P<name>[^()]+?)\s*\((?P<post>[^()]+)\)")
_DASHED = re.compile(r"(?P<name>.+?)\s+[-–—]\s+(?P<post>.+)")
# A capital, then letters of any kind, apostrophes and hyphens between: a name as it is written on a door.
_NAME = re.compile(r"(?:(?:Dr|Mr|Mrs|Ms|Miss|Prof|Professor|Cllr|Councillor|Sir|Dame)\.?\s+)?"
                   r"[^\W\d_a-z][\w’'-]*\.?(?:\s+[^\W\d_a-z][\w’'-]*\.?){1,3}")  # fmt: skip
# What a post or a body is called by, never a person.
_POST_WORDS = frozenset((
    "adviser", "advisor", "agency", "assistant", "authority", "board", "borough", "care", "chair", "chief",
    "children", "clinical", "commissioner", "commissioning", "committee", "community", "coordinator", "council",
    "deputy", "designated", "development", "director", "directorate", "doctor", "education", "executive", "family",
    "finance", "foundation", "governance", "gp", "group", "head", "health", "hospital", "human", "independent",
    "interim", "lead", "leader", "learning", "legal", "manager", "managers", "managing", "medical", "member",
    "midwife", "midwifery", "named", "nhs", "nurse", "officer", "operations", "partnership", "performance",
    "police", "practice", "practitioner", "principal", "programme", "public", "quality", "resources", "reviewing",
    "safeguarding", "school", "schools", "secretary", "senior", "service", "services", "social", "staff",
    "strategic", "strategy", "support", "supervisor", "team", "training", "trust", "unit", "workforce", "worker",
    "workers", "youth",
))  # fmt: skip


def owners(responsible: str) -> tuple[Owner, ...]:
    """The owners a cell names, in its order; none where it names nobody yet."""
    lines = "\n".join(block.text for block in blocks(responsible))
    found: list[Owner] = []
    for part in _APART.split(_without_not_applicable(lines)):
        found.extend(_in_part(part.strip(" ,.")))
    return tuple(dict.fromkeys(found))


def _without_not_applicable(text: str) -> str:
    """The slash of "N/A" sets nobody apart."""
    return "" if _NOBODY.fullmatch(text.strip()) else text


def _in_part(part: str) -> list[Owner]:
    if _NOBODY.fullmatch(part):
        return []
    for shape in (_IN_BRACKETS, _DASHED):
        found = shape.fullmatch(part)
        if found and _is_person(found["name"]):
            return [Owner(found["name"].strip(), found["post"].strip())]
    pieces = [piece.strip() for piece in part.split(",") if piece.strip()]
    if len(pieces) > 1 and _is_person(pieces[0]):
        return _by_commas(pieces)
    several = _AND.split(part)
    if len(several) > 1 and all(_is_person(name) for name in several):
        return [Owner(name) for name in several]
    return [Owner(part)]


def _by_commas(pieces: list[str]) -> list[Owner]:
    """Names set apart by commas, where what is no name is the post of the one before it."""
    found: list[Owner] = []
    for piece in pieces:
        several = _AND.split(piece)
        if all(_is_person(name) for name in several):
            found.extend(Owner(name) for name in several)
        else:
            last = found[-1]
            found[-1] = Owner(last.name, f"{last.post}, {piece}" if last.post else piece)
    return found


def _is_person(text: str) -> bool:
    if not _NAME.fullmatch(text.strip()):
        return False
    return not any(word.strip(".’'").lower() in _POST_WORDS for word in text.split())
