"""Loading: what an extract would change, its snapshot, its computation, and taking a load back."""

from lineofsight.loading.comparing import TableChange, between, compared_with, falls
from lineofsight.loading.computing import compute, finish, ledger_before
from lineofsight.loading.loads import Loaded, accept, load, refuse
from lineofsight.loading.withdrawing import Fed, fed_by, withdraw

__all__ = [
    "Fed",
    "Loaded",
    "TableChange",
    "accept",
    "between",
    "compared_with",
    "compute",
    "falls",
    "fed_by",
    "finish",
    "ledger_before",
    "load",
    "refuse",
    "withdraw",
]
