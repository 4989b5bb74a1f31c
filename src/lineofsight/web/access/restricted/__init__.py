"""Restricted records and the people named for them (rule 7.3)."""
