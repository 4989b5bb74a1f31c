"""The rules in force: timescales and thresholds with their sources, and what role words mean."""

from lineofsight.policy.roles import KINDS, RoleMap, roles
from lineofsight.policy.rules import OPEN, Policy, Rule, load

__all__ = ["KINDS", "OPEN", "Policy", "RoleMap", "Rule", "load", "roles"]
