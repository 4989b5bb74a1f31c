"""The one address that takes files: who may send, how much, under what names; and nothing on a disk in the clear."""

from __future__ import annotations

import io

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse

from lineofsight.lake import staging
from lineofsight.web.access.chain import LogUnavailable
from lineofsight.web.data import uploads
from lineofsight.web.data.actions import loads as actions
from lineofsight.web.data.models import Job
from lineofsight.web.site import bodies

pytestmark = pytest.mark.django_db
CANARY = b"Zebedee Quillfeather"


def at():
    return reverse("data:new-load")


def file(name="a.csv", data=CANARY):
    return SimpleUploadedFile(name, data)


def body(**fields):
    return encode_multipart(BOUNDARY, {"as_at": "", **fields})


class Unread(io.BytesIO):
    """A body that must not be read."""

    def read(self, *size):
        raise AssertionError("it was read")


def _under(home):
    return {path.relative_to(home.path) for path in home.path.rglob("*")}


def bytes_under(folder):
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def asked(client, data, length, **headers):
    return client.generic("POST", at(), data, content_type=MULTIPART_CONTENT, CONTENT_LENGTH=str(length), **headers)


@pytest.mark.full
def test_no_byte_is_read_before_it_is_known_who_sends(client_as, people, home, rf):
    for client in (Client(), client_as("dcs"), client_as("lead-member")):
        request = client._base_environ() if hasattr(client, "_base_environ") else {}
        request |= {
            "PATH_INFO": at(),
            "REQUEST_METHOD": "POST",
            "CONTENT_TYPE": MULTIPART_CONTENT,
            "CONTENT_LENGTH": "1000000",
            "wsgi.input": Unread(),
        }
        assert client.request(**request).status_code in (302, 403)
    assert staging.names(home) == []


def test_a_form_without_its_token_is_refused_and_nothing_is_kept(people, home, client_as):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client_as("analyst").cookies
    answer = strict.post(at(), {"files": file(), "as_at": ""})
    assert answer.status_code == 403
    assert staging.names(home) == []
    assert not Job.objects.exists()


def test_what_says_it_is_too_long_is_refused_before_any_of_it_is_kept(analyst, home, monkeypatch):
    pieces = []
    real = uploads.ToStaging.receive_data_chunk
    monkeypatch.setattr(uploads.ToStaging, "receive_data_chunk", lambda *given: pieces.append(given) or real(*given))
    monkeypatch.setattr(settings, "UPLOAD_MOST_BYTES", 3 * 1024**2)
    monkeypatch.setattr(uploads, "_AROUND", 0)
    large = body(files=file(data=b"x" * (4 * 1024**2)))
    assert asked(analyst, large, len(large)).status_code == 413
    assert pieces == []


def test_more_than_is_taken_is_refused_by_its_length_and_by_what_comes(analyst, home, monkeypatch):
    monkeypatch.setattr(settings, "UPLOAD_MOST_BYTES", 3 * 1024**2)
    large = body(files=file(data=b"x" * (4 * 1024**2)))
    by_length = asked(analyst, large, len(large))
    assert by_length.status_code == 413
    monkeypatch.setattr(uploads, "_AROUND", 100 * 1024**2)
    by_bytes = asked(analyst, large, len(large))
    assert by_bytes.status_code == 413
    for answer in (by_length, by_bytes):
        assert "more than the 3 MB that are taken at once" in answer.content.decode()
    assert staging.names(home) == []
    assert not Job.objects.exists()


