"""What a person typed stands encrypted, is in no title, address or header, and is read as the words it is part of."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from django.apps import apps
from django.db import connection
from tests.web.improvement.conftest import PUBLISHED, TODAY
from tests.web.improvement.plan_tables import row, table

from lineofsight import clock
from lineofsight.web.access.chain import told as kept_of
from lineofsight.web.access.models import ChainEvent, Person
from lineofsight.web.evidence import resolvers
from lineofsight.web.evidence.actions import freeze
from lineofsight.web.improvement import marks
from lineofsight.web.improvement.actions import chasing, findings, loading, plans, progress, proof
from lineofsight.web.improvement.actions.clearing import Read, clear
from lineofsight.web.improvement.actions.owners import Named
from lineofsight.web.improvement.models import Action, Finding, Plan, PlanStep, ProofGiven, Recommendation
from lineofsight.web.improvement.queries.chasing import to_chase
from lineofsight.web.improvement.queries.clearing import to_clear
from lineofsight.web.improvement.queries.comparing import compare
from lineofsight.web.improvement.queries.late import late_ones
from lineofsight.web.improvement.queries.one_action import one_action
from lineofsight.web.improvement.queries.one_finding import finding as one_finding
from lineofsight.web.improvement.queries.plans import one_plan
from lineofsight.web.improvement.queries.plans import plans as all_plans
from lineofsight.web.improvement.queries.tables import table_of
from lineofsight.web.improvement.report import Told, document

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("people", "mid_november")]
NAME = "Quillfeather"
NAMELESS = ("lead-member", "partnership-manager", "scrutineer")


def about(what):
    return f"{what} {NAME}"


@pytest.fixture
def typed(director):
    """A name typed by the Director wherever this room has a box for words: by what it is of."""
    plan = plans.begin_plan(
        by=director, kind="inspection", title=about("Plan"), published_on=PUBLISHED, published_by=about("Body")
    )
    plans.add_step(by=director, plan=plan, what="reported", body=about("Board"), on=PUBLISHED, asked=about("Why"))
    finding = findings.raise_finding(
        by=director, source="audit", title=about("Title"), words=about("Found"), found_on=PUBLISHED
    )
    findings.recommend(by=director, finding=finding, words=about("Do"), made_by=about("By"), made_on=TODAY)
    owner = Named(about("Owner"), about("Post"))
    told = plans.Told(about("Action"), (owner,), about("before the visit to"), finding=finding)
    action = plans.add_action(by=director, plan=plan, told=told)
    asked = proof.ask_proof(by=director, action=action, asked=proof.Asked("document", TODAY, about("Show")))
    look = proof.Look(TODAY, False, about("Seen"), reference=about("Reference"))
    proof.give_proof(by=director, proof=asked, look=look)
    progress.add_update(by=director, action=action, words=about("Going"), as_at=TODAY, said="at-risk")
    progress.write_mitigation(by=director, action=action, words=about("Meanwhile"))
    progress.set_colour(by=director, action=action, colour="red", why=about("Because"))
    chasing.sent(by=director, owners=to_chase(director).owners[0].owners)
    new = loading.NewPlan(about("Loaded"), "improvement", PUBLISHED, about("Loader"))
    rows = [row(about("Row"), about("Owner of row"), deadline=about("when seen by"), progress=about("Told"))]
    loaded = _load(director, new, rows, "1").plan
    again = [row(about("Row"), about("Another"), deadline=about("once met by"), progress=about("Told again"))]
    _load(director, loaded, again, "2")
    for kind, one in (("plan", plan), ("action", action), ("finding", finding)):
        seen = resolvers.see(director, kind, str(one.pk))
        freeze(director, kind, str(one.pk), seen.label, seen.content)
    return {"plan": plan, "loaded": loaded, "finding": finding, "action": action, "proof": asked}


def _load(by, plan, rows, sha256, cleared=False):
    return loading.load_table(
        by=by,
        plan=plan,
        table=table(*rows),
        file_name=f"{about('File')}.docx",
        sha256=sha256,
        as_at=TODAY,
        cleared=cleared,
    )


def _dump(name):
    with connection.cursor() as cursor:
        cursor.execute(f"select * from {connection.ops.quote_name(name)}")
        return [str(value) for found in cursor.fetchall() for value in found]


def test_no_table_holds_a_typed_word_in_the_clear(typed):
    held = [one._meta.db_table for one in apps.get_app_config("improvement").get_models()]
    assert {"improvement_action", "improvement_plan", "improvement_chaser"} <= set(held)
    others = [name for name in connection.introspection.table_names() if name.startswith(("evidence_", "access_chain"))]
    for name in (*held, *others):
        assert not [value for value in _dump(name) if NAME.casefold() in value.casefold()], name


def test_no_event_names_a_typed_word(typed):
    events = ChainEvent.objects.filter(action__startswith="improvement.")
    assert events.count() > 12
    assert not [one for one in events if NAME in f"{one.subject} {one.action}" or NAME in _payload(one)]


def _payload(event):
    return repr(kept_of(event))


ADDRESSES = (
    "/findings/", "/findings/{finding}/", "/findings/{finding}/recommend/", "/findings/{finding}/theme/",
    "/actions/", "/actions/exceptions/", "/actions/mine/", "/actions/ask/", "/actions/clear/", "/actions/{action}/",
    "/actions/{action}/say/", "/actions/{action}/owners/", "/actions/{action}/deadline/", "/actions/{action}/finding/",
    "/actions/{action}/proof/", "/plans/", "/plans/{plan}/", "/plans/{loaded}/", "/plans/{plan}/load/",
    "/plans/{plan}/step/", "/plans/{plan}/actions/new/?finding={finding}", "/plans/{plan}/report/",
)  # fmt: skip


@pytest.mark.parametrize("office", ["dcs", *NAMELESS, "action-owner"])
def test_a_typed_word_is_in_no_title_no_header_and_no_address_and_on_no_page_of_who_may_not_read_it(
    client_as, typed, office
):
    client, keys, seen = client_as(office), {name: one.pk for name, one in typed.items()}, 0
    for address in ADDRESSES:
        answer = client.get(address.format(**keys))
        page = answer.content.decode()
        assert not [one for one in re.findall(r"<title>(.*?)</title>", page, re.S) if NAME in one], address
        assert NAME not in repr(answer.headers), address
        assert not [one for one in re.findall(r'(?:href|action|formaction)="([^"]*)"', page) if NAME in one], address
        seen += NAME in page
        assert office == "dcs" or NAME not in page, address
    assert (seen > 12) == (office == "dcs")


@pytest.mark.parametrize("office", NAMELESS)
def test_no_file_and_no_thing_of_the_thread_holds_what_its_office_may_not_read(client_as, viewer_as, typed, office):
    client, viewer = client_as(office), viewer_as(office)
    page = client_as("dcs").get(f"/plans/{typed['plan'].pk}/table.html").content.decode()
    assert "<title>Action plan</title>" in page and about("Plan") in page
    for form in ("docx", "xlsx", "html", "csv", "tsv"):
        answer = client.get(f"/plans/{typed['plan'].pk}/table.{form}")
        assert answer["Content-Disposition"] == f'attachment; filename="plan-table-2026-11-12.{form}"'
    for one in (typed["plan"], typed["loaded"]):
        assert NAME not in repr(table_of(viewer, one))
        told = Told("Scrutiny", TODAY, TODAY, "Progress", "Office", "To tell.")
        assert NAME not in repr(document(viewer, one.pk, told))
        assert NAME not in repr(late_ones(viewer, one_plan(viewer, one.pk).lines))
    recommended = Recommendation.objects.get()
    for kind in ("plan", "action", "finding"):
        key = str(typed[kind].pk)
        assert NAME not in repr(resolvers.resolve(viewer, kind, key)), kind
        assert NAME not in repr(resolvers.see(viewer, kind, key)), kind
    assert NAME not in repr(resolvers.resolve(viewer, "recommendation", str(recommended.pk)))


def test_who_is_to_be_asked_for_word_is_named_to_no_keeper_who_may_not_read_it(keeper, typed):
    assert to_chase(keeper).owners and NAME not in repr(to_chase(keeper))


def test_a_frozen_label_is_plain_whoever_saw_it(director, typed):
    labels = {kind: resolvers.see(director, kind, str(typed[kind].pk)).label for kind in ("plan", "action", "finding")}
    assert labels == {
        "plan": "An inspection plan of 28 July 2026",
        "action": "Action 1 of an inspection plan of 28 July 2026",
        "finding": "A finding of an audit, 28 July 2026",
    }


# --- the truth table: what is read with what ------------------------------------------------------------------


def _of_finding(viewer, typed):
    page = one_finding(viewer, typed["finding"].pk)
    return page.title == about("Title"), page.text.words == about("Found")


def _of_recommendation(viewer, typed):
    (one,) = one_finding(viewer, typed["finding"].pk).recommendations
    return one.made_by == about("By"), one.text.words == about("Do")


def _of_action(viewer, typed):
    page = one_action(viewer, typed["action"].pk)
    line = page.line
    return (
        page.text.words == about("Action"),
        line.responsible == f"{about('Owner')}, {about('Post')}",
        line.deadline_words == about("before the visit to"),
        NAME in line.deadline_question,
        [(one.name, one.post) for one in page.owners] == [(about("Owner"), about("Post"))],
    )


def _of_look(viewer, typed):
    (look,) = one_action(viewer, typed["action"].pk).proofs[0].looks
    return look.reference == about("Reference"), look.text.words == about("Seen")


def _of_plan(viewer, typed):
    page = one_plan(viewer, typed["plan"].pk)
    listed = next(one for one in all_plans(viewer) if one.plan == typed["plan"])
    return (page.title == about("Plan"), page.published_by == about("Body"), listed.title == about("Plan"))


def _of_step(viewer, typed):
    (step,) = one_plan(viewer, typed["plan"].pk).steps
    listed = next(one for one in all_plans(viewer) if one.plan == typed["plan"]).newest
    return step.body == about("Board"), step.asked == about("Why"), listed.body == about("Board")


KINDS = {
    "finding": (Finding, _of_finding),
    "recommendation": (Recommendation, _of_recommendation),
    "action": (Action, _of_action),
    "look": (ProofGiven, _of_look),
    "plan": (Plan, _of_plan),
    "asked": (PlanStep, _of_step),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("level", ["identified", "pseudonymised", "published"])
@pytest.mark.parametrize("cleared", [False, True])
@pytest.mark.parametrize("wrote", [False, True])
def test_every_line_is_read_with_the_words_it_is_part_of(director, typed, kind, level, cleared, wrote):
    model, read = KINDS[kind]
    if cleared:
        waiting = [Read(one.kind, one.key, one.mark) for one in to_clear(director).texts if one.kind == kind]
        assert clear(by=director, read=waiting) == len(waiting) > 0
    viewer = replace(director, level=level, person_key=director.person_key if wrote else "p-other")
    may = level == "identified" or cleared or wrote
    assert set(read(viewer, typed)) == {may}
    assert model.objects.exists()


@pytest.mark.parametrize(("level", "shown"), [("identified", True), ("pseudonymised", False), ("published", False)])
def test_the_name_of_a_file_is_shown_to_those_alone_who_see_children_by_name(director, typed, level, shown):
    page = one_plan(replace(director, level=level), typed["loaded"].pk)
    assert {bool(one.file_name) for one in page.loads} == {shown}


def test_an_owner_reads_what_they_are_asked_by_when_and_nothing_of_the_plan(owner, director, typed):
    action = typed["action"]
    action.owners.update(person=_person("p-action-owner"))
    page = one_action(owner, action.pk)
    assert page.line.words == about("Action") and page.line.deadline_words == about("before the visit to")
    assert page.plan_called == "An inspection plan of 28 July 2026"
    assert page.proofs[0].looks[0].reference == ""


def _person(key):
    return Person.objects.get(key=key)


# --- typed anew, quoted, loaded -------------------------------------------------------------------------------


@pytest.fixture
def cleared_action(make_action):
    return make_action(cleared_at=clock.now())


def _change(by, action, **what):
    return plans.change(by=by, action=action, mark=marks.of_action(action), why="It moved.", **what)


@pytest.mark.parametrize(
    ("what", "stays"),
    [
        ({"deadline": "31 January 2027"}, True),
        ({"deadline": "within 3 months"}, True),
        ({"deadline": f"when {NAME} is seen"}, False),
        ({"deadline": f"within 3 months ({NAME})"}, False),
        ({"owned_by": [Named(f"Uncle of {NAME}")]}, False),
        ({"owned_by": [Named("Person head-of-service", person="p-head-of-service")]}, True),
        ({"owned_by": [Named("Person head-of-service", NAME, person="p-head-of-service")]}, False),
        ({"owned_by": [Named("Person action-owner"), Named("Person dcs", person="p-dcs")]}, True),
        ({"owned_by": [Named("Person action-owner"), Named(NAME)]}, False),
    ],
)
def test_what_is_typed_anew_where_children_are_known_is_to_be_cleared_again(
    director, member, cleared_action, what, stays
):
    _change(director, cleared_action, **what)
    line = one_action(member, cleared_action.pk).line
    assert line.hidden is not stays
    assert NAME not in repr(one_action(member, cleared_action.pk))


def test_what_a_keeper_types_who_sees_no_child_by_name_needs_no_clearing(keeper, member, cleared_action):
    _change(keeper, cleared_action, owned_by=[Named("Cal Dane")])
    assert one_action(member, cleared_action.pk).line.responsible == "Cal Dane"


def test_a_keeper_who_owns_an_action_cannot_clear_its_words_by_changing_them(director, keeper, member, make_action):
    action = make_action(owned_by="partnership-manager", deadline_words=f"once {NAME} is seen")
    _change(keeper, action, deadline="31 January 2027")
    page = one_action(member, action.pk)
    assert page.line.hidden and NAME not in repr(page)
    assert NAME in repr(one_action(director, action.pk).history)


def test_a_keeper_compares_and_loads_without_reading_what_stood_there(director, keeper, member, typed):
    plan = typed["loaded"]
    next_rows = [row(about("Row"), "Cal Dane", deadline="within 6 months", progress="Begun.")]
    found = compare(keeper, plan, table(*next_rows))
    assert [one[0] for one in found.moved[0].changes][:2] == ["Deadline", "Person responsible"]
    assert [one[1] for one in found.moved[0].changes][:2] == ["not shown", "not shown"]
    _load(keeper, plan, next_rows, "3")
    for viewer in (keeper, member):
        assert about("once met by") not in repr(one_plan(viewer, plan.pk))
        assert about("Another") not in repr(one_action(viewer, Action.objects.get(plan=plan).pk))
    assert about("Another") in repr(one_action(director, Action.objects.get(plan=plan).pk).history)


def test_a_table_written_anew_by_a_keeper_clears_nothing_that_stays_from_before(director, keeper, member, typed):
    plan, action = typed["loaded"], Action.objects.get(plan=typed["loaded"])
    action.owners.update(post=about("Aunt of"))
    rows = [row("Hold it.", about("Another"), deadline="within 6 months", progress="Begun.")]
    loading.load_table(
        by=keeper, plan=plan, table=table(*rows), file_name="p", sha256="3", as_at=TODAY, same={0: action.number}
    )
    for viewer in (keeper, member):
        assert NAME not in repr(one_action(viewer, action.pk))


def test_a_table_that_is_fit_for_a_committee_clears_its_plan_too(director, member):
    new = loading.NewPlan("After the inspection", "inspection", PUBLISHED, "The inspectorate")
    load = _load(director, new, [row()], "1", cleared=True)
    page = one_plan(member, load.plan_id)
    assert (page.title, page.published_by) == ("After the inspection", "The inspectorate")
    assert Plan.objects.get().cleared_by_key == director.person_key
    plan = plans.begin_plan(by=director, kind="inspection", title="T", published_on=PUBLISHED, published_by="B")
    _load(director, plan, [row("Other")], "2")
    assert one_plan(member, plan.pk).title == "An inspection plan of 28 July 2026"
    _load(director, plan, [row("Other")], "3", cleared=True)
    assert one_plan(member, plan.pk).title == "T"


# --- which finding an action answers --------------------------------------------------------------------------


def test_an_action_is_said_to_answer_an_open_finding_or_none(client_as, director, make_action, make_finding):
    action, finding = make_action(), make_finding(title="Supervision is late")
    make_finding(title="Over", closed_on=TODAY)
    client, address = client_as("dcs"), f"/actions/{action.pk}/finding/"
    assert address in client.get(f"/actions/{action.pk}/").content.decode()
    page = client.get(address).content.decode()
    assert "Supervision is late" in page and "Over" not in page
    client.post(address, {"finding": str(finding.pk)})
    assert Action.objects.get().finding == finding
    assert "Supervision is late" in client.get(f"/actions/{action.pk}/").content.decode()
    for wrong in ("", "x", str(action.pk)):
        assert "There is a problem" in client.post(address, {"finding": wrong}).content.decode()
    client.post(address, {"finding": "none"})
    assert Action.objects.get().finding is None


def test_what_an_action_answers_is_called_by_its_plain_name_for_who_may_not_read_it(client_as, make_action, typed):
    page = client_as("partnership-manager").get(f"/actions/{make_action().pk}/finding/").content.decode()
    assert "A finding of an audit, 28 July 2026" in page and NAME not in page
    for office in ("lead-member", "head-of-service", "action-owner"):
        assert client_as(office).get(f"/actions/{typed['action'].pk}/finding/").status_code in (403, 404), office


def test_a_list_is_narrowed_to_an_owner_by_a_number_and_never_by_a_name(client_as, typed, make_action):
    page = client_as("dcs").get("/actions/").content.decode()
    number = re.search(rf'<option value="(\d+)">{about("Owner")}</option>', page)[1]
    make_action()
    found = client_as("dcs").get(f"/actions/?owner={number}").context["found"]
    assert [one.line.pk for one in found.rows] == [typed["action"].pk]
    assert client_as("lead-member").get(f"/actions/?owner={number}").context["found"].total == 0
    assert client_as("dcs").get(f"/actions/?owner={NAME}").status_code == 404


def test_a_deadline_that_is_a_day_is_shown_where_its_words_are_not(member, plan, make_action):
    make_action(deadline_words=about("by"), deadline_on=date(2027, 1, 28))
    (cell,) = table_of(member, plan).rows
    assert (cell.deadline, cell.responsible, cell.owners) == ("28 January 2027", "Not shown", ())
