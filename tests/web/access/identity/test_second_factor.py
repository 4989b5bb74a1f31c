"""The second factor: whose office asks for it, what counts, what works only once, and that no page opens before it."""

from datetime import date, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.urls import URLPattern, get_resolver
from hypothesis import given
from hypothesis import strategies as st

from lineofsight import clock
from lineofsight.web.access.chain import told
from lineofsight.web.access.identity import actions, codes, factors, gate, lockout
from lineofsight.web.access.models import ChainEvent, Holding, Session
from lineofsight.web.access.offices import offices
from lineofsight.web.access.permissions import Refused

pytestmark = pytest.mark.usefixtures("still")

SET_UP = "/account/second-factor/?next=%2F"


def test_every_office_that_sees_more_than_is_published_or_runs_the_system_needs_one():
    without = {slug for slug, office in offices().items() if not office.second_factor}
    assert without == {"agency", "scrutiny", "action-owner"}
    assert all(offices()[slug].level == "published" for slug in without)


@pytest.mark.parametrize("has", [True, False], ids=["has one", "has none"])
@pytest.mark.parametrize("office", list(offices()))
def test_each_office_with_and_without_one(people, password, telephone, office, has):
    person = people[office]
    person.set_password(password)
    person.save()
    phone = telephone(person) if has else None
    client = Client()
    answer = client.post("/sign-in", {"email": person.email, "password": password})
    if has:
        assert answer["Location"] == "/sign-in/code"
        assert "_auth_user_id" not in client.session
        assert client.get("/")["Location"].startswith("/sign-in?")
        assert client.post("/sign-in/code", {"code": phone.shows()})["Location"] == "/"
    if not has and offices()[office].second_factor:
        assert client.get("/")["Location"] == SET_UP
    else:
        assert client.get("/").status_code == 200


@given(held=st.sets(st.sampled_from(list(offices())), min_size=1, max_size=4))
def test_any_one_of_the_offices_held_today_is_enough_to_need_it(held):
    class Held:
        def __init__(self, slug):
            self.office = slug

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(factors, "offices_of", lambda person: [Held(slug) for slug in held])
        assert factors.needs_factor(None) is any(offices()[slug].second_factor for slug in held)


def _every(patterns, before=""):
    for one in patterns:
        if isinstance(one, URLPattern):
            yield f"{before}{one.pattern}", one
        else:
            yield from _every(one.url_patterns, f"{before}{one.pattern}")


EVERY = [(f"/{address}", one.callback) for address, one in _every(get_resolver().url_patterns)]
PLAIN = [address for address, _ in EVERY if "<" not in address and "(" not in address]
BEFORE_SETTING_UP = {
    "/sign-in",
    "/sign-in/code",
    "/sign-in/passkey",
    "/sign-in/entra/",
    "/sign-in/entra/return",
    "/sign-out",
    "/demo/sign-in",
    "/account/confirm/",
    "/account/second-factor/",
    "/account/second-factor/app/",
    "/account/second-factor/passkey/",
}


@pytest.mark.parametrize("method", ["get", "post"])
def test_no_page_opens_before_it_is_set_up_but_those_that_set_it_up(director, enter, method):
    client = enter(director)
    for address in PLAIN:
        answer = getattr(client, method)(address)
        asked = answer.status_code == 302 and answer["Location"].startswith("/account/second-factor/?")
        if address == "/sign-out" and method == "post":
            client = enter(director)
            continue
        # Pages anybody may open without signing in, such as an invitation, are no part of the house behind the gate.
        if not getattr(dict(EVERY)[address], "login_required", True):
            continue
        assert asked is (address not in BEFORE_SETTING_UP), (method, address, answer.status_code)


