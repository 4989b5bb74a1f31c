"""Verifying: figures counted again from their own rows, files known by their bytes, changes found and located."""

import json
import re
from datetime import date
from hashlib import sha256

import pytest
from django.db import connection
from tests.web.reports.northmere import october

from lineofsight.errors import PlainError
from lineofsight.web.access.fields import seal
from lineofsight.web.access.house import lake_in_use
from lineofsight.web.commitments.actions import Frozen, Subject, Told, sign_now
from lineofsight.web.commitments.models import Record
from lineofsight.web.reports import comparing, packs, verification
from lineofsight.web.reports.models import Pack

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("diary")]
OCTOBER = date(2026, 10, 1)


@pytest.fixture
def pack():
    return packs.make("dcs", OCTOBER)


@pytest.fixture
def signed(pack, viewer_as):
    told = Told(date(2026, 11, 12), "satisfied", "Because cover is arranged.", difference="Seen sooner.")
    return sign_now(
        Subject("Pack", "pack", str(pack.pk)), told, by=viewer_as("dcs"),
        rests_on=[Frozen("pack", str(pack.pk), pack.digest)],
    )  # fmt: skip


def rewrite(pack, change, *, reseal):
    """Change a pack's content underneath the program, as somebody with the database and the keys could."""
    content = json.loads(json.dumps(pack.content))
    change(next(one for one in content["figures"] if one["measure"] == "CP10"), content)
    import base64

    sealed = base64.b64encode(seal("text", "reports.pack.content", json.dumps(content).encode())).decode()
    altered = Pack.objects.get(pk=pack.pk)
    altered.content = content
    with connection.cursor() as cursor:
        digest = altered.seal() if reseal else pack.digest
        cursor.execute("update reports_pack set content = %s, digest = %s", [sealed, digest])
    return Pack.objects.get(pk=pack.pk)


def test_every_figure_of_a_pack_counts_up_from_its_own_snapshot(pack):
    found = verification.verify_pack(lake_in_use(), pack)
    assert (found.ok, found.state, found.problems) == (True, "verified", ())
    assert f"all {len(pack.content['figures'])} figures" in found.sentence


def test_a_figure_altered_without_the_key_breaks_the_seal(pack):
    altered = rewrite(pack, lambda figure, _: figure.update(numerator=1), reseal=False)
    found = verification.verify_pack(lake_in_use(), altered)
    assert (found.ok, found.state) == (False, "altered")
    assert "does not carry the seal" in found.sentence


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"numerator": 1}, "numerator is 1 in the pack and 3 in its snapshot"),
        ({"denominator": 13}, "denominator is 13 in the pack and 12 in its snapshot"),
        ({"value": 8.0}, "value is 8.0 in the pack and 25.0 in its snapshot"),
        ({"unknown": 2}, "unknown is 2 in the pack and 0 in its snapshot"),
        ({"status": "not measured"}, "said not measured, but there are rows of it"),
        ({"counts": "met"}, "numerator is 3 in the pack and 9 in its snapshot"),
    ],
)
def test_a_figure_altered_by_somebody_who_has_the_keys_is_found_by_counting_again(pack, change, said):
    altered = rewrite(pack, lambda figure, _: figure.update(change), reseal=True)
    assert altered.is_as_made()
    found = verification.verify_pack(lake_in_use(), altered)
    assert (found.ok, found.state) == (False, "altered")
    assert said in found.problems[0]
    assert "Children on a plan with no allocated social worker" in found.problems[0]


def test_other_children_behind_the_same_number_are_found(pack):
    swapped = replace_rows(pack)
    found = verification.verify_pack(lake_in_use(), swapped)
    assert not found.ok
    assert "the children counted are not those in its snapshot" in found.problems[0]


def replace_rows(pack):
    import base64

    rows = json.loads(json.dumps(pack.rows))
    rows["CP10"]["in"][0] = "0" * 24
    sealed = base64.b64encode(seal("text", "reports.pack.rows", json.dumps(rows).encode())).decode()
    altered = Pack.objects.get(pk=pack.pk)
    altered.rows = rows
    with connection.cursor() as cursor:
        cursor.execute("update reports_pack set rows = %s, digest = %s", [sealed, altered.seal()])
    return Pack.objects.get(pk=pack.pk)


def test_rows_that_are_no_longer_held_are_said_and_not_called_altered(pack, home):
    import shutil

    shutil.rmtree(home.lake / "snapshots" / pack.snapshot_id)
    found = verification.verify_pack(lake_in_use(), pack)
    assert (found.ok, found.state) == (True, "rows no longer held")


