"""The time machine: a page, a child and a measure as they were known when September's extract was the newest."""

import re
from dataclasses import replace
from datetime import date
from html import unescape

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from django.db import DatabaseError
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from django.urls import resolve

from lineofsight import clock
from lineofsight.cases import refs
from lineofsight.web import keys_in_use
from lineofsight.web.access import known as knowing
from lineofsight.web.access.chain import told
from lineofsight.web.access.house import lake_in_use
from lineofsight.web.access.models import ChainEvent, Restriction
from lineofsight.web.access.pace import OPENING
from lineofsight.web.access.permissions import Capability, Refused
from lineofsight.web.access.viewer import Known, Scope
from lineofsight.web.evidence.models import Evidence
from lineofsight.web.practice import queries
from lineofsight.web.practice.queries import figures, first_known, known, telling
from lineofsight.web.practice.queries import standing as standings
from lineofsight.web.practice.queries.ledger import Asked
from lineofsight.web.practice.queries.standing import belonging, standing, values, withheld

PAGES = ("/", "/measures/", "/measures/CP08/", "/measures/CP08/children/", "/exceptions/", "/exceptions/unallocated/")
BANNER = "You are looking at what was known on 30 September 2026."


@pytest.fixture
def past(home):
    """September's snapshot."""
    return lake_in_use().snapshots()[0]


@pytest.fixture
def long_known(past, persons):
    """The keys of those who are in September's snapshot and the newest, and restricted in neither."""
    then = {one["child_key"]: one["restricted"] for one in lake_in_use().persons(past).to_pylist()}
    found = [one["child_key"] for one in persons if not one["restricted"] and then.get(one["child_key"]) is False]
    assert len(found) > 2
    return found


@pytest.fixture
def back(past):
    """`back(viewer)`: the same viewer, looking at September as it was known."""
    return lambda viewer: replace(viewer, known=Known(past.id, past.as_at, past.loaded_at))


@pytest.fixture
def ref(home):
    """`ref(key)`: how an address names a child to those who see names."""
    return lambda key: refs.ref(keys_in_use(), "identified", key)


def _page(client, address, **asked):
    found = client.get(address, asked)
    return found, unescape(found.content.decode())


def _places(text):
    return [unescape(one) for one in re.findall(r'\b(?:href|action)="([^"]*)"', text)]


# --- the choice in the address ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", PAGES)
def test_a_page_of_the_past_says_so_in_a_banner_with_the_way_back_to_now(dcs, past, address):
    found, text = _page(dcs, address, known=past.id)
    assert found.status_code == 200
    assert BANNER in text
    assert f'href="{address}?" data-now>Back to now</a>' in text


@pytest.mark.parametrize("address", PAGES)
def test_no_page_of_now_says_it_is_of_the_past(dcs, home, address):
    assert "You are looking at what was known" not in _page(dcs, address)[1]


@pytest.mark.parametrize("address", PAGES)
def test_every_link_and_form_to_a_page_that_can_be_looked_at_so_carries_the_choice(dcs, past, address):
    _, text = _page(dcs, address, known=past.id)
    carried = 0
    for place in _places(re.sub(r"<a[^>]*data-now>", "", text)):
        path = place.partition("?")[0].partition("#")[0] or address
        if place.startswith("#") or not path.startswith("/") or path.startswith("/static/"):
            continue
        if getattr(resolve(path).func, "looks_back", False) and not place.startswith("#"):
            assert place.count(f"known={past.id}") == 1, place
            carried += 1
        else:
            assert "known=" not in place, place
    assert carried > 2
    forms = re.findall(r'<form method="get"[^>]*>(<input[^>]*>)?', text)
    assert all(f'name="known" value="{past.id}"' in one for one in forms)


def test_a_form_of_filters_keeps_the_choice(dcs, past):
    _, text = _page(dcs, "/exceptions/", known=past.id)
    assert f'<input type="hidden" name="known" value="{past.id}">' in text


