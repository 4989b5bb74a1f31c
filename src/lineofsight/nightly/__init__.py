"""The nightly load: once a night, in the worker, from a folder or a database, and what became of it."""

from lineofsight.nightly.kept import LastNight, last_night
from lineofsight.nightly.night import load_if_due, load_now
from lineofsight.nightly.settings import FOLDER_OR_DATABASE, Nightly, forget, keep, settings_of

__all__ = [
    "FOLDER_OR_DATABASE",
    "LastNight",
    "Nightly",
    "forget",
    "keep",
    "last_night",
    "load_if_due",
    "load_now",
    "settings_of",
]
