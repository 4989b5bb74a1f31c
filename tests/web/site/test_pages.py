"""What stands around every page: headers, times, the menu, plain answers, and static files."""

import hashlib
import json
import logging
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import path

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.home import create_home
from lineofsight.keys import create_keys
from lineofsight.web.access.offices import offices
from lineofsight.web.access.permissions import Capability
from lineofsight.web.access.viewer import viewer_of
from lineofsight.web.site import urls as house
from lineofsight.web.site.logs import JsonLines, NoPersonalData

CANARY = "Zephyrine Quillfeather"


def _broken(request):
    name = CANARY
    raise ValueError(f"cannot read {name}")


def _refused_plainly(request):
    raise PlainError("The extract has no children in it.")


def _open(request):
    return HttpResponse(viewer_of(request).office, headers={"Cache-Control": "public, max-age=60"})


urlpatterns = [
    path("broken/", _broken),
    path("plainly/", _refused_plainly),
    path("open/", _open),
    *house.urlpatterns,
]
for _name in ("handler400", "handler403", "handler404", "handler500"):
    globals()[_name] = getattr(house, _name)

here = override_settings(ROOT_URLCONF=__name__)

PAGES = ["/sign-in", "/access/offices/", "/access/log/", "/no-such-page/", "/open/", "/broken/", "/plainly/"]


@here
@pytest.mark.parametrize("office", ["dcs", "administrator", "information-governance", None])
@pytest.mark.parametrize("address", PAGES)
def test_every_page_whoever_asks_and_however_it_ends_carries_the_headers(client_as, address, office):
    client = client_as(office) if office else Client()
    client.raise_request_exception = False
    headers = client.get(address).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == policy["img-src"] == "'self'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert "camera=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize("address", ["/", "/access/offices/", "/access/log/"])
def test_nothing_is_shown_to_somebody_who_has_not_signed_in(people, address):
    answer = Client().get(address)
    assert (answer.status_code, answer["Location"]) == (302, f"/sign-in?next={address}")


def test_every_address_needs_a_sign_in_unless_it_is_one_of_these():
    from django.urls import URLPattern, get_resolver

    def every(patterns):
        for one in patterns:
            if isinstance(one, URLPattern):
                yield one
            else:
                yield from every(one.url_patterns)

    open_to_all = {
        one.name
        for one in every(get_resolver("lineofsight.web.site.urls").url_patterns)
        if not getattr(one.callback, "login_required", True)
    }
    ways_in = {"sign-in", "sign-in-code", "sign-in-passkey", "sign-in-entra", "sign-in-entra-return", "demo-sign-in"}
    assert open_to_all == {*ways_in, "sign-out", "invitation", "choose-password"}


def test_cookies_are_out_of_reach_of_scripts_and_other_sites_and_travel_encrypted(client_as):
    client = Client()
    client.get("/sign-in")
    cookie = client.cookies["__Host-csrf"]
    assert cookie["httponly"] and cookie["secure"] and cookie["samesite"] == "Lax"
    assert settings.SESSION_COOKIE_SECURE and settings.SESSION_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE == "Lax"


def test_each_cookie_is_bound_to_this_very_host_and_all_its_paths_by_its_name(client_as):
    client = client_as("dcs")
    client.get("/account/")
    client.post("/account/notices/read/")
    assert set(client.cookies) == {"__Host-session", "__Host-csrf"}
    for cookie in client.cookies.values():
        assert cookie["secure"] and cookie["path"] == "/" and not cookie["domain"], cookie.key


def test_a_demonstration_has_no_tls_so_its_cookies_carry_no_prefix(tmp_path):
    made = create_home(tmp_path / "demo", authority="306", authority_name="N", demo=True)
    create_keys(made)
    assert _setting("SESSION_COOKIE_NAME", made.path) == "session"
    assert _setting("CSRF_COOKIE_NAME", made.path) == "csrf"


