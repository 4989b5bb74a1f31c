"""An administrator looks after how somebody signs in: never themselves, never both halves alone, and it is told."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access.chain import told
from lineofsight.web.access.identity import (
    actions,
    administering,
    codes,
    factors,
    lockout,
    notices,
    password_links,
    permissions,
    person_page,
)
from lineofsight.web.access.models import ChainEvent, Holding, Notice, PasswordLink, Person, Session
from lineofsight.web.access.offices import office
from lineofsight.web.access.permissions import Refused

pytestmark = pytest.mark.usefixtures("still")

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1"
PAGE = "/access/people/p-dcs/"
PROVED = {
    "reason": "Their telephone was stolen on Tuesday.",
    "proof": "in-person",
    "shown": "Staff pass 4471, seen in the office.",
}
NEW = "three quiet umbrellas in fog"


@pytest.fixture
def administrator(client_as, confirm):
    """The administrator's browser, whose person has just shown that it is still they."""
    client = client_as("administrator")
    confirm(client)
    return client


@pytest.fixture
def other(people, client_as, confirm):
    """Another administrator's viewer."""
    from lineofsight.web.access.viewer import viewer_in

    person = Person.objects.create_person(key="p-second", name="Second", email="second@northmere.example")
    return viewer_in(Holding.objects.create(person=person, office="administrator", from_date=clock.today()))


def _away(person):
    return f"/access/people/{person.key}/second-factor/{factors.factors_of(person)[0].id}/remove/"


def _took(by, person):
    administering.take_factor_away(by=by, person=person, factor=factors.factors_of(person)[0], **PROVED)


def _gone(client):
    return client.get("/").headers.get("Location", "").startswith("/sign-in?")


# --- the page ---------------------------------------------------------------------------------------------


def test_the_page_says_who_they_are_what_they_hold_and_how_and_where_they_sign_in(
    administrator, director, enter, telephone
):
    phone = telephone(director)
    ten = codes.new_recovery_codes(director)
    enter(director, phone.shows(), HTTP_USER_AGENT=FIREFOX)
    began, ended = clock.today() - timedelta(days=9), clock.today() - timedelta(days=5)
    Holding.objects.create(person=director, office="scrutiny", from_date=began, until=ended)
    answer = administrator.get(PAGE)
    content, page = answer.content.decode(), answer.context["page"]
    for said in ("Person dcs", "dcs@northmere.example", "Director of Children’s Services", "The whole authority"):
        assert said in content, said
    assert "Firefox on Windows" in content
    assert [one.title for one in page.ended] == [office("scrutiny").title]
    assert page.last_signed_in == clock.now() and page.codes_left == 10
    assert [one.kind for one in page.factors] == ["authenticator app"]
    seen = ChainEvent.objects.get(action=person_page.SEEN)
    assert (seen.actor, seen.subject) == ("p-administrator", "p-dcs")
    for secret in (phone.secret, *ten, *Session.objects.values_list("session_key", flat=True)):
        assert secret not in content


def test_the_page_is_for_those_who_manage_access_and_of_somebody_who_is_here(client_as, administrator):
    for slug in ("dcs", "information-governance", "lead-member"):
        assert client_as(slug).get(PAGE).status_code == 403
        assert client_as(slug).get("/access/people/nobody-of-that-name/").status_code == 403
    assert administrator.get("/access/people/nobody-of-that-name/").status_code == 404


def test_the_offices_page_leads_to_it(administrator):
    assert f'href="{PAGE}"' in administrator.get("/access/offices/").content.decode()


def test_of_oneself_the_page_offers_nothing(administrator, people, telephone):
    telephone(people["administrator"])
    page = administrator.get("/access/people/p-administrator/").content.decode()
    assert "This is you" in page
    assert "/access/people/p-administrator/" not in page.replace('action="/sign-out"', "")


def test_somebody_who_left_is_shown_and_gets_no_link(administrator, people, viewer_as):
    Person.objects.filter(key="p-dcs").update(is_active=False)
    page = administrator.get(PAGE).content.decode()
    assert "can no longer sign in" in page and "Give a link" not in page
    people["dcs"].refresh_from_db()
    with pytest.raises(PlainError, match="no longer sign in"):
        password_links.make(by=viewer_as("administrator"), person=people["dcs"])


