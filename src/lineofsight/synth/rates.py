"""What an authority's published figures say: the volumes and rates that the synthetic authority is to have."""

from dataclasses import dataclass

import pyarrow.compute as pc

from lineofsight.errors import PlainError
from lineofsight.schema import published

NOBODY = "999"  # an authority of no place: England's rates, no neighbours
ENGLAND_CHILDREN = 100_000  # the size of that authority when nobody says how large


@dataclass(frozen=True)
class Rates:
    """Yearly flows and open numbers per 10,000 children aged 0 to 17; shares from 0 to 1."""

    authority: str
    population: int
    referrals: float
    rereferrals: float
    screened_out: float
    not_in_need: float
    assessed_in_time: float
    in_need: float
    enquiries: float
    conferences: float
    conferences_in_time: float
    plans_started: float
    plans_open: float
    plans_again: float
    reviewed_in_time: float
    looked_after: float
    care_started: float
    adopted: float
    unaccompanied: float
    foster: float
    childrens_home: float
    caseload: float
    vacant: float


# Field of Rates: LAIT code, what to divide by, the value where neither authority nor England has one (2025).
_SOURCES = {
    "referrals": ("CPP_Total_Rateper10,000", 1, 519.4),
    "rereferrals": ("ReReferral", 100, 22.6),
    "screened_out": ("CIN_Refferals_NFA", 100, 6.5),
    "not_in_need": ("Referrals_AssessedNotNeed", 100, 30.8),
    "assessed_in_time": ("Continue_Assess_Comp", 100, 85.7),
    "in_need": ("CIN", 1, 330.3),
    "enquiries": ("Section_47", 1, 189.3),
    "conferences": ("ISCP_Conf", 1, 59.2),
    "conferences_in_time": ("CP_conf_15days", 100, 81.4),
    "plans_started": ("CPP_Abuse_Rate", 1, 50.8),
    "plans_open": ("CPP_rate", 1, 40.6),
    "plans_again": ("PrevRegCPR", 100, 24.5),
    "reviewed_in_time": ("RevCP", 100, 90.6),
    "looked_after": ("LAC", 1, 67.0),
    "care_started": ("LAC_Start_Rate", 1, 26.0),
    "adopted": ("%_of LAC Adopted", 100, 9.0),
    "unaccompanied": ("Unacc_Asylmn_Seek_Childn%", 100, 8.0),
    "foster": ("LAC_Foster_Placements", 100, 67.0),
    "childrens_home": ("LAC_SecHome_And_ChildHome", 100, 12.0),
    "caseload": ("Work_Force_AvgNumCase_SW", 1, 15.2),
    "vacant": ("Work_Force_Vac_Rate", 100, 14.2),
}


def read(like: str | None) -> Rates:
    """The latest published figures of the authority with the DfE code `like`; England's where one is suppressed.

    With `like` None: England's rates, authority 999. Raises PlainError for a code that has no population.
    """
    code = like or published.ENGLAND
    own, england = _latest(code), _latest(published.ENGLAND)
    values = {
        field: own.get(measure, england.get(measure, otherwise)) / divisor
        for field, (measure, divisor, otherwise) in _SOURCES.items()
    }
    if like is None:
        return Rates(authority=NOBODY, population=ENGLAND_CHILDREN, **values)
    return Rates(authority=like, population=_population(like), **values)


def _latest(code: str) -> dict[str, float]:
    table = published.lait()
    rows = table.filter(pc.equal(table["la_code"], code)).sort_by("year")
    # Later years come later and replace earlier ones.
    return dict(zip(rows["measure"].to_pylist(), rows["value"].to_pylist(), strict=True))


def _population(code: str) -> int:
    table = published.population()
    rows = table.filter(pc.equal(table["la_code"], code)).sort_by("year")
    if rows.num_rows == 0:
        raise PlainError(f"There is no authority with the code {code} in the published data.")
    return int(rows["population_0_17"][-1].as_py())
