"""The inspection's plan, what was found and what was done about it: half a year, by the product's own actions."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time, timedelta
from functools import partial
from importlib import resources
from typing import Any

from lineofsight import clock
from lineofsight.demonstration.acts import Act, moment, working_days_ago
from lineofsight.demonstration.people import NAMES, holder
from lineofsight.plans.owners import owners as read_owners
from lineofsight.plans.rag import read_rag
from lineofsight.plans.table import Place, PlanRow, PlanTable
from lineofsight.web.access.models import Person
from lineofsight.web.improvement import marks
from lineofsight.web.improvement.actions import findings, loading, plans, progress, proof
from lineofsight.web.improvement.actions.owners import Named
from lineofsight.web.improvement.models import Action, Finding, Plan

HEADINGS = ("Action", "Person responsible", "Inspection deadline", "Progress update", "RAG")
KEEPER, JUDGE = "qa-manager", "qa-manager"


def acts() -> list[Act]:
    """Everything that happened to the plan and the findings, each on its day."""
    said = tomllib.loads(resources.files(__package__).joinpath("improvement.toml").read_text("utf-8"))
    plan = said["plan"]
    # counted from today, not from the day of the act that tells them
    days = {name: working_days_ago(plan[name]) for name in ("published", "agreed")}
    found = [
        _act(plan["first_table"], 10, partial(_first, said, days)),
        _act(plan["second_table"], 10, partial(_second, said)),
    ]
    found += [_act(one["before"], 16, partial(_reported, plan, one)) for one in plan["reported"]]
    for number, one in enumerate(said["finding"]):
        found.append(_act(one["days"], 11, partial(_found, said, number)))
        if "closed" in one:
            found.append(_act(one["closed"], 15, partial(_closed, one)))
    for one in said["proof"]:
        found.append(_act(one["asked"], 12, partial(_asked, plan, one)))
        found += [_act(look["days"], 14, partial(_looked, plan, one, look)) for look in one["looked"]]
        if "closes" in one:
            found.append(_act(one["closes"], 15, partial(_proved, plan, one)))
    found += [_act(one["days"], 9, partial(_word, plan, one)) for one in said["word"]]
    found += [_act(one["days"], 13, partial(_mitigated, plan, one)) for one in said["mitigation"]]
    return [*found, _act(1, 9, lambda: progress.rate_all(on=clock.today()))]


def _act(days: int, hour: int, do: Any) -> Act:
    return Act(moment(working_days_ago(days), time(hour, 20)), do)


def _first(said: Mapping[str, Any], days: Mapping[str, date]) -> None:
    """The plan's first table is loaded: who agreed it, who its owners are here, and which findings it answers."""
    by, told = holder(KEEPER), said["plan"]
    new = loading.NewPlan(told["title"], told["kind"], days["published"], told["published_by"])
    _load(said, "first", new)
    plan = _plan(told)
    plans.add_step(by=by, plan=plan, what="agreed", body=told["agreed_by"], on=days["agreed"])
    for number, one in enumerate(said["action"], start=1):
        action = _action(told, number)
        plans.change(by=by, action=action, mark=marks.of_action(action), owned_by=_owned(one["owners"]))
        if "measure" in one:
            plans.set_measure(
                by=by, action=action, measure=one["measure"], baseline=None, baseline_on=None, target=one["target"]
            )
    for one in said["finding"]:
        for place in one.get("actions", ()):
            plans.answer(by=by, action=_action(told, place), finding=_finding(one["title"]))


def _second(said: Mapping[str, Any]) -> None:
    _load(said, "second", _plan(said["plan"]))


def _load(said: Mapping[str, Any], which: str, plan: Plan | loading.NewPlan) -> None:
    """One table of the plan, as the committee saw it that day."""
    as_at = clock.today()
    rows = [_row(one, which, number) for number, one in enumerate(said["action"], start=1)]
    heading = f"Progress update as at {as_at.day} {as_at:%B %Y}"
    table = PlanTable(tuple(rows), (), (*HEADINGS[:3], heading, HEADINGS[4]), as_at)
    seal = hashlib.sha256(f"{which} {as_at}".encode()).hexdigest()
    loading.load_table(
        by=holder(KEEPER),
        plan=plan,
        table=table,
        file_name=f"Inspection action plan {as_at:%B %Y}.docx",
        sha256=seal,
        as_at=as_at,
        cleared=True,
    )