# --- nobody else, and never oneself -----------------------------------------------------------------------


def _everything(by, person, factor):
    session = Session.objects.filter(person=person).first() or Session(person=person)
    return [
        lambda: administering.end_sessions(by=by, person=person),
        lambda: administering.end_session(by=by, person=person, session=session),
        lambda: administering.take_factor_away(by=by, person=person, factor=factor, **PROVED),
        lambda: password_links.make(by=by, person=person),
        lambda: password_links.take_back(by=by, person=person),
    ]


@pytest.mark.parametrize("slug", ["dcs", "information-governance", "analyst", "dcs-delegate"])
def test_nobody_but_an_administrator_does_any_of_it(people, viewer_as, telephone, slug):
    person = people["leader"]
    telephone(person)
    by, factor = viewer_as(slug), factors.factors_of(person)[0]
    assert not permissions.may_look_after(by, person)
    assert not permissions.may_take_factor_away(by, person) and not permissions.may_give_link(by, person)
    for act in _everything(by, person, factor):
        with pytest.raises(Refused):
            act()
    assert factors.has_factor(person) and not PasswordLink.objects.exists() and not Notice.objects.exists()


@pytest.mark.parametrize("email", ["administrator@northmere.example", "Administrator+two@northmere.example"])
def test_an_administrator_does_none_of_it_to_themselves_nor_to_a_second_account_of_theirs(
    people, viewer_as, telephone, administrator, email
):
    person = people["administrator"]
    if "+" in email:
        person = Person.objects.create_person(key="p-two", name="Two", email=email)
        Holding.objects.create(person=person, office="dcs", from_date=clock.today())
    telephone(person)
    by, factor = viewer_as("administrator"), factors.factors_of(person)[0]
    assert not permissions.may_look_after(by, person)
    for act in _everything(by, person, factor):
        with pytest.raises(Refused, match="This is you"):
            act()
    key = person.key
    for address in (_away(person), f"/access/people/{key}/password-link/"):
        assert administrator.get(address).status_code == 403
        assert administrator.post(address, PROVED).status_code == 403
    for address in ("sessions/end/", "password-link/take-back/"):
        assert administrator.post(f"/access/people/{key}/{address}", {"session": "all"}).status_code == 403
    assert factors.has_factor(person) and not PasswordLink.objects.exists() and not Notice.objects.exists()


def test_it_needs_a_sign_that_it_is_still_the_administrator(client_as, people, telephone):
    telephone(people["dcs"])
    client = client_as("administrator")
    for address in (_away(people["dcs"]), f"{PAGE}password-link/"):
        assert client.get(address)["Location"].startswith("/account/confirm/?next=")
        assert client.post(address, PROVED)["Location"].startswith("/account/confirm/?next=")
    answer = client.post(f"{PAGE}sessions/end/", {"session": "all"})
    assert answer["Location"] == "/account/confirm/?next=%2Faccess%2Fpeople%2Fp-dcs%2F"
    assert factors.has_factor(people["dcs"]) and not PasswordLink.objects.exists()


# --- sessions ---------------------------------------------------------------------------------------------


def test_one_session_or_all_of_a_persons_are_ended(administrator, councillor, enter):
    computer = enter(councillor, HTTP_USER_AGENT=FIREFOX)
    telephone = enter(councillor, HTTP_USER_AGENT=IPHONE)
    third = enter(councillor)
    place = "/access/people/p-scrutiny/"
    mark = next(
        one.mark for one in administrator.get(place).context["page"].sessions if one.device == "Safari on an iPhone"
    )
    assert administrator.post(f"{place}sessions/end/", {"session": mark})["Location"] == place
    assert _gone(telephone) and not _gone(computer) and not _gone(third)
    administrator.post(f"{place}sessions/end/", {"session": "all"})
    assert _gone(computer) and _gone(third)
    killed = list(ChainEvent.objects.filter(action=actions.KILLED).order_by("sequence"))
    assert {(one.actor, one.subject) for one in killed} == {("p-administrator", "p-scrutiny")}
    assert [told(one).detail["sessions"] for one in killed] == [1, 2]
    assert {told(one).detail["why"] for one in killed} == {"by an administrator"}
    assert not _gone(administrator)


