"""Who may change a finding, and who reads which words of it."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from uuid import uuid4

import pytest
from tests.web.improvement.conftest import TODAY
from tests.web.improvement.findings.conftest import AGAIN, LATE, NAME

from lineofsight import clock
from lineofsight.web.access.permissions import Capability, Refused
from lineofsight.web.evidence import resolvers
from lineofsight.web.improvement.actions import findings as actions
from lineofsight.web.improvement.actions.clearing import clear
from lineofsight.web.improvement.models import Finding
from lineofsight.web.improvement.permissions import NOT_CLEARED
from lineofsight.web.improvement.queries import findings as queries
from lineofsight.web.improvement.queries import same_again
from lineofsight.web.improvement.queries.one_finding import finding

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("people", "mid_november")]

SEE, KEEP, JUDGE = Capability.SEE_IMPROVEMENT, Capability.KEEP_IMPROVEMENT, Capability.JUDGE_PROOF


def holding(viewer, *capabilities):
    return replace(viewer, capabilities=frozenset(capabilities))


DONE_BY = {
    "raise": (KEEP, lambda by, first, later: actions.raise_finding(
        by=by, source="audit", title="T", words="W", found_on=TODAY)),
    "recommend": (KEEP, lambda by, first, later: actions.recommend(
        by=by, finding=later, words="W", made_by="B", made_on=TODAY)),
    "theme": (KEEP, lambda by, first, later: actions.confirm_theme(by=by, finding=later, theme="visits")),
    "close": (JUDGE, lambda by, first, later: actions.close(by=by, finding=later, words="W")),
    "reopen": (JUDGE, lambda by, first, later: actions.reopen(by=by, finding=first, why="W")),
    "repeats": (JUDGE, lambda by, first, later: actions.say_it_repeats(by=by, finding=later, earlier=first)),
    "does not": (JUDGE, lambda by, first, later: actions.say_it_does_not(by=by, finding=later, earlier=first)),
}  # fmt: skip


@pytest.mark.parametrize("what", sorted(DONE_BY))
def test_each_change_needs_its_own_permission_and_no_other(director, repeated, what):
    needed, change = DONE_BY[what]
    others = set(Capability) - {needed}
    with pytest.raises(Refused) as refused:
        change(holding(director, *others), *repeated)
    assert refused.value.capability == needed
    change(holding(director, needed), *repeated)


OFFICES = """dcs psw qa-manager dcs-delegate partnership-manager lead-member head-of-service scrutineer action-owner
scrutiny administrator"""


@pytest.mark.parametrize("office", OFFICES.split())
def test_an_office_may_change_and_see_what_its_permissions_say(viewer_as, repeated, office):
    viewer = viewer_as(office)
    for needed, change in DONE_BY.values():
        if needed not in viewer.capabilities:
            with pytest.raises(Refused):
                change(viewer, *repeated)
    _, later = repeated
    if SEE in viewer.capabilities:
        page = finding(viewer, later.pk)
        assert page.may_close == (JUDGE in viewer.capabilities)
        assert (page.may_keep, page.may_judge) == (KEEP in viewer.capabilities, JUDGE in viewer.capabilities)
    else:
        for read in (
            lambda: finding(viewer, later.pk),
            lambda: finding(viewer, uuid4()),
            lambda: queries.findings(viewer),
            lambda: queries.themes_rising(viewer),
            lambda: same_again.same_again(viewer, later, {}),
            lambda: resolvers.see(viewer, "finding", str(later.pk)),
        ):
            with pytest.raises(Refused):
                read()
        assert resolvers.resolve(viewer, "finding", str(later.pk)) is None


@pytest.mark.parametrize(("identified", "writer_identified", "cleared"), list(product((True, False), repeat=3)))
def test_words_are_read_by_who_sees_children_by_name_or_once_they_are_cleared(
    director, keeper, member, raised, identified, writer_identified, cleared
):
    one = raised(by=director if writer_identified else keeper, words=AGAIN)
    if cleared:
        Finding.objects.filter(pk=one.pk).update(cleared_at=clock.now())
    text = finding(director if identified else member, one.pk).text
    if identified or not writer_identified or cleared:
        assert (text.words, text.hidden) == (AGAIN, False)
    else:
        assert (text.words, text.hidden) == (NOT_CLEARED, True)


def test_who_wrote_words_reads_them_though_nobody_cleared_them(keeper, raised):
    one = raised(by=replace(keeper, level="identified"))
    assert finding(keeper, one.pk).text.words == LATE


def test_words_that_nobody_cleared_are_offered_for_clearing_to_who_may(director, member, keeper, raised):
    one = raised(words=AGAIN)
    actions.recommend(by=director, finding=one, words="Hold it.", made_by="The board", made_on=TODAY)
    actions.recommend(by=keeper, finding=one, words="Hold it often.", made_by="The board", made_on=TODAY)
    actions.close(by=director, finding=one, words="It is held.")
    for viewer in (member, keeper):
        assert finding(viewer, one.pk).to_clear == ()
    waiting = finding(director, one.pk).to_clear
    assert [each.kind for each in waiting] == ["finding", "recommendation", "turn"]
    assert clear(by=director, read=waiting) == 3
    assert finding(director, one.pk).to_clear == []
    assert finding(member, one.pk).text.words == AGAIN


def test_nothing_of_uncleared_words_leaves_to_who_sees_no_child_by_name(
    director, keeper, member, repeated, raised, make_action
):
    first, later = repeated
    make_action(finding=later, words=f"Go and see {NAME}.")
    actions.recommend(by=director, finding=later, words=f"For {NAME}.", made_by="The board", made_on=TODAY)
    actions.close(by=director, finding=raised(title="Other", words=AGAIN), words=f"{NAME} is seen.")
    pages = [(viewer, one) for viewer in (keeper, member) for one in Finding.objects.all()]
    for viewer, one in pages:
        page = finding(viewer, one.pk)
        assert NAME not in repr(page)
        assert all(NAME.casefold() not in beside.why for beside in page.same_again.likely)
        assert NAME not in repr(resolvers.see(viewer, "finding", str(one.pk)))
        assert NAME not in repr(resolvers.resolve(viewer, "finding", str(one.pk)))
    assert NAME in repr(finding(director, later.pk))


def test_likeness_and_themes_are_told_of_no_words_and_no_title_that_is_not_read(director, keeper, repeated):
    first, later = repeated
    Finding.objects.update(title="Supervision late and seldom reflective", theme="")
    same_again._says.clear()
    assert finding(director, later.pk).same_again.likely and finding(director, later.pk).suggested
    hidden = finding(keeper, later.pk)
    assert (hidden.same_again.likely, hidden.suggested) == ([], ())


@pytest.mark.parametrize("cleared", [(True, True), (True, False), (False, True), (False, False)])
def test_likeness_in_words_is_told_once_both_are_cleared_and_not_of_one_alone(member, repeated, cleared):
    first, later = repeated
    for one, done in zip((first, later), cleared, strict=True):
        Finding.objects.filter(pk=one.pk).update(cleared_at=clock.now() if done else None)
    beside = finding(member, later.pk).same_again.likely
    assert [(one.key, one.words) for one in beside] == ([(first.pk, LATE)] if all(cleared) else [])
