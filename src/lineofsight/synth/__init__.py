"""A coherent synthetic authority, written as the extracts that a case system would give (SSD files and side tables)."""

from lineofsight.synth.extracts import write

__all__ = ["write"]
