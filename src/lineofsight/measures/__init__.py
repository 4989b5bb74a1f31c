"""Measures: every number opens to its rows (DESIGN 5 B, K, L)."""