def test_an_address_that_is_ours_and_another_mans_are_told_apart():
    carrying = knowing.carrying
    page = HttpResponse(
        '<a href="https://example.org/measures/">x</a><a href="//example.org/measures/">x</a><a name="a">x</a>'
        '<a href="/nowhere/">x</a><a href="/records/">x</a><a href="?page=2">x</a><form method="post">x</form>'
        '<form method="post" action="/sign-out/">x</form><a href="#main">x</a><a href="/measures/?a=1&amp;b=2#c">x</a>'
    )
    told = carrying(page, "/measures/", "S-1").content.decode()
    assert told.count("known=S-1") == 2
    assert 'href="?page=2&amp;known=S-1"' in told
    assert 'href="/measures/?a=1&amp;b=2&amp;known=S-1#c"' in told


def test_a_file_is_left_as_it_is(dcs, past):
    found = dcs.get("/measures/CP08/children/", {"known": past.id, "format": "csv"})
    assert found.status_code == 200
    assert "as-known-2026-09-30" in found["Content-Disposition"]
    assert found.content.decode("utf-8-sig").startswith("Name,")


def test_a_day_chooses_the_newest_extract_of_that_day_or_before_it(dcs, past):
    for day in ("2026-09-30", "2026-10-30"):
        assert BANNER in _page(dcs, "/measures/", known=day)[1]
    assert "You are looking at what was known" not in _page(dcs, "/measures/", known="2026-10-31")[1]


@pytest.mark.parametrize("asked", ["2020-01-01", "2026-09-30-00000000", "../../etc", "'; drop"])
def test_a_snapshot_there_is_not_is_a_plain_page(dcs, home, asked):
    found, text = _page(dcs, "/measures/", known=asked)
    assert found.status_code == 404
    assert "There is nothing to look back at here" in text


def test_a_withdrawn_snapshot_is_a_plain_page(dcs, past, monkeypatch):
    lake = lake_in_use()
    kept = [one for one in lake.snapshots() if one.id != past.id]
    monkeypatch.setattr(type(lake), "snapshots", lambda self: kept)
    assert _page(dcs, "/measures/", known=past.id)[0].status_code == 404


def test_the_newest_snapshot_is_now(dcs, home):
    newest = standing().snapshot
    found, text = _page(dcs, "/measures/", known=newest.id)
    assert found.status_code == 200
    assert "You are looking at what was known" not in text


# --- what is shown is what was known ---------------------------------------------------------------------------------


def test_the_figures_are_those_of_the_old_computation_and_none_of_them_has_changed(director, back, past):
    looking = back(director)
    lake = lake_in_use()
    computation = lake.computation(past)
    before = computation.files["values.parquet"].sha256
    listed = {line.id: line.figure for line in queries.measures_list(looking).lines}
    rows = lake.read(computation, "values").to_pylist()
    whole = [one for one in rows if one["breakdown"] == "authority" and one["window"] == "month"]
    stored = {one["measure"]: one for one in whole if one["as_at"] == past.as_at}
    stock = [one for one in standings.catalogue().values() if one.headline_window == "month"]
    assert stock
    for one in stock:
        assert listed[one.id].numerator == stored[one.id]["numerator"], one.id
        assert listed[one.id].as_at == past.as_at
    assert lake.computation(past).files["values.parquet"].sha256 == before


def test_every_page_of_the_past_stands_on_that_snapshot(director, back, past):
    looking = back(director)
    assert queries.measure_page(looking, "CP08").snapshot_id == past.id
    assert queries.rows_behind(looking, "CP08").snapshot_on == past.as_at
    assert queries.exceptions(looking).as_at == past.as_at
    assert queries.unallocated(looking).urgent.as_at == past.as_at
    assert queries.urgent(looking).as_at == past.as_at
    assert queries.urgent_beside(looking, queries.exceptions(looking).longest_unallocated).as_at == past.as_at
    assert all(one.since <= past.as_at for one in queries.real_changes(looking))
    assert standing(looking).computation.snapshot_id == past.id
    assert standing(director).snapshot.id != past.id


