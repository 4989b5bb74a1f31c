"""Names for people who do not exist (`names.toml`), and the shares of their heritages."""

import tomllib
from importlib import resources

_LISTS = tomllib.loads(resources.files(__package__).joinpath("names.toml").read_text("utf-8"))

GIRLS: list[str] = _LISTS["girls"].split()
BOYS: list[str] = _LISTS["boys"].split()
WOMEN: list[str] = _LISTS["women"].split()
MEN: list[str] = _LISTS["men"].split()
SURNAMES: list[str] = _LISTS["surnames"].split()
STREETS: list[str] = [street.strip() for street in _LISTS["streets"].replace("\n", " ").split(",")]

COUNCILS = (
    "Northmere",
    "Aldermoor",
    "Westharbour",
    "Thornwick Vale",
    "Stonebeck",
    "Eastwold",
    "Fernbridge",
    "Harrowmere",
)


def council_of(seed: int) -> str:
    """The name of the authority of a seed: the same for every extract of it."""
    return COUNCILS[(seed - 1) % len(COUNCILS)]


AREAS = ("Harbour", "Northside", "Riverside", "Moorland")

# Share of children in need by ethnicity (after DfE, characteristics of children in need 2024, table a4).
ETHNICITIES = {
    "WBRI": 62.0,
    "WIRI": 0.4,
    "WOTH": 5.5,
    "WIRT": 0.4,
    "WROM": 1.0,
    "MWBC": 3.8,
    "MWBA": 1.6,
    "MWAS": 1.3,
    "MOTH": 2.8,
    "AIND": 1.3,
    "APKN": 3.6,
    "ABAN": 1.3,
    "CHNE": 0.3,
    "AOTH": 1.8,
    "BCRB": 2.0,
    "BAFR": 5.0,
    "BOTH": 2.0,
    "OOTH": 3.4,
    "REFU": 0.3,
    "NOBT": 1.5,
}
