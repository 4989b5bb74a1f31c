"""What is sent to a page is text in UTF-8, of a page's length."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application
from django.test import Client
from django.test.client import FakePayload
from django.urls import reverse

from lineofsight.web.site.bodies import in_utf_8

FORM = "application/x-www-form-urlencoded"
pytestmark = pytest.mark.django_db


def asked(content_type: str) -> tuple[str, str]:
    """The status and the first bytes of what the served application answers to a form said to be of that type."""
    told: list[str] = []
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/sign-in",
        "QUERY_STRING": "next=/measures/",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": "3",
        "wsgi.input": FakePayload(b"a=b"),
        "wsgi.errors": io.StringIO(),
        "wsgi.url_scheme": "http",
    }
    answer = in_utf_8(get_wsgi_application())(environ, lambda status, headers, info=None: told.append(status))
    return told[0], b"".join(answer).decode()


@pytest.mark.parametrize(
    "charset", ["rot13", "base64", "utf-16", "utf-7", "unicode_escape", "idna", "\u00e9", "x" * 999]
)
def test_an_encoding_django_would_fail_on_is_refused_before_it_is_asked(charset: str, home: object) -> None:
    status, said = asked(f"{FORM}; charset={charset}")
    assert (status, "another encoding" in said) == ("400 Bad Request", True)


@pytest.mark.parametrize("content_type", [FORM, f"{FORM}; charset=UTF-8", f'{FORM}; charset="utf-8"'])
def test_a_form_in_utf_8_is_passed_on(content_type: str, home: object) -> None:
    status, said = asked(content_type)
    assert status == "403 Forbidden"  # it has no token
    assert "<h1" in said


def test_a_long_text_and_a_form_of_parts_are_taken(client: Client, people: object) -> None:
    long = "wörds " * 5_000
    for sent in ({"username": long}, {"username": "a", "password": "b"}):
        assert client.post(reverse("access:sign-in"), sent).status_code == 200
        body = "&".join(f"{name}={value}" for name, value in sent.items()).encode()
        assert client.generic("POST", reverse("access:sign-in"), body, content_type=FORM).status_code == 200


def test_what_is_refused_reaches_no_room(client: Client, home: object, monkeypatch: pytest.MonkeyPatch) -> None:
    reached: list[Callable[..., object]] = []
    monkeypatch.setattr("django.contrib.sessions.middleware.SessionMiddleware.process_request", reached.append)
    assert client.generic("POST", "/sign-in", b"a=%00", content_type=FORM).status_code == 400
    assert not reached
