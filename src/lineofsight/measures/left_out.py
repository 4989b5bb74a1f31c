"""What is not measured, and why: the measures of `left_out.toml`, for the reference and for whoever asks."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class LeftOut:
    """A measure that is not in the catalogue: what it would be called, where it would stand, and what it lacks."""

    id: str
    title: str
    area: str
    lacks: str


@cache
def left_out() -> tuple[LeftOut, ...]:
    """Every measure left out, by area and id."""
    found = tomllib.loads((files(__package__) / "left_out.toml").read_text("utf-8"))
    return tuple(sorted((LeftOut(id=key, **facts) for key, facts in found.items()), key=lambda one: (one.area, one.id)))
