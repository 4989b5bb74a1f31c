"""What the world has of findings, plans and actions: a plan with two actions, one green and one late, and their kin."""

from datetime import date, timedelta
from typing import Any

from lineofsight import clock
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.improvement.actions import findings, plans, progress, proof
from lineofsight.web.improvement.actions.owners import Named


def improved(director: Viewer) -> dict[str, Any]:
    """A plan, its actions, a proof called for, findings open and closed: by what each is."""
    today = clock.today()
    plan = plans.begin_plan(
        by=director,
        kind="inspection",
        title="What was asked of us",
        published_on=date(2026, 6, 1),
        published_by="Ofsted",
    )
    plans.add_step(by=director, plan=plan, what="agreed", body="The board", on=date(2026, 6, 12))
    closed = findings.raise_finding(
        by=director, source="audit", title="Visits not written down", words="Three of ten.", found_on=today
    )
    findings.close(by=director, finding=closed, words="Ten of ten are written down.")
    finding = findings.raise_finding(
        by=director, source="audit", title="Visits late", words="Four of ten visits came late.", found_on=today
    )
    owner = Named("Person action-owner", person="p-action-owner")
    late = plans.Told("See every child in time.", (owner,), "within 3 months", finding=finding)
    action = plans.add_action(by=director, plan=plan, told=late)
    kept = {"plan": plan, "closed-finding": closed, "finding": finding, "action": action}
    asked = proof.Asked("audit", today + timedelta(days=30), "Visits of October", sample=10)
    kept["proof"] = proof.ask_proof(by=director, action=action, asked=asked)
    other = plans.Told("Write every visit down.", (Named("Somebody else"),), "Immediate")
    kept["green"] = plans.add_action(by=director, plan=plan, told=other)
    progress.add_update(by=director, action=kept["green"], words="It is done.", as_at=today, said="on-track")
    progress.set_colour(by=director, action=kept["green"], colour="green", why="All were read again.")
    return kept
