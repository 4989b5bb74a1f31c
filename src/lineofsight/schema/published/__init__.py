"""Published statistics that ship with the package: comparators, populations, neighbours (see its README).

Department for Education and Office for National Statistics, under the Open Government Licence v3.0.
"""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from types import MappingProxyType

import pyarrow as pa
import pyarrow.parquet as pq

ENGLAND = "970"
NAMES = ("authorities", "lait", "lait_measures", "neighbours", "population")


@lru_cache(maxsize=len(NAMES))
def table(name: str) -> pa.Table:
    """One of NAMES, read once a process. Columns are in the README. Raises KeyError for another name."""
    if name not in NAMES:
        raise KeyError(name)
    return pq.read_table(BytesIO((files(__name__) / f"{name}.parquet").read_bytes()))


def lait() -> pa.Table:
    """`la_code, la_name, region, measure, year, value`: by authority, region and for England."""
    return table("lait")


def lait_measures() -> pa.Table:
    """`measure, title, unit, better, year_type`: what each LAIT code counts, and in what."""
    return table("lait_measures")


def neighbours() -> pa.Table:
    """`la_code, neighbour_code, rank, closeness`: ten statistical neighbours each, of 2025."""
    return table("neighbours")


@lru_cache(maxsize=1)
def denominators() -> Mapping[str, tuple[str, ...]]:
    """By the code of a published percentage: the codes whose values add up to what it is a percentage of."""
    text = files(__name__).joinpath("denominators.toml").read_text("utf-8")
    return MappingProxyType({code: tuple(parts) for code, parts in tomllib.loads(text).items()})


def population() -> pa.Table:
    """`la_code, year, population_0_17`: mid-year estimates of children aged 0 to 17."""
    return table("population")


def authorities() -> pa.Table:
    """`la_code, ons_code, name, region, region_code, is_current`: authorities, past ones included."""
    return table("authorities")