def test_a_child_is_shown_as_the_record_was_then(director, back, past, persons, ref):
    later = standing()
    found = past_events = None
    for person in persons:
        events = later.lake.events(later.snapshot, person["child_key"]).num_rows
        earlier = later.lake.events(past, person["child_key"]).num_rows
        if earlier and earlier != events and not person["restricted"]:
            found, past_events = person["child_key"], earlier
            break
    assert found
    child = queries.get_child(back(director), ref(found))
    assert child.as_at == past.as_at
    assert len(child.events) <= past_events
    assert len(queries.get_child(director, ref(found)).events) > len(child.events)


def test_nothing_of_the_past_is_work_to_do_however_young_it_is(director, back, monkeypatch):
    monkeypatch.setattr(standings, "fresh_days", lambda: 1000)
    assert queries.exceptions(director).fresh
    looking = back(director)
    assert not queries.exceptions(looking).fresh
    assert not queries.rows_behind(looking, "CP08").fresh
    assert not queries.unallocated(looking).urgent.fresh


def test_the_first_page_of_the_past_holds_no_duty_no_pack_and_no_load(dcs, past):
    found, text = _page(dcs, "/", known=past.id)
    assert "As it was known on 30 September 2026" in text
    for name in ("month", "pack", "released", "loads", "told", "night", "access", "desk"):
        assert name not in found.context, name
    assert "month" in dcs.get("/").context


# --- who may ---------------------------------------------------------------------------------------------------------


def test_an_office_that_sees_no_measure_may_not_look_back(client_as, past):
    assert client_as("administrator").get("/", {"known": past.id}).status_code == 403


def test_an_office_of_published_figures_may_not_look_back(client_as, viewer_as, past):
    assert client_as("scrutiny").get("/measures/", {"known": past.id}).status_code == 403
    assert not knowing.may_look_back(viewer_as("scrutiny"))
    assert knowing.may_look_back(viewer_as("lead-member"))
    with pytest.raises(Refused):
        knowing.check_looks_back(viewer_as("agency"))


def test_the_lead_member_sees_past_values_and_no_child_and_no_group(client_as, viewer_as, past, back):
    lead = client_as("lead-member")
    found, text = _page(lead, "/measures/CP08/", known=past.id)
    assert found.status_code == 200
    assert BANNER in text
    assert found.context["page"].breakdown is None
    assert "not shown to your office" in text
    assert queries.measure_page(viewer_as("lead-member"), "CP08").breakdown is not None
    assert lead.get("/measures/CP08/children/", {"known": past.id}).status_code == 403
    with pytest.raises(Refused):
        queries.get_child(back(viewer_as("lead-member")), "x")


def _moved(past):
    """A child of the measure of plans in September whose team is another now: key, then's team, now's teams."""
    now = standing()
    then = standings.Standing(now.lake, past, now.lake.computation(past), past=True)
    rows = now.lake.read(then.computation, "rows", where=(pc.field("as_at") == past.as_at)).to_pylist()
    keys = {row["child_key"]: row["team_id"] for row in rows if row["child_key"]}
    held = belonging(now, keys)
    for key, team in keys.items():
        if key in held and team and team not in (held[key]["scope_teams"] or ()) and not held[key]["restricted"]:
            return key, team, held[key]["scope_teams"]
    pytest.fail("no child moved between the two extracts")


def test_after_a_transfer_the_old_team_keeps_its_past_counts_and_not_the_childs_page(viewer_as, back, past, ref):
    key, old, new = _moved(past)
    manager = viewer_as("team-manager")
    before = back(replace(manager, scope=Scope("team", frozenset({old}))))
    after = back(replace(manager, scope=Scope("team", frozenset(new))))
    with pytest.raises(Http404):
        queries.get_child(before, ref(key))
    assert queries.get_child(after, ref(key)).as_at == past.as_at
    stand = standing(before)
    counted = stand.lake.read(stand.computation, "rows", where=standings.theirs(stand, before))
    assert key in counted["child_key"].to_pylist()