def test_more_files_than_are_taken_are_refused(analyst, home, monkeypatch):
    monkeypatch.setattr(settings, "DATA_UPLOAD_MAX_NUMBER_FILES", 3)
    answer = analyst.post(at(), {"files": [file(f"{n}.csv") for n in range(4)], "as_at": ""})
    assert answer.status_code == 400
    assert staging.names(home) == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("../../../keys/master.key", "master.key"),
        ("C:\\Users\\ada\\contacts.csv", "contacts.csv"),
        ("/etc/passwd", "passwd"),
        ("a\u202egnp.csv", "agnp.csv"),
        ("x" * 400 + ".csv", None),
        ("<script>alert(1)</script>.csv", "script>.csv"),
    ],
)
def test_a_name_is_told_back_and_never_reaches_a_path(analyst, home, given, said):
    before = _under(home)
    answer = analyst.post(at(), {"files": file(given), "as_at": ""})
    assert answer.status_code == 302
    job = Job.objects.get()
    ((name, size),) = job.files
    assert size == len(CANARY) and len(name) <= 120 and "/" not in name and "\\" not in name
    if said:
        assert name == said
    new = _under(home) - before
    sealed = {str(one) for one in new if "staging" in one.parts}
    assert sealed == {
        "lake/staging",
        f"lake/staging/{job.sending}",
        f"lake/staging/{job.sending}/key",
        f"lake/staging/{job.sending}/0000.sealed",
    }
    assert not {one for one in new if "staging" not in one.parts and not one.name.startswith((".", "line"))}
    page = analyst.get(reverse("data:sending", args=[job.key])).content.decode()
    assert "<script>alert" not in page


def test_nothing_that_is_sent_is_on_a_disk_in_the_clear(analyst, home, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    sealed = staging.Writer._seal
    seen = []

    def watched(self, piece, *, last):
        sealed(self, piece, last=last)
        seen.append(CANARY in bytes_under(tmp_path))

    monkeypatch.setattr(staging.Writer, "_seal", watched)
    data = CANARY * 200_000
    assert analyst.post(at(), {"files": [file(data=data), file("b.csv", data)], "as_at": ""}).status_code == 302
    assert len(seen) >= 8 and not any(seen)
    assert CANARY not in bytes_under(tmp_path)
    assert not list((tmp_path / "scratch").iterdir())


def test_a_form_cut_short_is_refused_and_nothing_of_it_is_kept(analyst, home):
    whole = body(files=file(data=CANARY * 1000))
    for length in (len(whole) // 2, len(whole) - 10):
        answer = asked(analyst, whole[:length], length)
        assert answer.status_code in (200, 400)
    assert staging.names(home) == []
    assert not Job.objects.exists()


def test_a_disk_that_is_full_is_one_plain_sentence_and_nothing_is_kept(analyst, home, monkeypatch):
    def full(self, piece, *, last):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(staging.Writer, "_seal", full)
    answer = analyst.post(at(), {"files": file(data=b"x" * 3_000_000), "as_at": ""})
    assert answer.status_code == 413
    assert "no space left on device" in answer.content.decode()
    assert staging.names(home) == []


def test_every_other_address_takes_no_file(analyst, client, people, home, newest):
    for name, args in (("data:withdraw-load", [newest]), ("data:answer-load", [newest]), ("access:sign-out", [])):
        answer = analyst.post(reverse(name, args=args), {"why": "x y z", "file": file()})
        assert answer.status_code == 400, name
    assert client.post(reverse("access:sign-in"), {"username": "a", "password": "b", "f": file()}).status_code == 400


@pytest.mark.parametrize("kind", ["application/json", "application/octet-stream", "text/plain", "multipart/mixed"])
def test_the_one_address_takes_files_in_a_form_and_nothing_else(analyst, home, kind):
    assert analyst.generic("POST", at(), CANARY, content_type=kind).status_code == 400
    charset = f"{MULTIPART_CONTENT}; charset=utf-7"
    assert analyst.generic("POST", at(), body(files=file()), content_type=charset).status_code == 400
    assert staging.names(home) == []


def test_only_that_address_is_one_that_takes_files(rf):
    assert bodies.takes_files(rf.post(at(), {"a": "b"}))
    assert not bodies.takes_files(rf.post("/data/", {"a": "b"}))
    assert not bodies.takes_files(rf.post(at(), "a=b", content_type=bodies.URLENCODED))


def test_where_the_log_is_not_there_what_was_sent_is_not_kept(analyst, home, monkeypatch):
    def unwritten(**told):
        raise LogUnavailable

    monkeypatch.setattr(actions, "record", unwritten)
    assert analyst.post(at(), {"files": file(), "as_at": ""}).status_code == 503
    assert staging.names(home) == []


def test_two_people_who_send_the_same_at_once_have_a_job_each(analyst, home):
    for _ in range(2):
        assert analyst.post(at(), {"files": file(), "as_at": ""}).status_code == 302
    first, second = Job.objects.all()
    assert first.sending != second.sending
    assert sorted(staging.names(home)) == sorted([first.sending, second.sending])
