"""The web: rooms from lowest to highest are access, evidence, practice and commitments, reports, site."""

from lineofsight.web.access.house import home_in_use, keys_in_use, lake_in_use

__all__ = ["home_in_use", "keys_in_use", "lake_in_use"]
