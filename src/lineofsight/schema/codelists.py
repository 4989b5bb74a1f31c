"""The national code lists, each code with its meaning in plain words."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType


@cache
def code_lists() -> Mapping[str, Mapping[str, str]]:
    """Every code list by name: code -> meaning."""
    text = resources.files(__package__).joinpath("codes.toml").read_text("utf-8")
    return MappingProxyType({name: MappingProxyType(codes) for name, codes in tomllib.loads(text).items()})


def codes(name: str) -> Mapping[str, str]:
    """One code list: code -> meaning in plain words. Raises KeyError if there is no list of that name."""
    return code_lists()[name]