def test_a_restriction_placed_now_holds_for_the_past(director, back, past, ref, persons):
    looking = back(director)
    stand = standing(looking)
    held = stand.lake.read(stand.computation, "exceptions", columns=["child_key"])["child_key"].drop_null().to_pylist()
    key = next(one for one in held if one in belonging(stand, held) and not belonging(stand, [one])[one]["restricted"])
    assert key not in withheld(stand, looking)
    before = queries.exceptions(looking, Asked(whole=True))
    Restriction.objects.create(
        child_key=key, kind="family-of-staff", reason="A test", from_date=clock.today(), placed_by_key="p-dcs"
    )
    assert key in withheld(stand, looking)
    with pytest.raises(Http404):
        queries.get_child(looking, ref(key))
    after = queries.exceptions(looking, Asked(whole=True))
    assert after.withheld > before.withheld
    assert after.total < before.total


def _hashing(monkeypatch, hashes):
    """Who belongs together is what `hashes` says of a standing, and nothing of it is kept."""
    hashes.cache_clear = lambda: None
    monkeypatch.setattr(standings, "_hashes", hashes)


def test_a_child_of_whom_nothing_is_held_now_is_in_no_list_by_name_and_has_no_page(
    director, back, past, monkeypatch, ref
):
    looking = back(director)
    stand = standing(looking)
    keys = stand.lake.read(stand.computation, "exceptions")["child_key"].drop_null().to_pylist()
    key = next(key for key, one in belonging(stand, keys).items() if not one["restricted"])
    hashes = standings._hashes
    now = hashes(standing())
    without = now.filter(pc.not_equal(now["child_key"], key)).combine_chunks()
    _hashing(monkeypatch, lambda one: without if not one.past else hashes(one))
    with pytest.raises(Http404):
        queries.get_child(looking, ref(key))
    listed = queries.exceptions(looking, Asked(whole=True))
    assert "A child of whom nothing is held now" in {row.name for row in listed.rows}


def test_a_record_that_the_newest_extract_restricts_is_closed_in_the_past_too(director, back, persons, past, ref):
    looking = back(director)
    stand = standing(looking)
    key = next(one["child_key"] for one in persons if one["restricted"])
    if key not in belonging(stand, [key]):
        pytest.fail("the restricted child was not in the extract before")
    assert belonging(stand, [key])[key]["restricted"]
    assert key in withheld(stand, looking)
    with pytest.raises(Http404):
        queries.get_child(looking, ref(key))


def test_a_record_merged_since_is_opened_through_the_one_that_stays(director, back, long_known, ref, monkeypatch):
    looking = back(director)
    stand = standing(looking)
    gone, kept = long_known[:2]
    hashes = standings._hashes
    now = hashes(standing())
    without = now.filter(pc.not_equal(now["child_key"], gone)).combine_chunks()
    _hashing(monkeypatch, lambda one: without if not one.past else hashes(one))
    assert gone not in belonging(stand, [gone])
    led = {gone: kept}
    merged = lambda one: led if not one.past else {}  # noqa: E731
    merged.cache_clear = lambda: None
    monkeypatch.setattr(standings, "merged", merged)
    monkeypatch.setattr(known, "merged", merged)
    assert belonging(stand, [gone])[gone]["scope_teams"] == belonging(standing(), [kept])[kept]["scope_teams"]
    assert queries.get_child(looking, ref(gone)).key == gone
    both = known.child_known(director, ref(kept)).moments[-1].held
    lake = lake_in_use()
    assert both == sum(lake.events(lake.snapshots()[0], one).num_rows for one in (gone, kept))
    Restriction.objects.create(
        child_key=kept, kind="family-of-staff", reason="A test", from_date=clock.today(), placed_by_key="p-dcs"
    )
    assert gone in withheld(stand, looking)
    with pytest.raises(Http404):
        queries.get_child(looking, ref(gone))


def test_who_was_restricted_then_and_is_in_no_extract_now_stays_restricted(director, back, monkeypatch):
    looking = back(director)
    stand = standing(looking)
    hashes = standings._hashes
    then = hashes(stand)
    restricted = then.filter(then["restricted"])["child_key"].to_pylist()
    if not restricted:
        pytest.fail("the extract restricts nobody")
    now = hashes(standing())
    without = now.filter(pc.not_equal(now["child_key"], restricted[0])).combine_chunks()
    _hashing(monkeypatch, lambda one: without if not one.past else then)
    standings._restricted_by_extract.cache_clear()
    assert restricted[0] in withheld(stand, looking)


