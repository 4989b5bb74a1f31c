"""The rules in force: timescales and thresholds with their sources, what role words mean, who teams and workers are."""

from lineofsight.policy.registry import EMPTY, Registry, registry
from lineofsight.policy.roles import KINDS, RoleMap, roles
from lineofsight.policy.rules import OPEN, Policy, Rule, load

__all__ = ["EMPTY", "KINDS", "OPEN", "Policy", "Registry", "RoleMap", "Rule", "load", "registry", "roles"]
