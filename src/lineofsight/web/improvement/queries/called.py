"""What a plan and a finding are called: by their titles for who may read them, else by their kind and day.

A title was typed by a person. Whatever stands in the clear, or goes to everybody, takes the plain name.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from lineofsight.web.access.viewer import Viewer
from lineofsight.web.improvement import wording
from lineofsight.web.improvement.models import Finding, Plan
from lineofsight.web.improvement.permissions import may_read_words

_PLANS = {
    Plan.Kind.INSPECTION: "an inspection plan",
    Plan.Kind.IMPROVEMENT: "an improvement plan",
    Plan.Kind.SINGLE_ISSUE: "a plan on a single issue",
}
_SOURCES = {
    Finding.Source.INSPECTION: "an inspection",
    Finding.Source.AUDIT: "an audit",
    Finding.Source.SURVEY: "a survey",
    Finding.Source.VISIT: "a visit",
    Finding.Source.COMPLAINT: "a complaint",
    Finding.Source.SCRUTINY: "scrutiny",
    Finding.Source.LEARNING_REVIEW: "a learning review",
    Finding.Source.SELF_EVALUATION: "a self-evaluation",
    Finding.Source.EXCEPTION: "something owed and not done",
}
NO_BODY = "a body that is not named here"


@lru_cache(maxsize=1_024)
def plain_plan(kind: str, published_on: date) -> str:
    """'an inspection plan of 12 April 2024'."""
    return f"{_PLANS.get(Plan.Kind(kind), 'a plan')} of {wording.day(published_on)}"


def plain_finding(finding: Finding) -> str:
    """'A finding of an audit, 3 May 2026'."""
    return f"A finding of {_SOURCES[Finding.Source(finding.source)]}, {wording.day(finding.found_on)}"


def plan_called(viewer: Viewer, plan: Plan) -> str:
    """A plan's title, or its plain name."""
    if may_read_words(viewer, plan):
        return plan.title
    return wording.begun(plain_plan(plan.kind, plan.published_on))


def published_by(viewer: Viewer, plan: Plan) -> str:
    """Who published what a plan answers; nothing for who may not read it."""
    return plan.published_by if may_read_words(viewer, plan) else ""


def finding_called(viewer: Viewer, finding: Finding) -> str:
    """A finding's title, or its plain name; that too where a redaction left no title."""
    return (may_read_words(viewer, finding) and finding.title) or plain_finding(finding)
