"""Late recording on the page: the counts, who may see them and the children behind them, and never a worker."""

import csv
import io
from dataclasses import replace
from html import unescape

import pyarrow.compute as pc
import pytest
from django.db import DatabaseError
from django.http import Http404

from lineofsight import clock
from lineofsight.cases import late as recorded
from lineofsight.web.access.chain import LogUnavailable, told
from lineofsight.web.access.models import ChainEvent, Restriction
from lineofsight.web.access.pace import LISTING
from lineofsight.web.access.permissions import Capability, Refused
from lineofsight.web.access.scope import may_open
from lineofsight.web.access.viewer import Scope
from lineofsight.web.practice import bars
from lineofsight.web.practice.queries import late
from lineofsight.web.practice.queries.late import Asked
from lineofsight.web.practice.queries.standing import belonging, standing, workers

ALL = Asked(whole=True)


@pytest.fixture
def rows(home):
    """What was entered late with the newest extract, of children."""
    stand = standing()
    return [one for one in stand.lake.read(stand.computation, "late").to_pylist() if one["child_key"]]


@pytest.fixture
def counts(home):
    """What is counted of the newest extract."""
    stand = standing()
    return [one for one in stand.lake.read(stand.computation, "late_counts").to_pylist() if one["as_at"] == stand.as_at]


def within(viewer, kind, ids):
    return replace(viewer, scope=Scope(kind, frozenset(ids)), capabilities=viewer.capabilities | {Capability.SEE_DATA})


def test_the_page_counts_what_the_extract_tells(director, counts):
    page = late.late_page(director)
    found = [one for one in counts if one["state"] in (recorded.LATE, recorded.ENTERED)]
    assert page.whole.entered == sum(one["count"] for one in found) > 0
    assert page.whole.late == sum(one["count"] for one in found if one["state"] == recorded.LATE) > 0
    assert sum(page.whole.bands) == page.whole.entered
    for lines in (page.by_team, page.by_kind):
        assert sum(one.entered for one in lines) == page.whole.entered
        assert sum(one.late for one in lines) == page.whole.late
        assert all(one.bands[0] + one.late == one.entered == sum(one.bands) for one in lines)
        assert [one.title for one in lines] == sorted(one.title for one in lines)
    assert page.by_month[0].late == page.whole.late
    assert f"{page.whole.late:,} ({page.whole.share})" in page.sentence
    assert "30 September 2026 and 31 October 2026" in page.sentence


def test_one_kind_and_one_extract_can_be_chosen(director, counts):
    page = late.late_page(director, Asked(kind="need-visit"))
    assert page.whole.entered == sum(
        one["count"] for one in counts if one["kind"] == "need-visit" and one["state"] in ("late", "entered")
    )
    first = late.late_page(director, Asked(month=page.months[-1]))
    assert first.since is None
    assert "first extract" in first.sentence
    assert not first.opens
    for wrong in (Asked(kind="nothing"), Asked(month=clock.today())):
        with pytest.raises(Http404):
            late.late_page(director, wrong)
    with pytest.raises(Http404):
        late.late_children(director, Asked(kind="nothing"))
    with pytest.raises(Http404):
        late.late_children(director, Asked(page=99))


def test_what_could_not_be_measured_is_named_with_the_reason(director, counts):
    lacking = [one for one in counts if one["state"] == recorded.NOT_MEASURED]
    told_of = late.late_page(director).not_measured
    assert len(told_of) == len(lacking)
    assert all(why.endswith(".") for _, why in told_of)


def test_a_narrower_scope_counts_its_own(viewer_as, counts):
    manager = viewer_as("head-of-service")
    for column, kind in (("team_id", "team"), ("service_id", "service")):
        one = next(row[column] for row in counts if row["state"] == recorded.LATE and row[column])
        page = late.late_page(within(manager, kind, {one}))
        mine = [row for row in counts if row[column] == one and row["state"] in (recorded.LATE, recorded.ENTERED)]
        assert page.whole.entered == sum(row["count"] for row in mine)
        assert page.not_measured == late.late_page(viewer_as("dcs")).not_measured


@pytest.mark.parametrize("kind", ["own", "assigned", "agency", "none"])
def test_a_scope_of_single_people_counts_nothing_so_that_no_worker_is_measured(director, place, kind):
    page = late.late_page(within(director, kind, {place.worker}))
    assert page.whole.entered == 0
    assert late.late_children(within(director, kind, {place.worker}), ALL).total == 0