def test_a_brother_or_sister_of_then_who_is_none_now_is_not_shown(director, back, persons, monkeypatch):
    looking = back(director)
    stand = standing(looking)
    hashes = standings._hashes
    then = hashes(stand)
    row = next(
        one for one in then.to_pylist() if one["siblings"] and one["child_key"] in {p["child_key"] for p in persons}
    )
    now = hashes(standing()).to_pylist()
    apart = [{**one, "siblings": []} if one["child_key"] == row["child_key"] else one for one in now]
    changed = pa.Table.from_pylist(apart, schema=hashes(standing()).schema).combine_chunks()
    assert belonging(stand, [row["child_key"]])[row["child_key"]]["siblings"]
    _hashing(monkeypatch, lambda one: changed if not one.past else then)
    assert belonging(stand, [row["child_key"]])[row["child_key"]]["siblings"] == []


# --- the log and the evidence ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", PAGES)
def test_every_look_at_the_past_is_in_the_log_with_its_snapshot(dcs, past, address):
    first = ChainEvent.objects.count()
    dcs.get(address, {"known": past.id})
    made = list(ChainEvent.objects.filter(sequence__gt=first).order_by("sequence"))
    assert made[0].action == "past.opened"
    assert made[0].subject == f"snapshot {past.id}"
    assert all(told(one).detail["known"] == past.id for one in made)


def test_opening_a_child_in_the_past_is_logged_with_the_snapshot(dcs, past, ref, long_known):
    key = long_known[0]
    found = dcs.get(f"/children/{ref(key)}/", {"known": past.id})
    opened = ChainEvent.objects.filter(action="child.opened").last()
    assert found.status_code == 200
    assert told(opened).detail["known"] == past.id
    assert key in told(opened).children


def test_without_the_log_nothing_of_the_past_is_shown(dcs, past, monkeypatch):
    monkeypatch.setattr(ChainEvent, "save", lambda *a, **k: (_ for _ in ()).throw(DatabaseError()))
    assert dcs.get("/measures/", {"known": past.id}).status_code == 503


def test_now_is_not_logged_as_the_past(dcs, home):
    dcs.get("/exceptions/")
    assert not ChainEvent.objects.filter(action="past.opened").exists()
    assert "known" not in told(ChainEvent.objects.filter(action="exceptions.listed").last()).detail


def test_recording_a_look_at_the_past_freezes_that_snapshot_and_says_so(dcs, past):
    address = f"/records/seen/?kind=measure&key=CP10&known={past.id}"
    _, text = _page(dcs, "/measures/CP10/", known=past.id)
    assert any(one.startswith("/records/") and past.id in one for one in _places(text))
    place = next(one for one in _places(text) if "kind=measure" in one and "seen" in one)
    page = dcs.get(place)
    assert BANNER in unescape(page.content.decode())
    mark = page.context["page"].mark
    sent = dcs.post(
        place, {"seen": mark, "judgement": "satisfied", "words": "I looked at how it was.", "difference": "None yet."}
    )
    assert sent.status_code == 302, (address, sent.context["form"].errors)
    frozen = Evidence.objects.latest("made_at")
    assert frozen.snapshot_id == past.id
    assert frozen.label.endswith("as it was known on 30 September 2026")
    assert frozen.content["as_known_on"] == "2026-09-30"


def test_the_choice_is_made_only_by_pages_that_are_marked_for_it(dcs, past, rf: RequestFactory):
    _, text = _page(dcs, "/children/find/", known=past.id)
    assert "You are looking at what was known" not in text


def test_the_small_table_of_values_of_a_past_is_kept_apart_from_that_of_now(director, back):
    now, then = standing(director), standing(back(director))
    assert now != then
    assert values(now) is not values(then)