def test_browsers_are_told_to_stay_with_tls_for_a_year_here_and_below_and_never_through_a_list_of_theirs(db, home):
    told = Client().get("/sign-in", secure=True).headers["Strict-Transport-Security"]
    assert told == "max-age=31536000; includeSubDomains"


@pytest.mark.parametrize(("said", "below"), [("1", "True"), ("", "True"), ("0", "False")])
def test_names_below_this_host_are_left_alone_only_where_the_deployment_says_so(tmp_path, said, below):
    made = create_home(tmp_path / "home", authority="306", authority_name="N")
    create_keys(made)
    given = {"LINEOFSIGHT_HSTS_SUBDOMAINS": said} if said else {}
    assert _setting("SECURE_HSTS_INCLUDE_SUBDOMAINS", made.path, **given) == below
    assert _setting("SECURE_HSTS_PRELOAD", made.path, **given) == "False"


def test_only_the_cookies_of_a_demonstration_travel_without_tls(tmp_path):
    def secure(*, demo):
        made = create_home(tmp_path / f"demo-{demo}", authority="306", authority_name="N", demo=demo)
        create_keys(made)
        return _setting("SESSION_COOKIE_SECURE", made.path)

    assert (secure(demo=False), secure(demo=True)) == ("True", "False")


def _setting(name, home, **given):
    """One setting as a fresh process working in `home` has it, with what the environment gives."""
    code = f"from lineofsight.web.site import settings; print(settings.{name})"
    environment = {"LINEOFSIGHT_HOME": str(home), "PATH": "/usr/bin:/bin", **given}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.strip()


def test_the_end_of_a_session_has_the_browser_let_go_of_what_it_kept_and_leaves_other_sites_their_cookies(client_as):
    client = client_as("dcs")
    for address in ("/", "/account/"):
        assert "Clear-Site-Data" not in client.get(address).headers
    for answer in (client.post("/sign-out"), _timed_out(client_as("dcs"))):
        assert answer["Location"] == "/sign-in"
        assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'


def _timed_out(client):
    with clock.frozen_at(clock.now() + timedelta(minutes=31)):
        return client.get("/account/")


def test_a_page_says_when_it_is_to_clear_itself_only_to_who_is_signed_in(client_as):
    page = client_as("dcs").get("/account/").content.decode()
    assert f'data-clear-after="{settings.SESSION_IDLE_MINUTES}"' in page and 'id="los-left"' in page
    sign_in = Client().get("/sign-in").content.decode()
    assert "data-clear-after" not in sign_in and "data-session-over" in sign_in
    assert "data-session-over" not in client_as("dcs").get("/sign-in").content.decode()


NINE = datetime(2026, 11, 4, 9, 0, tzinfo=UTC)


@here
def test_a_session_ends_after_thirty_minutes_without_use(client_as):
    with clock.frozen_at(NINE):
        client = client_as("dcs")
    with clock.frozen_at(NINE + timedelta(minutes=29, seconds=59)):
        assert client.get("/open/").status_code == 200
    with clock.frozen_at(NINE + timedelta(minutes=59)):
        assert client.get("/open/").status_code == 200
    with clock.frozen_at(NINE + timedelta(minutes=89)):
        answer = client.get("/open/", follow=True)
    assert answer.redirect_chain == [("/sign-in", 302)]
    assert "You were signed out" in answer.content.decode()
    assert client.get("/open/").status_code == 302


@here
def test_a_session_ends_after_twelve_hours_however_much_it_is_used(client_as):
    with clock.frozen_at(NINE):
        client = client_as("dcs")
    for minutes in range(20, 12 * 60, 20):
        with clock.frozen_at(NINE + timedelta(minutes=minutes)):
            assert client.get("/open/").status_code == 200
    with clock.frozen_at(NINE + timedelta(hours=12)):
        assert client.get("/open/").status_code == 302


