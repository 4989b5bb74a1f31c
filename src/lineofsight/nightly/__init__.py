"""The nightly load: once a night, in the worker, from a folder or a database, and what became of it."""

from lineofsight.nightly.kept import LastNight, last_night
from lineofsight.nightly.night import load_if_due, load_now
from lineofsight.nightly.settings import Nightly, forget, hour_of, keep, settings_of

__all__ = [
    "LastNight",
    "Nightly",
    "forget",
    "hour_of",
    "keep",
    "last_night",
    "load_if_due",
    "load_now",
    "settings_of",
]
