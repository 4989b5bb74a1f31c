"""The sign-in of a demonstration exists only where every condition of DESIGN 5 Q holds; else it is a 404."""

import pytest
import tomlkit
from django.test import Client

from lineofsight.home import MARKER
from lineofsight.web.access import demo, house
from lineofsight.web.access.identity.actions import SIGNED_IN
from lineofsight.web.access.models import ChainEvent
from lineofsight.web.access.offices import offices


@pytest.fixture
def demonstration(people, home, monkeypatch):
    """The process and the home of a demonstration."""
    _mark(home, demo=True)
    monkeypatch.setenv("LINEOFSIGHT_DEMO_SERVE", "1")


def _mark(home, *, demo):
    marker = tomlkit.parse((home.path / MARKER).read_text())
    marker["demo"] = demo
    (home.path / MARKER).write_text(tomlkit.dumps(marker))
    house._home_at.cache_clear()


def _sign_in(office="dcs", **meta):
    return Client(enforce_csrf_checks=True).post(
        "/demo/sign-in",
        {"office": office},
        **{"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1:8000", **meta},
    )


@pytest.mark.parametrize("office", list(offices()))
def test_every_office_is_signed_in_by_a_script_and_lands_on_its_own_first_page(demonstration, office):
    client = Client(enforce_csrf_checks=True)
    local = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost:8000"}
    answer = client.post("/demo/sign-in", {"office": office}, **local)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/", **local).context["viewer"].office == office
    assert ChainEvent.objects.get(action=SIGNED_IN).subject == office


@pytest.mark.parametrize(
    "wrong",
    [
        {"REMOTE_ADDR": "10.0.0.7"},
        {"REMOTE_ADDR": ""},
        {"HTTP_HOST": "192.0.2.1:8000"},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_X_FORWARDED_HOST": "localhost"},
        {"HTTP_X_FORWARDED_PROTO": "https"},
        {"HTTP_FORWARDED": "for=127.0.0.1"},
        {"HTTP_X_REAL_IP": "127.0.0.1"},
        {"HTTP_VIA": "1.1 proxy"},
        {"HTTP_ORIGIN": "https://elsewhere.example"},
        {"HTTP_ORIGIN": "http://localhost:9999"},
        {"HTTP_ORIGIN": "null"},
        {"HTTP_SEC_FETCH_SITE": "cross-site"},
        {"HTTP_SEC_FETCH_SITE": "same-site"},
    ],
    ids=str,
)
def test_one_wrong_condition_and_there_is_no_such_page(demonstration, settings, wrong):
    settings.ALLOWED_HOSTS = ["*"]
    assert _sign_in(**wrong).status_code == 404
    assert ChainEvent.objects.count() == 0
    page = Client().get("/sign-in", **{"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1:8000", **wrong})
    assert b"/demo/sign-in" not in page.content


def test_a_process_that_demo_did_not_start_has_no_such_page(demonstration, monkeypatch):
    assert _sign_in().status_code == 302
    monkeypatch.delenv("LINEOFSIGHT_DEMO_SERVE")
    assert _sign_in().status_code == 404


def test_a_home_that_was_not_made_as_a_demonstration_has_no_such_page(demonstration, home):
    assert _sign_in().status_code == 302
    _mark(home, demo=False)
    assert _sign_in().status_code == 404


@pytest.mark.parametrize("headers", [{"HTTP_ORIGIN": "http://127.0.0.1:8000"}, {"HTTP_SEC_FETCH_SITE": "same-origin"}])
def test_a_form_of_this_very_site_is_accepted(demonstration, headers):
    assert _sign_in(**headers).status_code == 302


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_it_answers_to_nothing_but_a_post(demonstration, method):
    client = Client()
    answer = getattr(client, method)("/demo/sign-in?office=dcs", REMOTE_ADDR="127.0.0.1", HTTP_HOST="localhost")
    assert answer.status_code == 404


def test_an_office_nobody_holds_is_no_such_page(demonstration):
    assert _sign_in("chief-of-everything").status_code == 404


def test_the_page_of_a_demonstration_has_a_button_for_every_office_and_says_what_it_is_for(
    demonstration,
):
    page = Client().get("/sign-in", HTTP_HOST="localhost:8000").content.decode()
    for office in offices().values():
        assert f'value="{office.slug}"' in page
        assert office.description[:40].replace("'", "&#x27;") in page


def test_where_there_is_no_home_there_is_no_demonstration(tmp_path, monkeypatch):
    monkeypatch.setenv("LINEOFSIGHT_DEMO_SERVE", "1")
    monkeypatch.setenv("LINEOFSIGHT_HOME", str(tmp_path / "nothing here"))
    assert demo.in_demonstration() is False