@here
def test_a_session_that_does_not_say_when_it_began_is_ended(client_as):
    client = client_as("dcs")
    session = client.session
    del session["began"]
    session.save()
    assert client.get("/open/").status_code == 302


@here
def test_a_broken_page_says_that_nothing_was_lost_and_shows_nothing_of_what_broke(client_as, caplog):
    client = client_as("dcs")
    client.raise_request_exception = False
    answer = client.get("/broken/?q=" + CANARY.replace(" ", "+"))
    text = answer.content.decode()
    assert answer.status_code == 500 and "Nothing you had saved was lost" in text
    assert "Zephyrine" not in text and "ValueError" not in text
    logged = "\n".join(NoPersonalData().format(record) for record in caplog.records)
    assert "ValueError raised at:" in logged and "_broken" in logged and "/broken/" in logged
    assert "Zephyrine" not in logged and "Quillfeather" not in logged


def test_a_log_line_leaves_out_what_stands_after_a_question_mark():
    record = logging.LogRecord("x", logging.WARNING, "", 0, "Not Found: %s", (f"/a/?name={CANARY}",), None)
    assert NoPersonalData().format(record).endswith("Not Found: /a/")


def test_a_log_processor_can_have_each_line_as_json_and_gets_no_more_than_the_plain_line_says():
    try:
        raise ValueError(CANARY)
    except ValueError:
        raised = sys.exc_info()
    record = logging.LogRecord("x", logging.ERROR, "", 0, "Broken: %s", (f"/a/?name={CANARY}",), raised)
    record.created = datetime(2026, 11, 12, 9, 30, tzinfo=UTC).timestamp()
    line = JsonLines().format(record)
    told = json.loads(line)
    places = told.pop("places")
    assert told == {
        "at": "2026-11-12T09:30:00.000+00:00",
        "level": "ERROR",
        "logger": "x",
        "said": "Broken: /a/",
        "raised": "ValueError",
    }
    assert len(places) == 1 and "test_pages.py" in places[0]
    assert "\n" not in line and "Zephyrine" not in line
    assert "raised" not in json.loads(
        JsonLines().format(logging.LogRecord("x", logging.WARNING, "", 0, "two\nlines", (), None))
    )


@pytest.mark.parametrize(("said", "form"), [("", "plain"), ("json", "json"), ("xml", "plain")])
def test_the_form_of_the_log_is_the_deployments_to_choose(home, said, form):
    assert _setting("LOG_FORM", home.path, LINEOFSIGHT_LOG_FORMAT=said) == form


def test_the_handler_of_every_django_logger_is_the_one_without_personal_data():
    for name in ("", "django", "gunicorn.error"):
        handlers = [one for one in logging.getLogger(name).handlers if type(one) is logging.StreamHandler]
        assert handlers and all(isinstance(one.formatter, NoPersonalData) for one in handlers)


@here
def test_something_that_could_not_be_done_is_said_in_its_one_sentence(client_as):
    answer = client_as("dcs").get("/plainly/")
    assert answer.status_code == 409 and "The extract has no children in it." in answer.content.decode()


@pytest.mark.parametrize("client", ["dcs", None])
def test_a_page_that_is_not_there_says_so_plainly(client_as, client):
    answer = (client_as(client) if client else Client()).get("/children/someone/else/")
    assert answer.status_code == 404 and "There is no such page" in answer.content.decode()


def test_a_host_that_is_not_ours_is_refused(people):
    assert Client().get("/sign-in", HTTP_HOST="elsewhere.example").status_code == 400


MENUS = {
    "dcs": ["Today", "What we know", "What we are doing", "Records", "Data"],
    "lead-member": ["Today", "What we know", "What we are doing", "Records"],
    "social-worker": ["Today", "What we know", "What we are doing"],
    "administrator": ["Today", "People and offices"],
    "information-governance": ["Today", "Who looked at what"],
}