def test_ones_own_sessions_are_not_ended_from_this_page_whatever_is_asked_for(administrator):
    for asked in ("all", "a mark of none"):
        assert administrator.post("/access/people/p-administrator/sessions/end/", {"session": asked}).status_code == 403


def test_a_session_of_somebody_else_is_not_ended_from_this_page(administrator, viewer_as, councillor, people, enter):
    client = enter(councillor)
    mark = administrator.get("/access/people/p-scrutiny/").context["page"].sessions[0].mark
    for wanted in (mark, "", "others"):
        assert administrator.post(f"{PAGE}sessions/end/", {"session": wanted}).status_code == 404
    with pytest.raises(Refused, match="not a session of this person"):
        administering.end_session(
            by=viewer_as("administrator"), person=people["dcs"], session=Session.objects.get(person=councillor)
        )
    assert not _gone(client)


# --- a lost second factor ---------------------------------------------------------------------------------


def test_a_lost_factor_is_taken_away_with_the_reason_and_the_proof_in_the_log(
    administrator, director, enter, telephone
):
    phone = telephone(director)
    codes.new_recovery_codes(director)
    client = enter(director, phone.shows())
    assert administrator.post(_away(director), PROVED)["Location"] == PAGE
    assert not Authenticator.objects.filter(user=director).exists()
    assert _gone(client)
    assert enter(director).get("/")["Location"].startswith("/account/second-factor/")
    event = ChainEvent.objects.get(action=factors.REMOVED)
    assert (event.actor, event.subject) == ("p-administrator", "p-dcs")
    detail = told(event).detail
    assert detail["reason"] == PROVED["reason"] and detail["shown"] == PROVED["shown"]
    assert detail["proof"] == administering.proofs()["in-person"] and detail["kind"] == "authenticator app"
    assert b"telephone was stolen" not in bytes(event.payload) and b"4471" not in bytes(event.payload)


def test_taking_one_of_two_away_leaves_the_other_and_the_recovery_codes(people, with_passkey, telephone, viewer_as):
    with_passkey("dcs")
    telephone(people["dcs"])
    codes.new_recovery_codes(people["dcs"])
    app = next(one for one in factors.factors_of(people["dcs"]) if one.kind == "authenticator app")
    administering.take_factor_away(by=viewer_as("administrator"), person=people["dcs"], factor=app, **PROVED)
    assert [one.kind for one in factors.factors_of(people["dcs"])] == ["passkey"]
    assert codes.recovery_codes_left(people["dcs"]) == 10


@pytest.mark.parametrize(
    "lacking", [{"reason": ""}, {"reason": "lost"}, {"shown": ""}, {"shown": "pass"}, {"proof": ""}, {"proof": "trust"}]
)
def test_without_a_reason_and_a_proof_nothing_is_taken_away(administrator, director, viewer_as, telephone, lacking):
    telephone(director)
    answer = administrator.post(_away(director), {**PROVED, **lacking})
    assert answer.status_code == 200 and "There is a problem" in answer.content.decode()
    with pytest.raises(PlainError):
        administering.take_factor_away(
            by=viewer_as("administrator"),
            person=director,
            factor=factors.factors_of(director)[0],
            **{**PROVED, **lacking},
        )
    assert factors.has_factor(director) and not Notice.objects.exists()


def test_a_factor_that_is_not_this_persons_is_not_there(administrator, people, director, telephone):
    telephone(people["leader"])
    address = _away(people["leader"]).replace("p-leader", "p-dcs")
    assert administrator.get(address).status_code == 404
    assert administrator.post(address, PROVED).status_code == 404
    assert factors.has_factor(people["leader"])


# --- a link to choose a password --------------------------------------------------------------------------


def _link(administrator, place=PAGE):
    page = administrator.post(f"{place}password-link/")
    return page.context["address"].removeprefix("http://testserver")