def test_an_office_that_sees_no_data_is_refused(viewer_as, client_as):
    for office in ("lead-member", "team-manager", "administrator", "social-worker"):
        with pytest.raises(Refused):
            late.late_page(viewer_as(office))
        with pytest.raises(Refused):
            late.late_children(viewer_as(office))
        assert not late.may_late_children(viewer_as(office))
        assert client_as(office).get("/data/late/").status_code == 403


def test_below_the_identified_level_small_numbers_are_hidden_and_nothing_is_divided(viewer_as, director):
    lead = replace(viewer_as("lead-member"), capabilities=director.capabilities)
    kind = next(one.key for one in late.late_page(director).by_kind if 0 < one.late < 5)
    page = late.late_page(lead, Asked(kind=kind))
    assert page.hidden
    assert "not shown" in page.sentence
    assert not page.by_team
    assert not page.by_kind
    assert not page.by_month
    assert not page.opens
    with pytest.raises(Refused):
        late.late_children(lead)


def test_the_children_are_those_of_the_rows_and_the_latest_stand_first(director, rows):
    listed = late.late_children(director, ALL)
    assert listed.total + listed.withheld == len(rows)
    assert listed.total > 0
    least = [one.least for one in listed.rows]
    assert all(one.most >= one.least for one in listed.rows)
    assert least == sorted(least, reverse=True)
    one = late.late_children(director, Asked(kind="need-visit", whole=True))
    assert one.total == sum(row["kind"] == "need-visit" for row in rows) - one.withheld


def test_a_team_is_chosen_and_a_service_sees_its_own_children_only(viewer_as, director, rows):
    team, service = rows[0]["team_id"], rows[0]["service_id"]
    assert late.late_children(director, Asked(team=team, whole=True)).total == sum(r["team_id"] == team for r in rows)
    mine = late.late_children(within(viewer_as("head-of-service"), "service", {service}), ALL)
    assert mine.total == sum(row["service_id"] == service for row in rows) < len(rows)


def test_a_child_who_is_now_another_services_stands_without_a_name(viewer_as, rows):
    stand = standing()
    held = belonging(stand, [row["child_key"] for row in rows])
    for service in {row["service_id"] for row in rows}:
        viewer = within(viewer_as("head-of-service"), "service", {service})
        listed = late.late_children(viewer, ALL)
        mine = [held[r["child_key"]] for r in rows if r["service_id"] == service]
        closed = [one for one in mine if not one["restricted"] and not may_open(viewer, one)]
        assert sum(not one.child.ref for one in listed.rows) == len(closed)


def test_a_restricted_record_is_counted_and_not_listed(director, rows):
    key = rows[0]["child_key"]
    before, counted = late.late_children(director, ALL), late.late_page(director).whole.late
    Restriction.objects.create(
        child_key=key, kind="family-of-staff", reason="A test", from_date=clock.today(), placed_by_key="p-dcs"
    )
    after = late.late_children(director, ALL)
    of_child = sum(row["child_key"] == key for row in rows)
    assert (after.total, after.withheld) == (before.total - of_child, before.withheld + of_child)
    assert late.late_page(director).whole.late == counted


def test_the_read_is_in_the_log_before_a_name_is_fetched(director, rows, lake_reads, monkeypatch):
    belonging(standing(), [])  # who belongs to which team is kept, and names nobody
    lake_reads.clear()
    save, order = ChainEvent.save, []

    def noting(self, *told_of, **named):
        order.append(list(lake_reads))
        return save(self, *told_of, **named)

    monkeypatch.setattr(ChainEvent, "save", noting)
    late.late_children(director, Asked(kind="need-visit", team="", whole=True, form="csv"))
    assert order
    assert "persons.parquet" not in order[0]
    event = ChainEvent.objects.get(action="late.listed")
    assert event.subject == "late recording need-visit"
    assert set(told(event).children) == {row["child_key"] for row in rows if row["kind"] == "need-visit"}
    number = sum(row["kind"] == "need-visit" for row in rows)
    assert told(event).detail == {"team": "", "page": 0, "format": "csv", "rows": number}


