"""Measures: every number opens to its rows (DESIGN 5 B, K, L)."""

from lineofsight.measures.computing import compute, preview

__all__ = ["compute", "preview"]