def test_a_flipped_bit_in_the_rows_is_a_problem_and_never_a_number(pack, home):
    (rows,) = (home.lake / "snapshots" / pack.snapshot_id).glob("computations/*/rows.parquet")
    raw = bytearray(rows.read_bytes())
    raw[len(raw) // 2] ^= 1
    rows.chmod(0o600)
    rows.write_bytes(bytes(raw))
    found = verification.verify_pack(lake_in_use(), pack)
    assert (found.ok, found.state) == (False, "altered")


def test_sign_load_a_correction_verify_again_and_the_old_figure_stands(pack, signed, load):
    load(october({"4", "8", "12", "2"}))
    again = Pack.objects.get(pk=pack.pk)
    figure = next(one for one in again.content["figures"] if one["measure"] == "CP10")
    assert figure["numerator"] == 3
    assert verification.verify_pack(lake_in_use(), again).ok
    now = comparing.figures_now(again)
    assert now.of("CP10") == "3 of 12 when this pack was made, 4 of 12 now: one recorded late."
    assert "differently now" in now.sentence
    assert now.of("CP08") == ""
    assert all(one.ok for one in verification.everything())


def test_one_put_right_and_one_recorded_late_are_both_said(pack, load):
    load(october({"4", "8", "2"}))
    assert comparing.figures_now(pack).of("CP10") == (
        "3 of 12 then and now, but of other children: one recorded late and one no longer counted."
    )


def test_the_same_figures_in_newer_data_are_said_to_be_the_same(pack, load):
    load(october(as_at=date(2026, 11, 10)))
    now = comparing.figures_now(pack)
    assert now.differences == ()
    assert now.sentence == "Newer data has been loaded since. Every figure in this pack is still the same."


def test_nothing_is_said_where_nothing_newer_is_known(pack):
    assert comparing.figures_now(pack).sentence == ""


@pytest.mark.parametrize("form", ["pdf", "html"])
def test_a_file_is_known_by_its_bytes_and_its_figures_are_counted_again(pack, tmp_path, form):
    path = tmp_path / f"october.{form}"
    path.write_bytes(packs.render(pack, form))
    found = packs.verify_file(path)
    assert found.ok
    assert f"october.{form} is as it was written" in found.sentence


@pytest.mark.parametrize("form", ["pdf", "html"])
def test_a_file_changed_in_one_number_is_found(pack, tmp_path, form):
    content = packs.render(pack, form)
    changed = content.replace(b"25%", b"05%") if form == "html" else content[:-40] + b"#" + content[-39:]
    assert changed != content
    path = tmp_path / f"october.{form}"
    path.write_bytes(changed)
    found = packs.verify_file(path)
    assert (found.ok, found.state) == (False, "altered")
    assert "not what was written" in found.sentence


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "carries no mark"),
        (b"%PDF-1.7 nothing of ours", "carries no mark"),
        (
            b"lineofsight-pack 00000000-0000-4000-8000-000000000000 lineofsight-digest " + b"a" * 64,
            "not a pack of this home",
        ),
    ],
)
def test_a_file_that_is_no_pack_of_ours_gets_one_plain_sentence(tmp_path, content, said):
    path = tmp_path / "other.pdf"
    path.write_bytes(content)
    with pytest.raises(PlainError, match=said):
        packs.verify_file(path)


def test_a_file_that_is_not_there_gets_one_plain_sentence(tmp_path):
    with pytest.raises(PlainError, match="cannot be read"):
        packs.verify_file(tmp_path / "none.pdf")


def test_a_signed_record_changed_underneath_is_found_by_verifying_everything(signed):
    assert all(one.ok for one in verification.everything())
    with connection.cursor() as cursor:
        cursor.execute("update commitments_record set judgement = 'decided'")
    wrong = [one for one in verification.everything() if not one.ok]
    assert len(wrong) == 1
    assert str(signed.pk) in wrong[0].sentence


def test_a_text_that_no_longer_opens_is_found_and_does_not_stop_the_verifying(signed):
    with connection.cursor() as cursor:
        cursor.execute("update commitments_record set words = 'AAAA'")
    wrong = [one.sentence for one in verification.everything() if not one.ok]
    assert len(wrong) == 1


def test_a_record_that_only_an_index_still_knows_is_found_and_does_not_stop_the_verifying(signed, monkeypatch):
    """As where a bit of the table's own page flipped: its key is listed, and no row has it."""

    def gone(**_):
        raise Record.DoesNotExist

    monkeypatch.setattr(Record._default_manager, "get", gone, raising=False)
    wrong = [one.sentence for one in verification.everything() if not one.ok]
    assert len(wrong) == 1
    assert str(signed.pk) in wrong[0]


def test_the_same_pack_gives_the_same_bytes_and_its_rendering_is_kept_once(pack):
    first = packs.render(pack, "pdf")
    assert packs.render(Pack.objects.get(pk=pack.pk), "pdf") == first
    kept = pack.renderings.get(form="pdf")
    assert kept.sha256 == sha256(first).hexdigest()


def test_an_altered_pack_is_not_written_out(pack):
    altered = rewrite(pack, lambda figure, _: figure.update(numerator=1), reseal=False)
    with pytest.raises(PlainError, match="altered after it was made"):
        packs.render(altered, "pdf")


def test_the_command_line_writes_what_was_signed_rather_than_what_is_newer(pack, signed, load):
    load(october({"4", "8", "12", "2"}))
    newer = packs.make("dcs", OCTOBER)
    written = packs.write("dcs", "2026-10", "html")
    assert re.search(rb"lineofsight-pack ([0-9a-f-]+)", written)[1].decode() == str(pack.pk)
    assert str(newer.pk).encode() not in written


@pytest.mark.parametrize(("month", "form"), [("October", "pdf"), ("2026-13", "pdf"), ("2026-10", "docx")])
def test_a_month_or_a_form_that_cannot_be_is_refused_in_words(month, form):
    with pytest.raises(PlainError):
        packs.write("dcs", month, form)


def test_each_pack_is_told_with_its_edition_when_it_was_made_and_under_which_computation():
    (pack, _) = packs.make_current()
    said = verification.verify_pack(lake_in_use(), pack).sentence
    assert said.startswith("The October 2026 pack for the Director of Children’s Services, edition 1, made 12 November")
    assert f"at 12:00:00 under computation {pack.computation_id}: all " in said