def test_without_the_log_no_child_is_listed(director, monkeypatch):
    monkeypatch.setattr(ChainEvent, "save", lambda *a, **k: (_ for _ in ()).throw(DatabaseError()))
    with pytest.raises(LogUnavailable):
        late.late_children(director)


def test_lists_are_read_at_a_persons_pace(director, monkeypatch):
    asked = []
    monkeypatch.setattr(late, "check_pace", lambda viewer, what: asked.append((viewer.office, what)))
    late.late_children(director)
    assert asked == [("dcs", LISTING)]


def test_no_worker_is_named_on_any_page(dcs, home):
    known = {one.name for one in workers(standing()).values()}
    for address in ("/data/late/", "/data/late/?kind=supervision", "/data/late/children/"):
        text = unescape(dcs.get(address).content.decode())
        assert not [one for one in known if one in text], address


def test_supervisions_are_counted_and_open_to_nobody(director):
    assert late.late_page(director, Asked(kind="supervision")).whole.entered > 0
    assert late.late_children(director, Asked(kind="supervision", whole=True)).total == 0


def test_the_file_holds_what_the_page_shows(dcs, director):
    listed = late.late_children(director, ALL)
    found = dcs.get("/data/late/children/", {"format": "csv"})
    lines = list(csv.reader(io.StringIO(found.content.decode("utf-8-sig"))))
    assert [one[0] for one in lines[1:]] == [one.child.name for one in listed.rows]
    assert "entered-late-2026-10-31.csv" in found["Content-Disposition"]
    assert dcs.get("/data/late/children/", {"format": "doc"}).status_code == 404


def test_the_page_says_the_same_as_its_chart(dcs):
    found = dcs.get("/data/late/")
    page, (wide, narrow) = found.context["page"], found.context["charts"]
    for chart in (wide, narrow):
        assert [int(one.value.split(" ")[0].replace(",", "")) for one in chart.bars] == list(page.whole.bands)
    assert "By worker this is never shown" in found.content.decode()


def test_the_columns_of_each_row_add_up_to_what_was_entered_and_the_sentence_uses_the_words_of_the_first_bar(dcs):
    found = dcs.get("/data/late/")
    page = found.context["page"]
    assert f"{page.whole.bands[0]:,} are not known to be late; {page.whole.late:,} (" in page.sentence
    assert found.context["charts"][0].bars[0].title == "Not known to be late"
    for line in (*page.by_team, *page.by_kind, *page.by_month):
        assert sum(line.bands) == line.entered
        assert sum(line.bands[1:]) == line.late
    shown = found.content.decode()
    assert "1 or less" in shown
    assert "half of the late ones were entered at least, and at most" in shown


def test_a_bar_is_as_long_as_its_share():
    drawn = bars.bars([("A", 1), ("B", 3)], "T", name="wide", width=520, text=13)
    assert [one.width for one in drawn.bars] == [100.0, 300.0]
    assert [one.value for one in drawn.bars] == ["1 (25%)", "3 (75%)"]
    assert drawn.description == "a: 1 (25%); b: 3 (75%)."
    assert bars.bars([("A", 0)], "T", name="wide", width=520, text=13) is None
    assert bars.bars([("A", 1), ("B", 999)], "T", name="wide", width=520, text=13).bars[0].value == "1 (0.1%)"


def test_a_computation_made_before_this_was_kept_says_so_and_fails_nowhere(director, monkeypatch):
    monkeypatch.setattr(late, "carried", lambda *told: None)
    page = late.late_page(director)
    assert page.whole.entered == 0
    assert "first extract" in page.sentence
    assert late.late_children(director, ALL).total == 0


def test_the_middle_is_the_day_that_half_of_them_reach():
    def row(least, count):
        return {"state": "late", "least_working": least, "most_working": least + 20, "count": count}

    assert late._middle([row(1, 1), row(5, 1), row(9, 1)], "least_working") == 5
    assert late._middle([row(1, 1), row(5, 1)], "least_working") == 1
    assert late._middle([row(2, 9), row(50, 1)], "most_working") == 22
    assert late._middle([], "least_working") is None


def test_an_event_of_the_past_is_of_that_extract(director, home):
    stand = standing()
    assert pc.max(stand.lake.read(stand.computation, "late")["day"]).as_py() <= late.late_page(director).since
