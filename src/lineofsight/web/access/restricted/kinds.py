"""Why a record is restricted (rule 7.3): the same words in the side table of an extract and on the page."""

from __future__ import annotations

# The slug that is kept, and the words. An extract's own words are read into these; one nobody knows is "other".
KINDS = {
    "adoption": "Adoption",
    "protected-address": "Protected address",
    "family-of-staff": "Family of staff",
    "other": "Another reason",
}


def words_of(kind: str) -> str:
    """The kind in words; one that is not known restricts all the same, as another reason."""
    return KINDS.get(kind, KINDS["other"])