# --- the timeline, a child over time, and each month as first known --------------------------------------------------


def test_the_timeline_lists_every_extract_with_what_was_open_then(director, past):
    moments = known.timeline(director).moments
    lake = lake_in_use()
    assert [one.as_at for one in moments] == sorted((one.as_at for one in lake.snapshots()), reverse=True)
    assert [one.newest for one in moments] == [True, False]
    for moment in moments:
        ledger = lake.read(lake.computation(lake.snapshot(moment.id)), "exceptions").to_pylist()
        assert moment.open == sum(one["state"] == "open" for one in ledger)
        assert moment.begun == sum(one["first_seen"] == moment.as_at for one in ledger)
        assert moment.cleared == sum(one["cleared_on"] == moment.as_at for one in ledger)
    assert moments[-1].changes == ["The first that is held."]
    assert moments[-1].late is None
    assert moments[0].late > 0


def test_the_timeline_counts_a_team_its_own_and_nobody_whose_office_may_not(viewer_as, place):
    manager = known.timeline(viewer_as("team-manager"))
    lake = lake_in_use()
    ledger = lake.read(standing().computation, "exceptions").to_pylist()
    mine = [one for one in ledger if one["team_id"] == place.team and one["state"] == "open"]
    assert manager.moments[0].open == len(mine)
    assert manager.moments[0].late is None
    lead = known.timeline(viewer_as("lead-member"))
    assert not lead.counts_exceptions
    assert not lead.counts_late
    assert {one.open for one in lead.moments} == {None}
    worker = known.timeline(viewer_as("social-worker"))
    assert {one.open for one in worker.moments} == {None}
    with pytest.raises(Refused):
        known.timeline(viewer_as("scrutiny"))


def test_the_timeline_says_which_tables_came_went_or_are_old(past):
    def of(**about):
        return replace(past, **about)

    tables = dict(past.tables)
    name = "ssd_cp_visits"
    without = {key: entry for key, entry in tables.items() if key != name}
    old = {**tables, name: replace(tables[name], as_at=date(2026, 8, 31))}
    later = of(as_at=date(2026, 10, 31), tables={k: replace(v, as_at=date(2026, 10, 31)) for k, v in tables.items()})
    assert known._changes(of(tables=without), later) == ["Missing: child protection visits."]
    assert known._changes(later, of(tables=without)) == ["New: child protection visits."]
    assert known._changes(of(tables=old), later) == ["Copied forward from an older load: child protection visits."]
    assert known._changes(of(roles_hash="x"), of(as_at=date(2026, 8, 31))) == ["The role words were mapped anew."]
    assert known._changes(past, past) == ["It corrects the one before it, of the same date."]


def test_a_childs_record_over_time_names_the_extracts_in_which_it_differs(director, persons, ref, past):
    lake, later = lake_in_use(), standing()
    differing, same = None, None
    for one in persons:
        key = one["child_key"]
        then, now = (lake.events(snapshot, key).num_rows for snapshot in (past, later.snapshot))
        if not one["restricted"] and then and now > then:
            differing = differing or (key, now, then)
        elif not one["restricted"] and then == now:
            same = same or key
    key, now, then = differing
    found = known.child_known(director, ref(key))
    assert [one.newest for one in found.moments] == [True, False]
    assert found.moments[0].held == now
    assert len(found.moments[0].brought) - len(found.moments[0].taken) == now - then
    assert (found.moments[1].first, found.moments[1].held) == (True, then)
    alike = known.child_known(director, ref(same))
    assert len(alike.moments) in (1, 2)


def test_comparing_a_childs_record_is_logged_before_it_is_read(director, long_known, ref, lake_reads, monkeypatch):
    key = long_known[0]
    standing()
    lake_reads.clear()
    save, order = ChainEvent.save, []

    def noting(self, *told_of, **named):
        order.append(list(lake_reads))
        return save(self, *told_of, **named)

    monkeypatch.setattr(ChainEvent, "save", noting)
    known.child_known(director, ref(key))
    assert order
    assert "events.parquet" not in order[0]
    event = ChainEvent.objects.get(action="child.compared")
    assert told(event).children == (key,)
    assert len(told(event).detail["extracts"]) == 2