def test_a_link_is_shown_once_and_chooses_a_password_and_signs_nobody_in(
    administrator, director, password, enter, telephone
):
    phone = telephone(director)
    here = enter(director, phone.shows())
    address = _link(administrator)
    assert address.split("/")[2] not in administrator.get(PAGE).content.decode()
    assert address.split("/")[2] not in str(list(PasswordLink.objects.values()))
    browser = Client()
    assert "Person dcs" in browser.get(address).content.decode()
    assert not _gone(here), "the password stands until the link is used"
    answer = browser.post(address, {"password": NEW, "again": NEW})
    assert answer["Location"] == "/sign-in" and "_auth_user_id" not in browser.session
    director.refresh_from_db()
    assert director.check_password(NEW) and _gone(here)
    answer = browser.post("/sign-in", {"email": director.email, "password": NEW})
    assert answer["Location"] == "/sign-in/code", "the second step is asked for as ever"
    used = ChainEvent.objects.get(action=password_links.USED)
    assert (used.actor, used.subject) == ("p-dcs", "p-dcs") and told(used).detail == {"made by": "p-administrator"}
    assert ChainEvent.objects.get(action=password_links.MADE).actor == "p-administrator"


def test_a_link_works_once_for_a_day_and_only_while_it_is_the_newest(administrator, director):
    first = _link(administrator)
    second = _link(administrator)
    browser = Client()
    assert browser.get(first).status_code == 410
    with clock.frozen_at(clock.now() + password_links.LASTS - timedelta(seconds=1)):
        assert browser.get(second).status_code == 200
    with clock.frozen_at(clock.now() + password_links.LASTS):
        assert browser.get(second).status_code == 410
        assert browser.post(second, {"password": NEW, "again": NEW}).status_code == 410
    assert browser.post(second, {"password": NEW, "again": NEW}).status_code == 302
    assert browser.get(second).status_code == 410
    link = PasswordLink.objects.exclude(used_at=None).get()
    with pytest.raises(PlainError, match="cannot be used any more"):
        password_links.use(link, NEW)


def test_a_link_is_taken_back_and_one_of_somebody_who_left_is_closed(administrator, director, people):
    address = _link(administrator)
    assert administrator.post(f"{PAGE}password-link/take-back/")["Location"] == PAGE
    assert Client().get(address).status_code == 410
    assert administrator.post(f"{PAGE}password-link/take-back/").status_code == 409
    assert ChainEvent.objects.get(action=password_links.TAKEN_BACK).subject == "p-dcs"
    again = _link(administrator)
    Person.objects.filter(pk=director.pk).update(is_active=False)
    assert Client().get(again).status_code == 410


def test_a_weak_password_is_refused_and_the_link_stays_open(administrator, director, password):
    address, browser = _link(administrator), Client()
    for weak, why in (("short", "too short"), ("1qaz2wsx3edc", "too common")):
        assert why in browser.post(address, {"password": weak, "again": weak}).content.decode()
    assert "not the same" in browser.post(address, {"password": NEW, "again": NEW + "x"}).content.decode()
    director.refresh_from_db()
    assert director.check_password(password)
    assert browser.post(address, {"password": NEW, "again": NEW}).status_code == 302


def test_a_wrong_link_is_not_there_and_counts_against_where_it_came_from(db, home, monkeypatch):
    monkeypatch.setattr(lockout, "MOST_FROM_A_PEER", 3)
    for guess in ("x", "y" * 43, "z" * 200):
        assert Client().get(f"/password/{guess}/").status_code == 404
    assert Client().get("/password/another/").status_code == 429
    assert Client(REMOTE_ADDR="203.0.113.9").get("/password/another/").status_code == 404


# --- never both halves ------------------------------------------------------------------------------------


def test_one_administrator_does_not_take_a_factor_away_and_give_a_link(director, viewer_as, telephone, other):
    telephone(director)
    by = viewer_as("administrator")
    _took(by, director)
    assert not permissions.may_give_link(by, director) and permissions.may_give_link(other, director)
    with pytest.raises(Refused, match="nobody alone hands over both"):
        password_links.make(by=by, person=director)
    password_links.make(by=other, person=director)
    telephone(director)
    assert permissions.may_give_link(by, director), "a new second step stands between"