def test_no_page_opens_before_it_is_given_where_it_was_set_up_on_another_device(director, enter, telephone):
    client = enter(director)
    phone = telephone(director)
    for address in PLAIN:
        if address in ("/sign-in", "/sign-in/code", "/sign-in/passkey", "/sign-out"):
            continue
        if not getattr(dict(EVERY)[address], "login_required", True):
            continue
        assert client.get(address)["Location"].startswith("/sign-in/code?"), address
    assert client.get("/account/second-factor/app/").status_code == 302
    before = client.session.session_key
    answer = client.post("/sign-in/code", {"code": phone.shows(), "next": "/account/"})
    assert answer["Location"] == "/account/" and client.session.session_key != before
    assert told(ChainEvent.objects.get(action=factors.USED, actor="p-dcs")).detail == {"how": "app"}
    assert client.get("/account/").status_code == 200


def test_views_marked_open_before_the_second_factor_are_only_these():
    marked = {address for address, view in EVERY if any(gate.opens(view, lacks) for lacks in ("give", "set up"))}
    assert marked == {
        "/sign-in/code",
        "/sign-out",
        "/account/confirm/",
        "/account/second-factor/",
        "/account/second-factor/app/",
        "/account/second-factor/passkey/",
    }


def test_an_office_given_while_signed_in_counts_from_the_next_page(councillor, enter):
    client = enter(councillor)
    assert client.get("/").status_code == 200
    Holding.objects.create(person=councillor, office="dcs", from_date=clock.today())
    assert client.get("/")["Location"] == SET_UP


def test_an_office_that_ended_asks_no_more(people, password, enter):
    person = people["dcs"]
    person.set_password(password)
    person.save()
    Holding.objects.create(person=person, office="scrutiny", from_date=date(2025, 1, 1))
    client = enter(person)
    assert client.get("/")["Location"] == SET_UP
    Holding.objects.filter(person=person, office="dcs").update(until=clock.today() - timedelta(days=1))
    assert client.get("/").status_code == 200