def test_only_who_may_open_the_child_now_may_compare_and_at_a_persons_pace(viewer_as, persons, ref, place, monkeypatch):
    other = next(one for one in persons if place.team not in one["scope_teams"] and not one["restricted"])
    with pytest.raises(Http404):
        known.child_known(viewer_as("team-manager"), ref(other["child_key"]))
    with pytest.raises(Refused):
        known.child_known(viewer_as("lead-member"), ref(other["child_key"]))
    asked = []
    monkeypatch.setattr(known, "check_pace", lambda viewer, what: asked.append(what))
    known.child_known(viewer_as("dcs"), ref(other["child_key"]))
    assert asked == [OPENING]


def test_an_office_that_may_not_look_back_compares_no_child(viewer_as, persons, ref):
    key = next(one["child_key"] for one in persons if not one["restricted"])
    blind = replace(viewer_as("dcs"), capabilities=viewer_as("dcs").capabilities - {Capability.SEE_MEASURES})
    with pytest.raises(Refused):
        known.child_known(blind, ref(key))


def test_a_month_says_what_was_known_then_where_it_differs(director, past):
    lake = lake_in_use()
    then = {
        one["measure"]: one
        for one in lake.read(lake.computation(past), "values").to_pylist()
        if one["breakdown"] == "authority" and one["window"] == "month" and one["as_at"] == past.as_at
    }
    differing = 0
    for measure in standings.catalogue():
        page = queries.measure_page(director, measure)
        now = next((one for one, _ in page.months if one.as_at == past.as_at), None)
        was = then[measure]
        if now is None or page.then is None:
            continue
        differs = (now.numerator, now.denominator, now.value) != (was["numerator"], was["denominator"], was["value"])
        told_of = [one for one in page.then.months if one.as_at == past.as_at]
        assert bool(told_of) == differs, measure
        differing += differs
        if told_of and was["numerator"] is not None and now.numerator is not None:
            assert told_of[0].said.startswith(f"{was['numerator']:,}")
            assert told_of[0].snapshot == past.id
    assert differing > 0


def test_the_lead_member_reads_the_same_months_and_published_offices_none(viewer_as, director):
    mine = queries.measure_page(viewer_as("lead-member"), "RF01").then
    assert mine == queries.measure_page(director, "RF01").then
    assert queries.measure_page(viewer_as("scrutiny"), "RF01").then is None


def test_a_teams_months_are_those_of_its_own_group(viewer_as, place, past):
    page = queries.measure_page(viewer_as("team-manager"), "CP01")
    stand = standing()
    kept = stand.lake.read(stand.computation, "first_known").to_pylist()
    row = next(
        one for one in kept
        if (one["measure"], one["breakdown"], one["group"], one["as_at"]) == ("CP01", "team", place.team, past.as_at)
    )  # fmt: skip
    then = first_known._first(stand, viewer_as("team-manager"), page.definition)[past.as_at][0]
    assert then.numerator == row["numerator"]
    assert first_known._first(stand, viewer_as("social-worker"), page.definition) == {}


def test_figures_of_several_teams_are_added_and_middles_are_not(director):
    percent = next(one for one in standings.catalogue().values() if one.kind == "percent" and one.counts == "met")
    row = {
        "as_at": date(2026, 9, 30), "numerator": 3, "denominator": 4, "unknown": 1, "value": 75.0, "missing": None,
        "status": "measured", "hidden": False, "published_hidden": False, "group": "T1",
    }  # fmt: skip
    both = first_known._together(percent, "identified", [row, {**row, "numerator": 1, "group": "T2"}])
    assert (both.numerator, both.denominator, both.unknown, both.value) == (4, 8, 2, 50.0)
    median = next((one for one in standings.catalogue().values() if one.kind in ("median", "mean")), None)
    if median:
        assert first_known._together(median, "identified", [row, row]) is None
    assert first_known._together(percent, "pseudonymised", [row, {**row, "hidden": True}]) is None


