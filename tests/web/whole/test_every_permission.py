"""Whoever may do everything but one thing is refused wherever that thing is asked for, by the rooms themselves.

A page asks before its room does; here nobody is asked but the room. What is handed over is of no account, for the
question comes first: a room that does not ask falls over it.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, cast
from uuid import UUID

import pytest
from tests.web.whole.asking_improvement import ASKED_OF_IMPROVEMENT

from lineofsight.web.access import permissions
from lineofsight.web.access.appointing import actions as appointing
from lineofsight.web.access.appointing import inviting
from lineofsight.web.access.appointing import queries as appointed
from lineofsight.web.access.desk import actions as desk
from lineofsight.web.access.desk import front, log, looks, subject_access
from lineofsight.web.access.identity import administering, password_links, person_page
from lineofsight.web.access.identity import permissions as identity
from lineofsight.web.access.known import may_look_back
from lineofsight.web.access.need import actions as need
from lineofsight.web.access.need import nights, reading, report
from lineofsight.web.access.permissions import Capability, Refused
from lineofsight.web.access.restricted import actions as restricted
from lineofsight.web.access.restricted import queries as restrictions
from lineofsight.web.access.retention import actions as retention
from lineofsight.web.access.retention import queries as retained
from lineofsight.web.access.viewer import Scope, Viewer
from lineofsight.web.commitments import permissions as commitments
from lineofsight.web.commitments import queries as committed
from lineofsight.web.data.actions import changes as changing
from lineofsight.web.data.actions import loads as loading
from lineofsight.web.data.permissions import may_change, may_load, may_read_issues
from lineofsight.web.data.queries import changes, fed, issues, loads, roles, sent, side_tables, teams
from lineofsight.web.data.queries import load as one_load
from lineofsight.web.data.queries import policy as rules
from lineofsight.web.improvement import permissions as improving
from lineofsight.web.practice import permissions as owing
from lineofsight.web.practice import queries as practice
from lineofsight.web.practice.actions import alerts as alerting
from lineofsight.web.practice.actions import marks, safeguards
from lineofsight.web.practice.queries import (
    alerts,
    drawing,
    due_soon,
    easily_lost,
    episodes,
    finding,
    known,
    late,
    letter_draft,
    one_exception,
    waiting,
)
from lineofsight.web.practice.ten import actions as ten
from lineofsight.web.practice.ten import fairness
from lineofsight.web.practice.ten import permissions as rights
from lineofsight.web.practice.ten import queries as tens
from lineofsight.web.reports import packs
from lineofsight.web.reports import queries as reported

EVERYTHING = Viewer(
    person_key="p-everything",
    person_name="Everything",
    office="dcs",
    office_title="Director of children’s services",
    scope=Scope("authority"),
    capabilities=frozenset(Capability),
    level="identified",
    audience="identified",
    sees_restricted=True,
)
NAMED = "by name"
C = Capability
# Stands for whatever is handed over.
IT = cast(Any, None)
DAY, KEY = date(2026, 10, 1), UUID(int=1)

ASKS: dict[str, tuple[Callable[[Viewer], object], tuple[Capability | str, ...]]] = {
    "add a person": (
        lambda by: appointing.add_person(by=by, key="k", name="N", email="n@n.example"),
        (C.MANAGE_ACCESS,),
    ),
    "give an office": (lambda by: appointing.give_office(by=by, person=IT, slug="dcs"), (C.MANAGE_ACCESS,)),
    "invite": (lambda by: inviting.invite(by=by, name="N", email="n@n.example", offer=IT), (C.MANAGE_ACCESS,)),
    "take an invitation back": (lambda by: inviting.take_back(by=by, key=KEY), (C.MANAGE_ACCESS,)),
    "the offices": (appointed.offices_page, (C.MANAGE_ACCESS,)),
    "the offices to give": (appointed.offices_to_give, (C.MANAGE_ACCESS,)),
    "an office to give": (lambda by: appointed.office_to_give(by, "dcs"), (C.MANAGE_ACCESS,)),
    "the people to give one to": (appointed.people_to_give, (C.MANAGE_ACCESS,)),
    "what an office reaches": (lambda by: appointed.reach_of(by, IT), (C.MANAGE_ACCESS,)),
    "an office to end": (lambda by: appointed.holding_to_end(by, 0), (C.MANAGE_ACCESS,)),
    "what somebody holds": (lambda by: appointed.holdings_of(by, IT), (C.MANAGE_ACCESS,)),
    "the invitations": (appointed.invitations, (C.MANAGE_ACCESS,)),
    "end somebody’s sessions": (lambda by: administering.end_sessions(by=by, person=IT), (C.MANAGE_ACCESS,)),
    "take a factor away": (
        lambda by: administering.take_factor_away(by=by, person=IT, factor=IT, reason="", proof="", shown=""),
        (C.MANAGE_ACCESS,),
    ),
    "somebody’s way in": (lambda by: password_links.make(by=by, person=IT), (C.MANAGE_ACCESS,)),
    "a way in taken back": (lambda by: password_links.take_back(by=by, person=IT), (C.MANAGE_ACCESS,)),
    "somebody to look after": (lambda by: person_page.person_to_look_after(by, "key"), (C.MANAGE_ACCESS,)),
    "somebody’s page": (lambda by: person_page.page_of(by, IT), (C.MANAGE_ACCESS,)),
    "looking after somebody": (lambda by: identity.check_look_after(by, IT), (C.MANAGE_ACCESS,)),
    "look into a pattern": (lambda by: desk.look_into("s", "a", "w", "words", by=by), (C.SEE_LOG,)),
    "the desk": (front.front, (C.SEE_LOG,)),
    "a pattern": (lambda by: front.section(by, "s"), (C.SEE_LOG,)),
    "one seen of a pattern": (lambda by: front.one(by, "s", "a", "w"), (C.SEE_LOG,)),
    "what was looked into": (front.looked_into, (C.SEE_LOG,)),
    "the log": (lambda by: log.page(by, IT), (C.SEE_LOG,)),
    "the log as a file": (lambda by: log.taken(by, IT), (C.SEE_LOG,)),
    "who opened a child": (lambda by: looks.by_child(by, "ref"), (C.SEE_LOG,)),
    "what people opened": (lambda by: looks.people(by, IT), (C.SEE_LOG,)),
    "the reasons given": (lambda by: looks.reasons(by, IT), (C.SEE_LOG,)),
    "a subject access": (lambda by: subject_access.export("r", "who", "P1", by=by), (C.EXPORT_SUBJECT,)),
    "the subject accesses": (subject_access.past, (C.EXPORT_SUBJECT,)),
    "a need": (need.check_need, (NAMED, C.SEE_CHILDREN, C.OPEN_OUTSIDE_SCOPE)),
    "review a need": (lambda by: need.review_need(IT, by=by, outcome="o", words="w"), (C.SEE_LOG,)),
    "the months of needs": (report.months, (C.SEE_LOG,)),
    "a month of needs": (lambda by: report.report(by, DAY), (C.SEE_LOG,)),
    "reading files": (reading.check_reads_files, (NAMED, C.SEE_CHILDREN, C.READ_FILES)),
    "keep a draw": (
        lambda by: reading.draw_night(by=by, drawn_from="on-plan", snapshot="s", child_keys=["k"]),
        (NAMED, C.READ_FILES),
    ),
    "the nights": (nights.nights, (NAMED, C.READ_FILES)),
    "a night": (lambda by: nights.night(by, str(KEY)), (NAMED, C.READ_FILES)),
    "a night’s row": (lambda by: nights.night_row(by, str(KEY)), (NAMED, C.READ_FILES)),
    "draw files": (lambda by: drawing.draw(by, "on-plan", 5), (NAMED, C.READ_FILES)),
    "the files drawn": (lambda by: drawing.listed(by, IT), (NAMED, C.READ_FILES)),
    "restricting": (restricted.check_restrict, (NAMED, C.SEE_CHILDREN, C.RESTRICT_RECORDS)),
    "restrict": (
        lambda by: restricted.restrict(by=by, child_key="k", kind="adoption", reason="Because.", people=[]),
        (NAMED, C.RESTRICT_RECORDS),
    ),
    "lift": (lambda by: restricted.lift(by=by, child_key="k", kind="adoption"), (NAMED, C.RESTRICT_RECORDS)),
    "name somebody": (
        lambda by: restricted.name_person(by=by, child_key="k", person=IT),
        (NAMED, C.RESTRICT_RECORDS),
    ),
    "name somebody no more": (
        lambda by: restricted.unname(by=by, child_key="k", person=IT),
        (NAMED, C.RESTRICT_RECORDS),
    ),
    "the restrictions of a child": (lambda by: restrictions.restrictions_of(by, "k"), (C.RESTRICT_RECORDS,)),
    "hold records": (lambda by: retention.place_hold(by=by, reference="r", reason="r"), (C.HOLD_RECORDS,)),
    "lift a hold": (lambda by: retention.lift_hold(by=by, hold=IT), (C.HOLD_RECORDS,)),
    "what is kept how long": (retained.retention_page, (C.SEE_LOG,)),
    "a hold to lift": (lambda by: retained.hold_to_lift(by, KEY), (C.HOLD_RECORDS,)),
    "what a hold keeps": (lambda by: retained.kept_by(by, IT), (C.HOLD_RECORDS,)),
    "prepare": (lambda by: commitments.check_prepare(by, "dcs"), (C.KEEP_COMMITMENTS,)),
    "sign": (lambda by: commitments.check_sign(by, "dcs"), (C.SIGN_RECORD,)),
    "sign a pack": (lambda by: commitments.check_sign(by, "dcs", "pack"), (C.SIGN_PACK,)),
    "a month of commitments": (committed.month_of, (C.KEEP_COMMITMENTS,)),
    "what commitments cover": (committed.coverage, (C.SEE_RECORDS,)),
    "a commitment’s history": (lambda by: committed.history(by, IT), (C.SEE_RECORDS,)),
    "the records": (committed.records, (C.SEE_RECORDS,)),
    "what was loaded": (loads.front, (C.SEE_DATA,)),
    "the role words": (roles.listed, (C.SEE_DATA,)),
    "a role word": (lambda by: roles.word(by, "w"), (C.SEE_DATA,)),
    "the rules in force": (rules.listed, (C.SEE_DATA,)),
    "a rule in force": (lambda by: rules.one(by, "cp.visit"), (C.SEE_DATA,)),
    "teams and workers": (teams.page, (C.SEE_DATA,)),
    "what a team is called": (lambda by: teams.called(by, "team", "T1"), (C.SEE_DATA,)),
    "every team": (lambda by: teams.known(by, "team"), (C.SEE_DATA,)),
    "a change of the rules": (lambda by: changes.shown(by, KEY), (C.SEE_DATA,)),
    "the changes kept": (lambda by: changes.kept(by, "word"), (C.SEE_DATA,)),
    "ask for a change": (lambda by: changing.ask(by=by, what="word", told={}), (C.LOAD_DATA,)),
    "keep a change": (lambda by: changing.save(by=by, key=KEY), (C.LOAD_DATA,)),
    "let a change go": (lambda by: changing.drop(by=by, key=KEY), (C.LOAD_DATA,)),
    "the last loads": (loads.today, (C.SEE_DATA,)),
    "a load": (lambda by: one_load.load_page(by, "s", {}), (C.SEE_DATA,)),
    "a load that was removed": (lambda by: one_load.removed(by, "s"), (C.SEE_DATA,)),
    "a load to withdraw": (lambda by: one_load.standing(by, "s"), (C.SEE_DATA,)),
    "what stands on a load": (lambda by: fed.fed(by, "s"), (C.SEE_DATA,)),
    "how far a load is": (lambda by: sent.progress(by, KEY), (C.SEE_DATA,)),
    "the issues of a load as a file": (
        lambda by: issues.take_issues(by, IT, IT, {}, "csv"),
        (NAMED, C.LOAD_DATA, C.SEE_CHILDREN),
    ),
    "the side tables": (side_tables.listed, (C.SEE_DATA,)),
    "a file of a side table": (lambda by: side_tables.file_of(by, "side_oversight", "csv"), (C.SEE_DATA,)),
    "send files": (lambda by: loading.send(by=by, sending="s", files=[], as_at=None), (NAMED, C.LOAD_DATA)),
    "say yes to a load": (lambda by: loading.say_yes(by=by, snapshot="s", why="w"), (NAMED, C.LOAD_DATA)),
    "say no to a load": (lambda by: loading.say_no(by=by, snapshot="s", why="w"), (NAMED, C.LOAD_DATA)),
    "withdraw a load": (lambda by: loading.withdraw(by=by, snapshot="s", why="w"), (NAMED, C.LOAD_DATA)),
    "late recording": (late.late_page, (C.SEE_DATA,)),
    "the children recorded late": (late.late_children, (NAMED, C.SEE_DATA, C.SEE_CHILDREN)),
    "the extracts that are held": (known.timeline, (C.SEE_MEASURES,)),
    "a child over the extracts": (
        lambda by: known.child_known(by, "ref"),
        (NAMED, C.SEE_MEASURES, C.SEE_CHILDREN),
    ),
    "the real changes": (practice.real_changes, (C.SEE_MEASURES,)),
    "a child": (lambda by: practice.get_child(by, "ref"), (NAMED, C.SEE_CHILDREN)),
    "the children easily lost": (easily_lost.easily_lost, (NAMED, C.SEE_CHILDREN)),
    "find a child": (lambda by: finding.find(by, IT), (NAMED, C.SEE_CHILDREN)),
    "a child to open for a need": (lambda by: finding.needed(by, "ref"), (NAMED, C.OPEN_OUTSIDE_SCOPE)),
    "the exceptions": (practice.exceptions, (NAMED, C.SEE_CHILDREN, C.SEE_EXCEPTIONS)),
    "the measures": (practice.measures_list, (C.SEE_MEASURES,)),
    "a measure": (lambda by: practice.measure_page(by, "CP01"), (C.SEE_MEASURES,)),
    "the rows of a measure": (
        lambda by: practice.rows_behind(by, "CP01"),
        (NAMED, C.SEE_CHILDREN, C.SEE_MEASURES),
    ),
    "the number of the unallocated": (waiting.urgent, (C.SEE_MEASURES,)),
    "the unallocated": (waiting.unallocated, (NAMED, C.SEE_CHILDREN, C.SEE_EXCEPTIONS)),
    "what falls due soon": (lambda by: due_soon.due_soon(by, IT), (NAMED, C.SEE_CHILDREN, C.SEE_EXCEPTIONS)),
    "one thing owed": (
        lambda by: one_exception.one_exception(by, "k"),
        (NAMED, C.SEE_CHILDREN, C.SEE_EXCEPTIONS),
    ),
    "a child who waits": (lambda by: episodes.wait(by, "k"), (NAMED, C.SEE_CHILDREN, C.SEE_EXCEPTIONS)),
    "say that it was done": (
        lambda by: marks.mark_done(by=by, key="k", done_on=DAY, reference="r"),
        (NAMED, C.SEE_CHILDREN, C.SEE_EXCEPTIONS, C.MARK_DONE),
    ),
    "explain it": (
        lambda by: marks.explain(by=by, key="k", until=DAY, words="w"),
        (NAMED, C.SEE_CHILDREN, C.SEE_EXCEPTIONS, C.EXPLAIN_OWED),
    ),
    "take back what was said": (
        lambda by: marks.take_back(by=by, key="k", mark=1),
        (NAMED, C.SEE_CHILDREN, C.SEE_EXCEPTIONS),
    ),
    "record a safeguard": (
        lambda by: safeguards.record_safeguard(by=by, key="k", safeguard="family-told", told=IT),
        (NAMED, C.SEE_CHILDREN, C.SEE_EXCEPTIONS, C.RECORD_SAFEGUARD),
    ),
    "take a safeguard back": (
        lambda by: safeguards.take_back(by=by, key="k", done=1),
        (NAMED, C.SEE_CHILDREN, C.SEE_EXCEPTIONS, C.RECORD_SAFEGUARD),
    ),
    "draft a letter": (
        lambda by: letter_draft.draft(by, "k", "family", IT),
        (NAMED, C.SEE_CHILDREN, C.SEE_EXCEPTIONS, C.RECORD_SAFEGUARD),
    ),
    "the rule of the alert": (alerts.systemic, (NAMED, C.SEE_AUTHORITY_VALUES, C.ALERT_PARTNERSHIP)),
    "the alert": (alerts.alert_page, (NAMED, C.SEE_AUTHORITY_VALUES, C.ALERT_PARTNERSHIP)),
    "write the alert": (
        lambda by: alerting.save_draft(by=by, text="A text."),
        (NAMED, C.SEE_AUTHORITY_VALUES, C.ALERT_PARTNERSHIP),
    ),
    "say that the alert was sent": (
        lambda by: alerting.mark_sent(by=by, sent_on=DAY, recipients="r", reference="r"),
        (NAMED, C.SEE_AUTHORITY_VALUES, C.ALERT_PARTNERSHIP),
    ),
    "the ten": (tens.the_ten, (NAMED, C.SEE_CHILDREN, C.SEE_TEN)),
    "the ten in counts": (tens.home, (NAMED, C.SEE_CHILDREN, C.SEE_TEN)),
    "a child of the ten": (lambda by: tens.of_child(by, "ref"), (NAMED, C.SEE_CHILDREN, C.SEE_TEN)),
    "who gets listed": (lambda by: fairness.who_is_listed(by, "age"), (NAMED, C.SEE_CHILDREN, C.SEE_TEN)),
    "the texts of the ten": (tens.released, (C.SEE_RELEASED_TEXT,)),
    "freeze the ten": (lambda by: ten.freeze(by=by), (NAMED, C.SEE_TEN, C.CHANGE_TEN)),
    "add to the ten": (lambda by: ten.add(by=by, child_key="k", why="w"), (NAMED, C.SEE_TEN, C.CHANGE_TEN)),
    "take off the ten": (lambda by: ten.remove(by=by, child_key="k", why="w"), (NAMED, C.SEE_TEN, C.CHANGE_TEN)),
    "write a note of the ten": (
        lambda by: ten.write_note(by=by, child_key="k", words="w"),
        (NAMED, C.SEE_TEN, C.CHANGE_TEN),
    ),
    "release a text of the ten": (
        lambda by: ten.release(by=by, child_key="k", text="t", read_again=True),
        (NAMED, C.SEE_TEN, C.RELEASE_TEXT),
    ),
    "take a text of the ten back": (
        lambda by: ten.take_back(by=by, child_key="k", key=1),
        (NAMED, C.SEE_TEN, C.RELEASE_TEXT),
    ),
    "release a text": (lambda by: packs.release("lead-member", DAY, "A text.", by=by), (C.RELEASE_TEXT,)),
    "take a text back": (lambda by: packs.take_back(IT, by=by), (C.RELEASE_TEXT,)),
    "make a pack": (lambda by: packs.make("dcs", DAY, by), (C.PREPARE_PACK,)),
    "the texts released": (reported.released, (C.SEE_RELEASED_TEXT,)),
    **ASKED_OF_IMPROVEMENT,
}
CASES = [
    pytest.param(call, lacking, id=f"{name}, without {lacking}")
    for name, (call, needs) in ASKS.items()
    for lacking in needs
]


@pytest.mark.parametrize(("call", "lacking"), CASES)
def test_without_one_permission_the_room_itself_refuses(db, home, call, lacking) -> None:
    viewer = (
        replace(EVERYTHING, level="pseudonymised")
        if lacking == NAMED
        else replace(EVERYTHING, capabilities=EVERYTHING.capabilities - {lacking})
    )
    with pytest.raises(Refused):
        call(viewer)


TWINS = {
    "see children": permissions.may_see_children,
    "open for a need": need.may_need,
    "restrict": restricted.may_restrict,
    "change the rules": may_change,
    "load": may_load,
    "read issues": may_read_issues,
    "see who was recorded late": late.may_late_children,
    "look back": may_look_back,
    "say that it was done": owing.may_mark_done,
    "explain it": owing.may_explain,
    "record a safeguard": owing.may_record_safeguard,
    "alert the partnership": owing.may_alert,
    "see the ten": rights.may_see_ten,
    "change the ten": rights.may_change_ten,
    "release of the ten": rights.may_release,
    "prepare": lambda by: commitments.may_prepare(by, "dcs"),
    "see findings and plans": improving.may_see,
    "keep findings and plans": improving.may_keep,
    "judge proof": improving.may_judge,
    "own an action": improving.may_own,
    "clear words": improving.may_clear,
}


@pytest.mark.parametrize("may", TWINS.values(), ids=TWINS)
def test_the_twin_of_a_check_says_yes_to_one_and_no_to_the_other(db, home, may) -> None:
    assert may(EVERYTHING) is True
    assert may(replace(EVERYTHING, capabilities=frozenset())) is False
