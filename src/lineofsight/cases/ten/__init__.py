"""The ten: children to talk about this month. Not a prediction: rules in plain words, and the reasons they give.

`rules/<slug>/` holds one rule: `rule.toml` (its words, order and weight), `spec.md` (its cases), and `rule.sql` where
no measure carries the fact.
"""

from lineofsight.cases.ten.finding import (
    CHILDREN,
    COULD_NOT_TELL,
    REASONS,
    RULES,
    TEN,
    TOLD,
    derive,
    find,
    listed,
    own_rules,
)
from lineofsight.cases.ten.rules import HARM, SERVICE, THEMES, Rule, load, rules_hash

__all__ = [
    "CHILDREN",
    "COULD_NOT_TELL",
    "HARM",
    "REASONS",
    "RULES",
    "SERVICE",
    "TEN",
    "THEMES",
    "TOLD",
    "Rule",
    "derive",
    "find",
    "listed",
    "load",
    "own_rules",
    "rules_hash",
]
