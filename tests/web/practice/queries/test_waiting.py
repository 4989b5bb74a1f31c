"""The unallocated: the same children in the number, in the list and in the ledger, and honest about safeguards."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from lineofsight.cases import safeguards
from lineofsight.web.access.viewer import Scope
from lineofsight.web.practice import queries
from lineofsight.web.practice.queries import figures, telling, waiting
from lineofsight.web.practice.queries.standing import standing


def test_the_number_the_list_and_the_ledger_are_the_same_children(director):
    page = queries.unallocated(director)
    figure = figures.authority(standing(), "identified")["CP10"].headline
    assert page.urgent.count == figure.numerator == len(page.children) + page.withheld
    ledger = queries.exceptions(director, queries.ledger.Asked(kind="CP10", whole=True))
    assert sorted(row.child.ref for row in ledger.rows) == sorted(one.child.ref for one in page.children)


def test_the_longest_wait_stands_first_and_is_the_one_told(director):
    page = queries.unallocated(director)
    waited = [one.waited for one in page.children]
    assert waited == sorted(waited, reverse=True)
    assert page.urgent.longest == waited[0] == queries.urgent(director).longest


def test_a_visit_counts_as_a_safeguard_only_since_the_wait_began(director):
    page = queries.unallocated(director)
    visits = [next(owed for owed in one.owing if owed.safeguard.key == "duty-visit") for one in page.children]
    for one, visit in zip(page.children, visits, strict=True):
        assert all(time.on >= one.since and time.key is None for time in visit.times)
        assert visit.stands.done is None or visit.stands.done >= one.since
    assert page.urgent.visited == sum(visit.stands.done is not None for visit in visits)


def test_a_team_without_unallocated_children_is_told_so(viewer_as, place, director):
    held = {one.team for one in queries.unallocated(director).children}
    stand = standing()
    from lineofsight.web.practice.queries.standing import teams

    calm = next(key for key, team in teams(stand).items() if team.name not in held)
    page = queries.unallocated(replace(viewer_as("team-manager"), scope=Scope("team", frozenset({calm}))))
    assert page.children == []
    assert page.urgent.count == 0
    assert page.empty_why


def test_the_lead_member_is_told_the_number_and_the_longest_wait_but_no_child(viewer_as, director):
    seen, exact = queries.urgent(viewer_as("lead-member")), queries.urgent(director)
    assert (seen.count, seen.denominator, seen.longest) == (exact.count, exact.denominator, exact.longest)
    assert not seen.opens
    assert exact.opens


@pytest.mark.parametrize(
    ("count", "most", "visited", "said"),
    [
        (0, None, None, ""),
        (1, 9, 1, "That child has waited 9 working days. The child has been seen since the wait began."),
        (1, 1, 0, "That child has waited 1 working day. The child has not been seen since the wait began."),
        (3, 9, 0, "The longest has waited 9 working days. None of the three has been seen since their wait began."),
        (2, 9, 0, "The longest has waited 9 working days. Neither has been seen since their wait began."),
        (3, 9, 1, "The longest has waited 9 working days. 1 of the 3 has been seen since their wait began."),
        (
            11,
            0,
            7,
            "The longest has waited less than one working day. 7 of the 11 have been seen since their wait began.",
        ),
        (11, 9, None, "The longest has waited 9 working days."),
    ],
)
def test_the_wait_is_told_in_a_sentence(count, most, visited, said):
    assert waiting._detail(count, most, visited) == said


def test_the_number_is_told_in_a_sentence():
    assert waiting._sentence(0, 0) == "No child is on a protection plan."
    assert waiting._sentence(1, 402).startswith("1 of 402 children on a protection plan has no")
    assert waiting._sentence(3, 402).startswith("3 of 402 children on a protection plan have no")
    assert waiting._sentence(0, 402).startswith("Every one of the 402 children")


def test_below_the_names_the_unallocated_are_never_divided_into_small_numbers(director):
    stand, nameless = standing(), replace(director, level="pseudonymised")
    for parts in ((1, 20), (20, 2), (3, 3)):
        assert waiting._may_be_told(stand, director, *parts)
        assert not waiting._may_be_told(stand, nameless, *parts)
    assert waiting._may_be_told(stand, nameless, 20, 20) and waiting._may_be_told(stand, nameless, 20, 0)


def test_how_many_were_visited_is_told_only_where_it_may_be(director, monkeypatch):
    assert queries.urgent(director).visited is not None
    monkeypatch.setattr(waiting, "_may_be_told", lambda *given: False)
    assert queries.urgent(director).visited is None


def test_a_child_is_never_called_not_seen_where_the_extract_does_not_tell_of_visits(director, monkeypatch):
    stand = standing()
    visits = stand.snapshot.tables["ssd_cp_visits"]
    for held in (None, _without(visits, "cppv_cp_visit_date"), _without(visits, "cppv_cp_visit_seen")):
        tables = {name: entry for name, entry in stand.snapshot.tables.items() if name != "ssd_cp_visits"}
        snapshot = replace(stand.snapshot, tables=tables | ({"ssd_cp_visits": held} if held else {}))
        changed = replace(stand, snapshot=snapshot)
        monkeypatch.setattr(waiting, "standing", lambda viewer=None, changed=changed: changed)
        page = queries.unallocated(director)
        for told in (page.urgent, queries.urgent(director)):
            assert told.visited is None
            assert "is not measured: the extract does not tell of visits" in told.detail
            assert "been seen" not in told.detail
        visits = [owed for one in page.children for owed in one.owing if owed.safeguard.seen_in_data]
        assert all(owed.word == "not measured" or owed.stands.done for owed in visits)


def test_that_nobody_was_seen_is_not_said_by_visits_older_than_the_extract(director):
    stand = standing()
    visits = replace(stand.snapshot.tables["ssd_cp_visits"], as_at=stand.as_at - timedelta(days=1))
    older = replace(stand.snapshot, tables={**stand.snapshot.tables, "ssd_cp_visits": visits})
    assert telling.tells_of_visits(stand)
    assert not telling.tells_of_visits(replace(stand, snapshot=older))


def test_the_page_says_not_measured_for_the_duty_visit_where_visits_are_not_in_the_extract(
    client_as, home, monkeypatch
):
    monkeypatch.setattr(telling, "tells_of_visits", lambda stand: False)
    text = client_as("dcs").get("/exceptions/unallocated/").content.decode()
    assert "not been seen" not in text
    told_by_visits = [one.column for one in safeguards.safeguards().values() if one.seen_in_data]
    cells = [cell for column in told_by_visits for cell in text.split(f'data-label="{column}"')[1:]]
    said = {word for cell in cells for word in re.findall("<strong[^>]*>([^<]+)", cell.split("</td>")[0])}
    assert said and said <= {"Not measured", "Done"}  # and neither due nor overdue
    assert "was seen since the wait began is not measured" in text
    assert "was seen since the wait began is not measured" in client_as("dcs").get("/").content.decode()


def test_those_of_whom_it_cannot_be_told_stand_in_the_sentence_of_the_number_with_the_reason():
    assert waiting._sentence(1, 1, 5, telling.UNMAPPED) == (
        "1 of 1 children on a protection plan has no allocated social worker, and for 5 more it cannot be told: "
        "a role word has no meaning in the role map"
    )
    assert waiting._sentence(0, 3, 2, "").endswith("For 2 more it cannot be told.")
    assert "of whom it can be told" in waiting._sentence(0, 3, 2, "")
    assert waiting._sentence(0, 0, 4, telling.UNMAPPED).startswith("Whether any of 4 children on a plan is allocated")


def test_a_role_word_nobody_has_mapped_is_said_on_every_page_of_it_and_linked_for_who_may_see_it(
    client_as, home, monkeypatch
):
    monkeypatch.setattr(telling, "unmapped", lambda stand: True)
    own = figures.own

    def with_unknown(asked, viewer):
        found = dict(own(asked, viewer))
        headline = replace(found["CP10"].headline, unknown=5)
        return found | {"CP10": replace(found["CP10"], headline=headline)}

    monkeypatch.setattr(figures, "own", with_unknown)
    said = "or 5 more it cannot be told: a role word has no meaning in the role map"
    for address in ("/", "/exceptions/unallocated/", "/exceptions/", "/measures/CP10/"):
        assert said in client_as("dcs").get(address).content.decode(), address
    for address in ("/", "/measures/CP10/"):
        assert "/data/roles/" in client_as("dcs").get(address).content.decode()
        text = client_as("lead-member").get(address).content.decode()
        assert said in text and "/data/roles/" not in text


def _without(entry, column):
    return replace(entry, columns_present=tuple(one for one in entry.columns_present if one != column))