def test_nor_give_a_link_and_take_a_factor_away(administrator, director, viewer_as, telephone, other):
    telephone(director)
    by = viewer_as("administrator")
    address = _link(administrator)
    for _ in ("open", "used"):
        assert not permissions.may_take_factor_away(by, director) and permissions.may_take_factor_away(other, director)
        with pytest.raises(Refused, match="nobody alone hands over both"):
            _took(by, director)
        assert administrator.post(_away(director), PROVED).status_code == 403
        Client().post(address, {"password": NEW, "again": NEW})
    assert factors.has_factor(director)
    with clock.frozen_at(clock.now() + permissions.APART):
        assert permissions.may_take_factor_away(by, director)


def test_a_link_that_was_taken_back_unused_is_no_half(director, viewer_as, telephone):
    telephone(director)
    by = viewer_as("administrator")
    password_links.make(by=by, person=director)
    password_links.take_back(by=by, person=director)
    _took(by, director)
    assert not factors.has_factor(director)


# --- the person is told -----------------------------------------------------------------------------------


def test_each_of_it_is_told_on_their_first_page_and_account_until_they_have_read_it(
    councillor, viewer_as, enter, telephone, other
):
    telephone(councillor)
    Session.objects.create(
        session_key="s", session_data="", expire_date=clock.now() + timedelta(hours=1), person=councillor, device="Edge"
    )
    by = viewer_as("administrator")
    administering.end_session(by=by, person=councillor, session=Session.objects.get(session_key="s"))
    administering.end_sessions(by=by, person=councillor)
    _took(by, councillor)
    made = password_links.make(by=other, person=councillor)
    Client().post(f"/password/{made.secret}/", {"password": NEW, "again": NEW})
    client = Client()
    client.post("/sign-in", {"email": councillor.email, "password": NEW})
    on = clock.today()
    day = f"{on.day} {on:%B %Y}"
    sentences = [
        f"An administrator signed you out of Edge on {day}.",
        f"An administrator signed you out everywhere on {day}.",
        f"An administrator removed your authenticator app on {day}.",
        f"An administrator made a link on {day} with which a new password can be chosen for you.",
        f"Your password was changed on {day}, with a link that an administrator had made.",
    ]
    for place in ("/", "/account/", "/account/second-factor/"):
        page = client.get(place).content.decode()
        assert all(sentence in page for sentence in sentences), place
    assert client.post("/account/notices/read/", {"next": "/account/"})["Location"] == "/account/"
    assert sentences[0] not in client.get("/").content.decode() + client.get("/account/").content.decode()
    event = ChainEvent.objects.get(action=notices.READ)
    assert (event.actor, told(event).detail) == ("p-scrutiny", {"notices": 5})
    client.post("/account/notices/read/")
    assert ChainEvent.objects.filter(action=notices.READ).count() == 1


def test_nobody_reads_or_clears_the_notices_of_somebody_else(people, viewer_as, client_as):
    administering.end_sessions(by=viewer_as("administrator"), person=people["leader"])
    assert "signed you out" not in client_as("dcs").get("/account/").content.decode()
    client_as("dcs").post("/account/notices/read/")
    assert Notice.objects.get().read_at is None
    assert "signed you out everywhere" in client_as("leader").get("/account/").content.decode()


def test_a_removed_factor_is_told_before_a_new_one_is_set_up(director, viewer_as, enter, telephone):
    telephone(director)
    _took(viewer_as("administrator"), director)
    page = enter(director).get("/account/second-factor/").content.decode()
    assert "An administrator removed your authenticator app" in page and "I have read this" not in page


def test_where_the_log_cannot_be_written_nothing_is_done(people, viewer_as, telephone, monkeypatch):
    from lineofsight.web.access.chain import LogUnavailable

    telephone(people["leader"])
    session = Session.objects.create(
        session_key="s", session_data="", expire_date=clock.now() + timedelta(hours=1), person=people["leader"]
    )
    by, factor = viewer_as("administrator"), factors.factors_of(people["leader"])[0]

    def no(**told):
        raise LogUnavailable

    for module in (administering, password_links):
        monkeypatch.setattr(module, "record", no)
    acts = _everything(by, people["leader"], factor)[:4]
    assert session.person == people["leader"]
    for act in acts:
        with pytest.raises(LogUnavailable):
            act()
    assert factors.has_factor(people["leader"]) and Session.objects.filter(person=people["leader"]).exists()
    assert not Notice.objects.exists() and not PasswordLink.objects.exists()
