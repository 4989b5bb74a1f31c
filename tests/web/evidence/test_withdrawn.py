"""What stands on a load that was withdrawn says so: packs, evidence, figures, records, and the thread to them."""

from __future__ import annotations

import shutil
from datetime import date

import pytest
from django.urls import reverse
from tests.web.practice.conftest import NOW, westharbour  # noqa: F401  a home with two months in it

from lineofsight import clock, loading
from lineofsight.home import open_home
from lineofsight.web.access.house import lake_in_use
from lineofsight.web.access.permissions import Refused
from lineofsight.web.commitments import actions as commitments
from lineofsight.web.data.queries import fed
from lineofsight.web.evidence import resolvers, thread, withdrawn
from lineofsight.web.evidence.models import Evidence
from lineofsight.web.practice.queries import figures, standing
from lineofsight.web.reports import packs

pytestmark = pytest.mark.django_db
WHY = "The export of October was cut short."


@pytest.fixture
def home(westharbour, tmp_path, monkeypatch):  # noqa: F811
    path = shutil.copytree(westharbour.path, tmp_path / "home")
    monkeypatch.setenv("LINEOFSIGHT_HOME", str(path))
    with clock.frozen_at(NOW):
        yield open_home(path)
    standing.forget()
    figures.forget()


@pytest.fixture
def lived(home, viewer_as):
    """A pack of October, signed, and the record of it; then its load is withdrawn. Gives what stood on it."""
    commitments.extend()
    director = viewer_as("dcs")
    pack = packs.make("dcs", date(2026, 10, 1), director)
    told = commitments.Told(
        held_on=clock.today(), judgement="satisfied", words="Cover is arranged.", difference="All were seen."
    )
    about = commitments.Subject("October 2026 pack", "pack", str(pack.pk))
    frozen = commitments.Frozen("pack", str(pack.pk), pack.digest)
    record = commitments.sign_now(about, told, by=director, rests_on=[frozen])
    return pack, record


def taken_back(home, pack):
    loading.withdraw(home, pack.snapshot_id, by="p-analyst", why=WHY)
    standing.forget()
    figures.forget()


def test_before_it_is_withdrawn_nothing_says_so(lived, viewer_as, client_as):
    pack, record = lived
    assert withdrawn.withdrawn_words(viewer_as("dcs"), pack.snapshot_id) == ""
    assert resolvers.resolve(viewer_as("dcs"), "pack", str(pack.pk)).withdrawn == ""
    assert resolvers.resolve(viewer_as("dcs"), "record", str(record.pk)).withdrawn == ""
    assert withdrawn.withdrawn_words(viewer_as("dcs"), "", "2000-01-01-aaaaaaaa") == ""


def test_a_pack_a_record_and_a_figure_say_it_wherever_they_stand(home, lived, viewer_as, client_as):
    pack, record = lived
    taken_back(home, pack)
    said = f"This stands on a load that was withdrawn on 12 November 2026 because: {WHY}"
    director, client = viewer_as("dcs"), client_as("dcs")
    for kind, key in (("pack", str(pack.pk)), ("record", str(record.pk))):
        assert resolvers.resolve(director, kind, key).withdrawn == said
        assert said in thread.here(director, kind, key).note
    figure = f"CP10@{pack.snapshot_id}@{pack.computation_id}"
    assert resolvers.resolve(director, "figure", figure).withdrawn == said
    for address in (
        reverse("reports:pack", args=["dcs", date(2026, 10, 1)]),
        reverse("commitments:record", args=[record.pk]),
        reverse("evidence:thread", args=["pack", pack.pk]),
    ):
        assert said in client.get(address).content.decode(), address


def test_who_sees_no_child_by_name_reads_the_day_and_not_the_words(home, lived, viewer_as):
    pack, _ = lived
    taken_back(home, pack)
    said = withdrawn.withdrawn_words(viewer_as("lead-member"), pack.snapshot_id)
    assert said == "This stands on a load that was withdrawn on 12 November 2026."


def test_what_a_load_had_fed_is_listed_as_each_viewer_may_see_it(home, lived, viewer_as):
    pack, record = lived
    found = fed.fed(viewer_as("dcs"), pack.snapshot_id)
    told = {kind.title: [one.label for one in kind.listed] for kind in found.kinds}
    assert any("October 2026 pack" in one for one in told["Packs"])
    assert told["Records that were signed"] == ["October 2026 pack"]
    first = lake_in_use().snapshots()[0]
    assert [one.snapshot.id for one in fed.fed(viewer_as("dcs"), first.id).loads] == [pack.snapshot_id]


def test_evidence_that_was_frozen_on_it_says_it(home, lived, viewer_as, client_as):
    pack, _ = lived
    client = client_as("dcs")
    page = client.get(reverse("commitments:seen"), {"kind": "measure", "key": "CP10"})
    assert page.status_code == 200
    from lineofsight.web.evidence.actions import freeze

    seen = resolvers.see(viewer_as("dcs"), "measure", "CP10")
    made = freeze(viewer_as("dcs"), "measure", "CP10", seen.label, seen.content, seen.rests_on)
    taken_back(home, pack)
    assert Evidence.objects.get(pk=made.pk).snapshot_id == pack.snapshot_id
    assert "was withdrawn" in resolvers.resolve(viewer_as("dcs"), "evidence", str(made.pk)).withdrawn
    assert pack.snapshot_id in withdrawn.snapshots_under("evidence", str(made.pk))


def test_what_a_viewer_may_not_see_is_counted_and_not_named(home, lived, viewer_as, monkeypatch):
    pack, _ = lived
    monkeypatch.setattr(resolvers, "resolve", lambda viewer, kind, key: None)
    (told,) = [one for one in fed.fed(viewer_as("analyst"), pack.snapshot_id).kinds if one.title == "Packs"]
    assert (list(told.listed), told.hidden, told.total) == ([], 1, 1)


def test_who_does_not_see_data_is_told_nothing_of_it(home, lived, viewer_as):
    with pytest.raises(Refused):
        fed.fed(viewer_as("lead-member"), lived[0].snapshot_id)