def _row(one: Mapping[str, Any], which: str, number: int) -> PlanRow:
    rag, words = one[which]
    responsible = " / ".join(NAMES.get(owner, owner) or owner for owner in one["owners"])
    return PlanRow(
        action=one["words"],
        responsible=responsible,
        owners=read_owners(responsible),
        deadline=one["deadline"],
        progress=words,
        rag=read_rag(rag, "", "").rag,
        rag_written=rag,
        place=Place("", "", number),
    )


def _owned(told: list[str]) -> list[Named]:
    known = set(Person.objects.filter(key__in=told).values_list("key", flat=True))
    owners = []
    for one in told:
        if one in known:
            owners.append(Named(NAMES[one], person=one))
        else:
            (read,) = read_owners(one)
            owners.append(Named(read.name, read.post))
    return owners


def _reported(plan: Mapping[str, Any], one: Mapping[str, Any]) -> None:
    which = _plan(plan)
    plans.add_step(by=holder(KEEPER), plan=which, what="reported", body=one["to"], on=clock.today(), asked=one["asked"])


def _found(said: Mapping[str, Any], number: int) -> None:
    """A finding is written down, with what it is about, and which earlier one it is again."""
    one, by = said["finding"][number], holder(KEEPER)
    made = findings.raise_finding(
        by=by, source=one["source"], title=one["title"], words=one["words"], found_on=clock.today()
    )
    if one["theme"]:
        findings.confirm_theme(by=by, finding=made, theme=one["theme"])
    if "repeats" in one:
        earlier = _finding(said["finding"][one["repeats"] - 1]["title"])
        findings.say_it_repeats(by=holder(JUDGE), finding=made, earlier=earlier)


def _closed(one: Mapping[str, Any]) -> None:
    findings.close(by=holder(JUDGE), finding=_finding(one["title"]), words=one["closed_words"])


def _asked(plan: Mapping[str, Any], one: Mapping[str, Any]) -> None:
    told = proof.Asked(
        kind=one["kind"],
        wanted_by=clock.today() + timedelta(days=90),
        words=one["words"],
        measure=one.get("measure", ""),
        target=one.get("target"),
        sample=one.get("sample"),
    )
    proof.ask_proof(by=holder(KEEPER), action=_action(plan, one["action"]), asked=told)


def _looked(plan: Mapping[str, Any], one: Mapping[str, Any], look: Mapping[str, Any]) -> None:
    asked = _action(plan, one["action"]).proofs.get(kind=one["kind"])
    told = proof.Look(looked_on=clock.today(), held=look["held"], words=look["words"])
    if one["kind"] == "document":
        told = replace(told, reference="Quality assurance folder, minutes log")
    else:
        told = replace(told, looked_at=look["of"])
    proof.give_proof(by=holder(JUDGE), proof=asked, look=told)


def _proved(plan: Mapping[str, Any], one: Mapping[str, Any]) -> None:
    proof.close(by=holder(JUDGE), action=_action(plan, one["action"]))


def _word(plan: Mapping[str, Any], one: Mapping[str, Any]) -> None:
    action = _action(plan, one["action"])
    progress.add_update(
        by=holder(one["office"]), action=action, words=one["words"], as_at=clock.today(), said=one["said"]
    )


def _mitigated(plan: Mapping[str, Any], one: Mapping[str, Any]) -> None:
    progress.write_mitigation(by=holder(one["office"]), action=_action(plan, one["action"]), words=one["words"])


def _action(plan: Mapping[str, Any], number: int) -> Action:
    action: Action = Action.objects.get(plan=_plan(plan), number=number)
    return action


def _plan(told: Mapping[str, Any]) -> Plan:
    """The plan of that title. Titles are encrypted, so each is opened."""
    return next(one for one in Plan.objects.all() if one.title == told["title"])


def _finding(title: str) -> Finding:
    return next(one for one in Finding.objects.all() if one.title == title)
