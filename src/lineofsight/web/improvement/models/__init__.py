"""Findings, recommendations and plans; actions with their progress and their colours; what proves them."""

from lineofsight.web.improvement.models.actions import Action, ActionOwner, Chaser
from lineofsight.web.improvement.models.findings import Finding, FindingTurn, NotRepeat, Recommendation
from lineofsight.web.improvement.models.plans import Plan, PlanLoad, PlanStep
from lineofsight.web.improvement.models.progress import Rag, Rating, Said, Update
from lineofsight.web.improvement.models.proof import ProofAsked, ProofGiven

__all__ = [
    "Action",
    "ActionOwner",
    "Chaser",
    "Finding",
    "FindingTurn",
    "NotRepeat",
    "Plan",
    "PlanLoad",
    "PlanStep",
    "ProofAsked",
    "ProofGiven",
    "Rag",
    "Rating",
    "Recommendation",
    "Said",
    "Update",
]