@here
@pytest.mark.parametrize(("office", "menu"), MENUS.items())
def test_the_menu_holds_what_the_office_may_use_and_nothing_else(client_as, office, menu):
    text = client_as(office).get("/no-such-page/").content.decode()
    assert re.findall(r'class="los-menu__link[^"]*" href="[^"]+"[^>]*>([^<]+)<', text) == menu


def test_the_menu_marks_the_page_one_is_on(client_as):
    text = client_as("administrator").get("/access/offices/").content.decode()
    assert re.findall(r'aria-current="page">([^<]+)<', text) == ["People and offices"]


@pytest.mark.parametrize("office", list(offices()))
def test_the_header_says_the_authority_and_the_office(client_as, office):
    text = client_as(office).get("/no-such-page/").content.decode()
    assert "<span>Northmere Council</span>" in text and offices()[office].title in text and "Sign out" in text


def test_no_template_holds_script_or_style_of_its_own():
    """The content policy would refuse it, so it would be a page that half works."""
    root = Path(str(resources.files("lineofsight.web")))
    templates = [one for one in root.rglob("templates/**/*") if one.is_file()]
    assert len(templates) > 20
    inline = re.compile(r"\sstyle\s*=|<style|<script(?![^>]*\bsrc=)|\son(click|load|change|submit)\s*=|javascript:")
    # Documents that are opened from a file carry their own style.
    mine = [one for one in templates if not one.name.endswith("_alone.html")]
    assert [str(one) for one in mine if inline.search(one.read_text())] == []


def test_every_permission_a_template_asks_about_exists():
    """A template that misspells one would hide its button from everybody and say nothing."""
    root = Path(str(resources.files("lineofsight.web")))
    asked = [
        (str(one), name)
        for one in root.rglob("templates/**/*.html")
        for name in re.findall(r"\bmay\.(?!html\b)(\w+)", one.read_text())
    ]
    assert asked and [(where, name) for where, name in asked if name.upper() not in Capability.__members__] == []


def test_a_page_of_the_house_itself_asks_the_database_little(client_as, django_assert_max_num_queries):
    client = client_as("administrator")
    client.get("/no-such-page/")
    with django_assert_max_num_queries(3):
        client.get("/no-such-page/")


def test_static_addresses_carry_the_content_and_may_be_kept_for_a_year(people):
    text = Client().get("/sign-in").content.decode()
    addresses = re.findall(r'(?:href|src)="(/static/[^"]+)"', text)
    assert len(addresses) == 7
    for address in addresses:
        answer = Client().get(address)
        body = b"".join(answer.streaming_content)
        assert address.endswith(f"?v={hashlib.sha256(body).hexdigest()[:12]}")
        assert "max-age=31536000" in answer["Cache-Control"]


def test_the_vendored_files_are_those_their_note_names_without_typeface_or_crown():
    folder = Path(str(resources.files("lineofsight.web.site"))) / "static" / "govuk-frontend-6.6.0"
    note = (folder / "README.md").read_text()
    files = sorted(folder.glob("*.min.*"))
    assert len(files) == 2 and "MIT" in note
    for file in files:
        assert f"| {file.name} | {hashlib.sha256(file.read_bytes()).hexdigest()} |" in note
    styles = (folder / "govuk-frontend.min.css").read_text()
    assert "GDS Transport" not in styles and "url(" not in styles


def test_no_migration_is_missing(db):
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_every_model_of_ours_says_its_retention_class():
    ours = [model for model in apps.get_models() if model.__module__.startswith("lineofsight.")]
    assert len(ours) >= 4
    silent = [model.__name__ for model in ours if not re.fullmatch(r"[a-z][a-z -]+", vars(model).get("retention", ""))]
    assert silent == []


def test_nothing_in_the_settings_is_a_secret_and_a_home_gives_its_own_key(home, tmp_path):
    assert _setting("SECRET_KEY", home.path) == _setting("SECRET_KEY", home.path)
    assert _setting("SECRET_KEY", tmp_path / "none") != _setting("SECRET_KEY", tmp_path / "none")
