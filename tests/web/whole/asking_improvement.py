"""What the room of findings, plans and actions asks for: each of its functions, and every permission it needs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, cast
from uuid import UUID

from lineofsight.web.access.permissions import Capability as C
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.improvement import permissions, report, report_proposed
from lineofsight.web.improvement.actions import chasing, clearing, findings, loading, plans, progress, proof
from lineofsight.web.improvement.queries import chasing as letters
from lineofsight.web.improvement.queries import clearing as waiting
from lineofsight.web.improvement.queries import (
    comparing,
    exceptions,
    files,
    late,
    mine,
    one_finding,
    owners,
    plan_page,
    reports,
    same_again,
    tables,
)
from lineofsight.web.improvement.queries import findings as found
from lineofsight.web.improvement.queries import plans as planned
from lineofsight.web.improvement.queries.actions import Asked, actions_list

# Stands for whatever is handed over.
IT = cast(Any, None)
DAY, KEY = date(2026, 10, 1), UUID(int=1)
TOLD = report.Told("c", DAY, DAY, "t", "l", "p")
SEE, KEEP, JUDGE, OWN = (C.SEE_IMPROVEMENT,), (C.KEEP_IMPROVEMENT,), (C.JUDGE_PROOF,), (C.UPDATE_ACTIONS,)
CLEAR = ("by name", C.SEE_CHILDREN)

ASKED_OF_IMPROVEMENT: dict[str, tuple[Callable[[Viewer], object], tuple[C | str, ...]]] = {
    "the findings": (found.findings, SEE),
    "the themes that rise": (found.themes_rising, SEE),
    "a finding": (lambda by: one_finding.finding(by, KEY), SEE),
    "a finding for a form": (lambda by: one_finding.get_finding(by, KEY), SEE),
    "the findings an action may answer": (lambda by: one_finding.findings_to_answer(by, IT), KEEP),
    "the recommendations an action may answer": (lambda by: one_finding.recommendations_to_answer(by, IT), KEEP),
    "what a finding may repeat": (lambda by: same_again.same_again(by, IT, {}), SEE),
    "the actions": (lambda by: actions_list(by, Asked()), SEE),
    "the actions in exception": (exceptions.exceptions, SEE),
    "my actions": (mine.mine, OWN),
    "who is to be asked for word": (letters.to_chase, KEEP),
    "who may be an owner": (owners.may_be_owners, KEEP),
    "the words that wait": (waiting.to_clear, CLEAR),
    "the words cleared last": (waiting.cleared_lately, CLEAR),
    "the plans": (planned.plans, SEE),
    "a plan": (lambda by: planned.one_plan(by, KEY), SEE),
    "a plan for a form": (lambda by: planned.get_plan(by, KEY), SEE),
    "a plan’s page": (lambda by: plan_page.plan_page(by, KEY), SEE),
    "what turned in a plan": (lambda by: planned.turned_since(by, IT, DAY), SEE),
    "a plan’s table": (lambda by: tables.table_of(by, IT), SEE),
    "a plan’s table as a file": (lambda by: files.table_file(by, KEY, "csv"), SEE),
    "what of a plan is late": (lambda by: late.late_ones(by, []), SEE),
    "a plan’s next table beside it": (lambda by: comparing.compare(by, IT, IT), KEEP),
    "a report": (lambda by: report.document(by, KEY, TOLD), SEE),
    "a report as a file": (lambda by: reports.report_file(by, KEY, "pdf", IT), SEE),
    "what a report proposes": (lambda by: report_proposed.proposed(by, KEY), SEE),
    "raise a finding": (
        lambda by: findings.raise_finding(by=by, source="audit", title="t", words="w", found_on=DAY),
        KEEP,
    ),
    "recommend": (lambda by: findings.recommend(by=by, finding=IT, words="w", made_by="b", made_on=DAY), KEEP),
    "confirm a theme": (lambda by: findings.confirm_theme(by=by, finding=IT, theme="visits"), KEEP),
    "close a finding": (lambda by: findings.close(by=by, finding=IT, words="w"), JUDGE),
    "open a finding again": (lambda by: findings.reopen(by=by, finding=IT, why="w"), JUDGE),
    "say that it is the same again": (lambda by: findings.say_it_repeats(by=by, finding=IT, earlier=IT), JUDGE),
    "say that it is not": (lambda by: findings.say_it_does_not(by=by, finding=IT, earlier=IT), JUDGE),
    "begin a plan": (
        lambda by: plans.begin_plan(by=by, kind="inspection", title="t", published_on=DAY, published_by="b"),
        KEEP,
    ),
    "say who agreed a plan": (lambda by: plans.add_step(by=by, plan=IT, what="agreed", body="b", on=DAY), KEEP),
    "close a plan": (lambda by: plans.close_plan(by=by, plan=IT), JUDGE),
    "add an action": (lambda by: plans.add_action(by=by, plan=IT, told=IT), KEEP),
    "change an action": (lambda by: plans.change(by=by, action=IT, mark="m"), KEEP),
    "say what an action should move": (
        lambda by: plans.set_measure(by=by, action=IT, measure="", baseline=None, baseline_on=None, target=None),
        KEEP,
    ),
    "say which finding an action answers": (lambda by: plans.answer(by=by, action=IT, finding=None), KEEP),
    "load a table": (
        lambda by: loading.load_table(by=by, plan=IT, table=IT, file_name="f", sha256="s", as_at=DAY),
        KEEP,
    ),
    "say that a letter was sent": (lambda by: chasing.sent(by=by, owners=[1]), KEEP),
    "clear words": (lambda by: clearing.clear(by=by, read=[]), CLEAR),
    "show words no longer": (lambda by: clearing.take_back(by=by, kind="action", key="k"), CLEAR),
    "set a colour": (lambda by: progress.set_colour(by=by, action=IT, colour="red", why="w"), JUDGE),
    "let the rule decide": (lambda by: progress.back_to_rule(by=by, action=IT), JUDGE),
    "open an action again": (lambda by: progress.reopen(by=by, action=IT, why="w"), JUDGE),
    "call for proof": (lambda by: proof.ask_proof(by=by, action=IT, asked=IT), KEEP),
    "call for proof no longer": (lambda by: proof.drop_proof(by=by, proof=IT, why="w"), JUDGE),
    "say what a look found": (lambda by: proof.give_proof(by=by, proof=IT, look=IT), JUDGE),
    "close an action": (lambda by: proof.close(by=by, action=IT), JUDGE),
    "owning an action": (permissions.check_own, OWN),
}