@pytest.mark.parametrize(
    ("then", "now", "said"),
    [
        (3, 4, "one recorded late, or corrected since"),
        (4, 3, "one fewer, by late recording or correction"),
        (3, 3, "what they are counted out of has changed"),
    ],
)
def test_the_difference_is_said_in_words(then, now, said):
    figure = figures.Figure(date(2026, 9, 30), then, 10, 0, 1.0)
    assert first_known._why(figure, replace(figure, numerator=now)) == said


def test_what_could_not_be_told_is_never_called_late_recording():
    figure = figures.Figure(date(2026, 9, 30), 3, 3, 0, 100.0)
    fewer = replace(figure, numerator=0, denominator=0, value=None)
    word = telling.UNMAPPED
    assert first_known._why(figure, replace(fewer, unknown=3), word) == (
        f"for three more it cannot be told now, because {word}"
    )
    assert first_known._why(figure, replace(fewer, unknown=1)) == "for one more it cannot be told now"
    assert first_known._why(figure, fewer, word) == f"counted out of 0 now, and 3 then; {word}"
    assert first_known._why(figure, replace(figure, numerator=2, denominator=2)) == "counted out of 2 now, and 3 then"
    assert first_known._why(figure, fewer, word, other_rules=True) == "counted by other rules or definitions then"


def test_each_row_of_the_timeline_is_the_one_before_it_with_what_came_and_without_what_left(director):
    newest, first = known.timeline(director).moments
    assert newest.other is not None and first.other is None
    assert first.owed + newest.begun - newest.cleared - newest.other == newest.owed


def test_the_timeline_the_list_and_today_count_the_same_things_owed(director, client_as):
    newest = known.timeline(director).moments[0]
    of_each = []
    for state in ("open", "not re-measured"):
        listed = queries.exceptions(director, queries.ledger.Asked(state=state, whole=True))
        workers = sum(one.count for one in listed.by_team)
        assert not workers or f"{workers} more of workers, counted by team below." in listed.said
        of_each.append(listed.total + listed.withheld + workers)
    assert of_each == [newest.open, newest.again]
    text = client_as("dcs").get("/").content.decode()
    assert f"{newest.open} things in all, of children and of workers" in text


def test_all_that_left_is_told_in_the_row_of_the_timeline(director, past):
    stand = standing()
    now, then = stand.snapshot, past
    counts = {
        (then.id, "open"): 12, (now.id, "open"): 5, (now.id, "not re-measured"): 9,
        (now.id, "begun"): 4, (now.id, "cleared"): 1,
    }  # fmt: skip
    moment = known._moment(stand, now, then, then, counts, None)
    assert (moment.owed, moment.other) == (14, 1)
    assert moment.parts == "5 open, 9 not measured again."
    assert moment.moved == "4 new, 1 cleared, 1 gone (moved, merged or corrected)."
    assert known._moment(stand, now, then, then, {**counts, (now.id, "open"): 7}, None).moved.endswith(
        "1 come in (moved or corrected)."
    )


def test_a_correction_stands_on_the_timeline_beside_the_load_it_corrects_and_both_are_counted(director, past):
    stand = standing()
    wrong = replace(stand.snapshot, id="first-of-the-day")
    known_ones = [stand.snapshot, wrong, past]
    assert known._date_before(known_ones, stand.snapshot) is known._date_before(known_ones, wrong) is past
    counts = {(past.id, "open"): 3, (wrong.id, "open"): 9, (wrong.id, "begun"): 6, (stand.snapshot.id, "open"): 3}
    first = known._moment(stand, wrong, past, past, counts, None)
    assert (first.open, first.begun, first.other) == (9, 6, 0)


def test_a_month_counted_by_other_rules_says_so(director, monkeypatch):
    monkeypatch.setattr(first_known, "rules", lambda *hashes: "others")
    found = next(
        told_of for measure in standings.catalogue()
        if (told_of := queries.measure_page(director, measure).then) and told_of.months
    )  # fmt: skip
    assert all("other rules or definitions" in one.said for one in found.months)
