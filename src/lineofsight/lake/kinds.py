"""The kinds of event in a chronology, with their names for a page."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType


@cache
def event_kinds() -> Mapping[str, str]:
    """Every kind of event, in the order of the child's journey, with its name for a page."""
    text = resources.files(__package__).joinpath("kinds.toml").read_text("utf-8")
    return MappingProxyType(tomllib.loads(text))