def test_setting_up_an_app_opens_the_house_and_gives_recovery_codes_once(director, enter):
    client = enter(director)
    page = client.get("/account/second-factor/app/")
    secret = "".join(page.context["secret"])
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    code = format_hotp_value(hotp_value(secret, int(clock.now().timestamp()) // 30))
    answer = client.post("/account/second-factor/app/", {"code": code})
    assert len(answer.context["codes"]) == 10
    assert client.get("/").status_code == 200
    assert ChainEvent.objects.get(action=factors.ADDED).subject == "p-dcs"
    assert codes.use_code(director, code) == ""


def test_the_picture_is_drawn_in_the_page_and_the_secret_stands_beside_it_as_text(director, enter):
    page = enter(director).get("/account/second-factor/app/")
    content = page.content.decode()
    assert "<svg" in content and "data:image" not in content and "style=" not in content
    assert len("".join(page.context["secret"])) == 32


def test_a_wrong_first_code_sets_up_nothing_and_keeps_the_same_secret(director, enter):
    client = enter(director)
    secret = client.get("/account/second-factor/app/").context["secret"]
    answer = client.post("/account/second-factor/app/", {"code": "000000"})
    assert answer.context["secret"] == secret and "not right" in answer.content.decode()
    assert not factors.has_factor(director)


def test_what_an_app_and_recovery_codes_rest_on_stands_nowhere_in_the_clear(director, enter, telephone):
    phone = telephone(director)
    with_codes = codes.new_recovery_codes(director)
    client = enter(director, phone.shows())
    shown = "".join(client.get("/account/second-factor/app/").context["secret"])
    with connection.cursor() as cursor:
        cursor.execute("select data from mfa_authenticator")
        kept = str(cursor.fetchall())
    for row in Session.objects.all():
        kept += str(row.get_decoded())
    assert phone.secret not in kept and shown not in kept
    assert not any(code.replace(" ", "") in kept for code in with_codes)


@pytest.mark.parametrize(("steps", "right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_half_a_minute_off_is_forgiven_and_no_more(director, enter, telephone, steps, right):
    phone, client = telephone(director), enter(director)
    client.post("/sign-in/code", {"code": phone.shows(steps)})
    assert ("_auth_user_id" in client.session) is right


def test_a_code_works_once_even_in_another_browser_and_an_older_one_no_more(director, enter, telephone):
    phone = telephone(director)
    before, now = phone.shows(-1), phone.shows()
    enter(director, now)
    other = enter(director)
    for used in (now, before):
        answer = other.post("/sign-in/code", {"code": used})
        assert "was used already" in answer.content.decode() and "_auth_user_id" not in other.session
    assert other.post("/sign-in/code", {"code": phone.shows(1)}).status_code == 302


def test_a_recovery_code_works_once_and_is_in_the_log(director, enter, telephone):
    telephone(director)
    ten = codes.new_recovery_codes(director)
    client = enter(director, ten[3])
    assert "Not used yet: 9" in client.get("/account/").content.decode()
    used = ChainEvent.objects.get(action=factors.USED)
    assert (used.actor, used.subject) == ("p-dcs", "p-dcs")
    again = enter(director)
    assert "not right" in again.post("/sign-in/code", {"code": ten[3]}).content.decode()
    assert again.post("/sign-in/code", {"code": ten[4].replace(" ", "")}).status_code == 302


def test_recovery_codes_are_kept_as_passwords_are_and_a_code_of_an_app_is_not_tried_on_them(director, monkeypatch):
    ten = codes.new_recovery_codes(director)
    kept = Authenticator.objects.get(user=director, type=codes.RECOVERY).data
    assert set(kept) == {codes.HASHES} and len(set(kept[codes.HASHES])) == 10
    assert all(one.startswith("argon2$argon2id$") for one in kept[codes.HASHES])
    assert not any(code.replace(" ", "") in str(kept) for code in ten)
    assert codes.use_code(director, ten[2]) == codes.RECOVERY_CODE and codes.recovery_codes_left(director) == 9
    assert codes.use_code(director, ten[2]) == ""
    monkeypatch.setattr(codes, "check_password", None)
    assert codes.use_code(director, "123456") == ""


def test_new_recovery_codes_end_the_old_ones(director, enter, telephone):
    phone = telephone(director)
    old = codes.new_recovery_codes(director)
    client = enter(director, phone.shows())
    answer = client.post("/account/recovery-codes/")
    assert not set(answer.context["codes"]) & set(old)
    assert codes.use_code(director, old[0]) == ""
    assert codes.use_code(director, answer.context["codes"][0]) == codes.RECOVERY_CODE
    assert ChainEvent.objects.filter(action=factors.NEW_CODES).count() == 1


def test_a_password_is_forgotten_after_ten_minutes_without_the_code(director, enter, telephone):
    phone = telephone(director)
    with clock.frozen_at(clock.now()):
        began = clock.now()
        client = enter(director)
    with clock.frozen_at(began + timedelta(minutes=10)):
        assert client.post("/sign-in/code", {"code": phone.shows()})["Location"] == "/sign-in"


def test_the_code_page_asks_nobody_who_gave_no_password(people):
    assert Client().get("/sign-in/code")["Location"] == "/sign-in"


def test_signing_out_is_possible_before_the_second_factor_is_set_up(director, enter):
    client = enter(director)
    assert client.post("/sign-out")["Location"] == "/sign-in"
    assert "_auth_user_id" not in client.session


def test_a_demonstrations_button_counts_only_in_a_demonstration(client_as, monkeypatch):
    client = client_as("dcs")
    session = client.session
    session[actions.FACTOR] = actions.DEMONSTRATION
    session.save()
    assert client.get("/")["Location"] == SET_UP
    monkeypatch.setattr(gate, "in_demonstration", lambda: True)
    assert client.get("/").status_code == 200


# --- changing it ----------------------------------------------------------------------------------------


def test_a_change_needs_a_sign_that_it_is_still_they_within_fifteen_minutes(director, enter, telephone, password):
    phone = telephone(director)
    began = clock.now()
    with clock.frozen_at(began):
        client = enter(director, phone.shows())
    one = factors.factors_of(director)[0].id
    pages = [
        "/account/password/",
        "/account/second-factor/app/",
        "/account/second-factor/passkey/",
        f"/account/second-factor/{one}/remove/",
        "/account/recovery-codes/",
        "/account/council-account/remove/",
    ]
    with clock.frozen_at(began + timedelta(minutes=15)):
        for page in pages:
            for method in (client.get, client.post):
                assert method(page)["Location"].startswith("/account/confirm/?next="), page
        assert factors.has_factor(director)
        code = phone.shows()
        wrong = client.post("/account/confirm/", {"password": "wrong password", "code": code, "next": pages[0]})
        assert "not your password" in wrong.content.decode()
        assert ChainEvent.objects.filter(action=lockout.SIGN_IN_FAILED).count() == 1
        for half in ({"password": password}, {"code": code}, {"password": password, "code": "000000"}):
            assert client.post("/account/confirm/", {**half, "next": pages[0]}).status_code == 200
            assert client.get(pages[0]).status_code == 302, "one half is not the whole"
        assert ChainEvent.objects.filter(action=lockout.FACTOR_FAILED).count() == 1
        right = client.post("/account/confirm/", {"password": password, "code": code, "next": pages[0]})
        assert right["Location"] == pages[0]
        assert client.get(pages[0]).status_code == 200
        confirmed = ChainEvent.objects.get(action=factors.CONFIRMED, actor="p-dcs")
        assert told(confirmed).detail == {"how": "password and app"}


def test_the_actions_themselves_refuse_without_that_sign(director, enter, telephone, rf, viewer_as):
    telephone(director)
    request = rf.get("/")
    request.user, request.session = director, Client().session
    viewer = viewer_as("dcs")
    one = factors.factors_of(director)[0]
    for act in (
        lambda: factors.remove(request, by=viewer, factor=one),
        lambda: factors.add_app(request, by=viewer, sealed=codes.new_secret(), step=1),
        lambda: factors.add_passkey(request, by=viewer, name="x", credential={}),
        lambda: factors.make_recovery_codes(request, by=viewer),
        lambda: factors.remove_council_account(request, by=viewer),
        lambda: factors.change_password(request, by=viewer, password="x"),
    ):
        with pytest.raises(Refused, match="still you"):
            act()


def test_removing_the_last_one_ends_other_sessions_and_asks_for_a_new_one(director, enter, telephone):
    phone = telephone(director)
    codes.new_recovery_codes(director)
    client, other = enter(director, phone.shows(-1)), enter(director, phone.shows())
    one = factors.factors_of(director)[0]
    client.post(f"/account/second-factor/{one.id}/remove/")
    assert not Authenticator.objects.filter(user=director).exists()
    assert other.get("/")["Location"].startswith("/sign-in?")
    assert client.get("/")["Location"] == SET_UP
    assert ChainEvent.objects.filter(action=factors.REMOVED, subject="p-dcs").count() == 1


def test_another_app_takes_the_place_of_the_first_and_ends_other_sessions(director, enter, telephone):
    phone = telephone(director)
    client, other = enter(director, phone.shows(-1)), enter(director, phone.shows())
    page = client.get("/account/second-factor/app/")
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    code = format_hotp_value(hotp_value("".join(page.context["secret"]), int(clock.now().timestamp()) // 30))
    client.post("/account/second-factor/app/", {"code": code})
    assert len(factors.factors_of(director)) == 1
    assert codes.use_code(director, phone.shows(1)) == ""
    assert other.get("/")["Location"].startswith("/sign-in?")


def test_nobody_removes_somebody_elses(people, client_as, telephone, confirm):
    telephone(people["leader"])
    client = client_as("dcs")
    confirm(client)
    other = factors.factors_of(people["leader"])[0]
    assert client.post(f"/account/second-factor/{other.id}/remove/").status_code == 404
    assert factors.has_factor(people["leader"])


def test_recovery_codes_stand_in_for_nothing_where_there_is_no_second_factor(councillor, enter):
    client = enter(councillor)
    assert client.post("/account/recovery-codes/").status_code == 403
    assert codes.recovery_codes_left(councillor) == 0
