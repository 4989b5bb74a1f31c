"""Sign-in with the council account, against a real OpenID provider that runs beside the test."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from oidc_provider_mock import run_server_in_thread

from lineofsight.errors import PlainError
from lineofsight.web.access.chain import told
from lineofsight.web.access.identity import actions, council_sign_in, factors, lockout
from lineofsight.web.access.identity.council import Council, council_account
from lineofsight.web.access.models import ChainEvent, Holding, Person

SECRET = "not a real secret, but a long one"
RETURN = "http://testserver/sign-in/entra/return"


@pytest.fixture(scope="module")
def directory():
    """A real OpenID provider on this machine: discovery, keys, authorisation, tokens."""
    with run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def configured(directory, settings):
    """This house knows that directory, which says by "mfa" that a second factor was given."""
    settings.COUNCIL_ACCOUNT = Council(directory, "line-of-sight", SECRET, frozenset({"mfa"}))


def _known_there(directory, sub, **claims):
    requests.put(f"{directory}/users/{sub}", json=claims, timeout=5).raise_for_status()


def _leave(client, **more):
    """Press the button. Gives where the browser is sent."""
    return client.post("/sign-in/entra/", more)["Location"]


def _there(address, sub):
    """Sign in at the directory. Gives the way back."""
    answer = requests.post(address, data={"sub": sub}, allow_redirects=False, timeout=5)
    assert answer.status_code == 302, answer.text
    back = answer.headers["Location"]
    assert back.startswith(RETURN)
    return back.removeprefix("http://testserver")


def _sign_in(sub, client=None, **more):
    client = client or Client()
    return client, client.get(_there(_leave(client, **more), sub))


def test_the_button_is_there_only_where_a_directory_is_configured(people, settings):
    settings.COUNCIL_ACCOUNT = None
    assert "council account" not in Client().get("/sign-in").content.decode()
    assert Client().post("/sign-in/entra/").status_code == 404
    assert Client().get("/sign-in/entra/return").status_code == 404


def test_the_page_lets_its_form_lead_to_the_directory_and_no_other_page_does(people, configured, directory):
    page = Client().get("/sign-in")
    assert "Sign in with your council account" in page.content.decode()
    policy = page.headers["Content-Security-Policy"]
    assert f"form-action 'self' {directory}" in policy and "unsafe" not in policy
    assert directory not in Client().get("/sign-out").headers["Content-Security-Policy"]


@pytest.mark.parametrize("part", ["/.well-known/openid-configuration", "/jwks", "/oauth2/token"])
def test_no_fetch_from_the_directory_follows_a_redirect(people, directory, settings, part):
    """A directory, seen through a door that sends one kind of question elsewhere on the same machine."""
    asked = []

    class Door(BaseHTTPRequestHandler):
        def _through(self, method, body=None):
            asked.append(self.path)
            here = f"http://localhost:{self.server.server_port}"
            if self.path == part:
                self.send_response(307)
                self.send_header("Location", f"{here}/elsewhere{self.path}")
                self.end_headers()
                return
            headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
            there = directory + self.path.removeprefix("/elsewhere")
            answer = requests.request(method, there, data=body, headers=headers, allow_redirects=False, timeout=5)
            self.send_response(answer.status_code)
            self.send_header("Content-Type", answer.headers.get("Content-Type", ""))
            if "Location" in answer.headers:
                self.send_header("Location", answer.headers["Location"])
            self.end_headers()
            self.wfile.write(answer.text.replace(directory, here).encode())

        def do_GET(self):
            self._through("GET")

        def do_POST(self):
            self._through("POST", self.rfile.read(int(self.headers.get("Content-Length", 0))))

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("localhost", 0), Door)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        settings.COUNCIL_ACCOUNT = Council(f"http://localhost:{server.server_port}", "line-of-sight", SECRET)
        client = Client()
        answer = client.post("/sign-in/entra/")
        if answer.status_code == 302:
            answer = client.get(_there(answer["Location"], "dcs@northmere.example"))
    finally:
        server.shutdown()
        server.server_close()
    assert answer.status_code == 200 and "_auth_user_id" not in client.session
    assert asked[-1] == part and not any(one.startswith("/elsewhere") for one in asked), asked


def test_the_browser_is_sent_with_a_state_and_a_challenge(people, configured, directory):
    sent = urlsplit(_leave(Client()))
    asked = {name: values[0] for name, values in parse_qs(sent.query).items()}
    assert f"{sent.scheme}://{sent.netloc}" == directory
    assert asked["response_type"] == "code" and asked["redirect_uri"] == RETURN
    assert asked["code_challenge_method"] == "S256" and asked["code_challenge"] and asked["state"]
    assert set(asked["scope"].split()) == {"openid", "profile", "email"}


def test_a_verified_address_finds_its_person_who_is_known_by_their_account_from_then_on(people, configured, directory):
    _known_there(directory, "s-1", email="Scrutiny@Northmere.example", email_verified=True)
    client, answer = _sign_in("s-1", next="/account/")
    assert answer["Location"] == "/account/"
    assert "Connected" in client.get("/account/").content.decode()
    assert ChainEvent.objects.get(action=council_sign_in.CONNECTED).subject == "p-scrutiny"
    event = ChainEvent.objects.get(action=actions.SIGNED_IN)
    assert (event.actor, told(event).detail) == ("p-scrutiny", {"how": "council account"})
    assert SocialAccount.objects.get().extra_data == {}
    _known_there(directory, "s-1", email="changed@northmere.example", email_verified=True)
    client, answer = _sign_in("s-1")
    assert client.get("/account/").context["person"] == people["scrutiny"]


def _refused(client, answer):
    assert answer.status_code == 200 and "ou are not signed in" in answer.content.decode()
    assert "_auth_user_id" not in client.session
    assert ChainEvent.objects.filter(action=lockout.SIGN_IN_FAILED).count() == 1


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "stranger@northmere.example", "email_verified": True},
        {"email": "dcs@northmere.example", "email_verified": False},
        {"email": "dcs@northmere.example"},
        {"email": "dcs@northmere.example", "email_verified": "no"},
        {"name": "Person dcs", "preferred_username": "dcs@northmere.example", "upn": "dcs@northmere.example"},
    ],
    ids=["unknown", "not verified", "not said to be verified", "verified in other words", "only a user name"],
)
def test_nobody_else_gets_in_and_nobody_is_created(people, configured, directory, claims):
    before = Person.objects.count()
    _known_there(directory, "s-2", **claims)
    client, answer = _sign_in("s-2")
    _refused(client, answer)
    assert Person.objects.count() == before and not SocialAccount.objects.exists()


def test_entra_vouches_for_an_address_in_its_own_word(people, configured, directory):
    _known_there(directory, "s-3", email="scrutiny@northmere.example", xms_edov=True)
    _, answer = _sign_in("s-3")
    assert answer["Location"] == "/"


def test_an_address_given_to_the_next_who_joins_does_not_open_the_account_of_the_last(people, configured, directory):
    _known_there(directory, "s-4", email="scrutiny@northmere.example", email_verified=True)
    _sign_in("s-4")
    _known_there(directory, "s-5", email="scrutiny@northmere.example", email_verified=True)
    client, answer = _sign_in("s-5")
    _refused(client, answer)
    assert SocialAccount.objects.get().uid == "s-4"


@pytest.mark.parametrize("claim", [{"amr": ["pwd", "mfa"]}, {"acr": "mfa"}, {"acrs": ["mfa"]}], ids=str)
def test_a_second_factor_given_there_counts_where_the_directory_says_so(people, configured, directory, claim):
    _known_there(directory, "s-6", email="dcs@northmere.example", email_verified=True, **claim)
    client, answer = _sign_in("s-6")
    assert answer["Location"] == "/" and client.get("/").status_code == 200


@pytest.mark.parametrize("claim", [{}, {"amr": ["pwd"]}, {"amr": "pwd mfa"}, {"acr": "1"}], ids=str)
def test_it_does_not_count_where_the_directory_does_not_say_so(people, configured, directory, claim):
    _known_there(directory, "s-7", email="dcs@northmere.example", email_verified=True, **claim)
    client, _ = _sign_in("s-7")
    assert client.get("/")["Location"].startswith("/account/second-factor/")


def test_nothing_counts_where_no_word_is_configured(people, configured, directory, settings):
    settings.COUNCIL_ACCOUNT = Council(directory, "line-of-sight", SECRET)
    _known_there(directory, "s-8", email="dcs@northmere.example", email_verified=True, amr=["mfa"])
    client, _ = _sign_in("s-8")
    assert client.get("/")["Location"].startswith("/account/second-factor/")


def test_whoever_has_a_second_factor_here_is_asked_for_it(people, configured, directory, telephone):
    phone = telephone(people["dcs"])
    _known_there(directory, "s-9", email="dcs@northmere.example", email_verified=True)
    client, answer = _sign_in("s-9", next="/account/")
    assert answer["Location"] == "/sign-in/code" and "_auth_user_id" not in client.session
    assert client.post("/sign-in/code", {"code": phone.shows()})["Location"] == "/account/"
    assert told(ChainEvent.objects.get(action=actions.SIGNED_IN)).detail == {"how": "council account and app"}


def test_somebody_without_an_office_is_refused_and_not_connected(people, configured, directory):
    Holding.objects.filter(office="dcs").delete()
    _known_there(directory, "s-10", email="dcs@northmere.example", email_verified=True)
    client, answer = _sign_in("s-10")
    assert answer.status_code == 403 and "You hold no office" in answer.content.decode()
    assert "_auth_user_id" not in client.session and not SocialAccount.objects.exists()


def test_somebody_who_left_is_refused(people, configured, directory):
    _known_there(directory, "s-11", email="scrutiny@northmere.example", email_verified=True)
    _sign_in("s-11")
    Person.objects.filter(key="p-scrutiny").update(is_active=False)
    client, answer = _sign_in("s-11")
    assert answer.status_code == 403 and "_auth_user_id" not in client.session


def test_a_way_back_of_another_browser_signs_nobody_in(people, configured, directory):
    _known_there(directory, "s-12", email="scrutiny@northmere.example", email_verified=True)
    back = _there(_leave(Client()), "s-12")
    victim = Client()
    _refused(victim, victim.get(back))


def test_a_way_back_works_once(people, configured, directory):
    _known_there(directory, "s-13", email="scrutiny@northmere.example", email_verified=True)
    client = Client()
    back = _there(_leave(client), "s-13")
    client.get(back)
    client.post("/sign-out")
    _refused(client, client.get(back))


@pytest.mark.parametrize("query", ["", "?error=access_denied", "?code=made-up&state=made-up", "?state=x"])
def test_an_answer_that_is_no_answer_says_so(people, configured, query):
    client = Client()
    _refused(client, client.get(f"/sign-in/entra/return{query}"))


def test_whoever_presses_cancel_there_is_back_on_the_sign_in_page(people, configured, directory):
    client = Client()
    answer = requests.post(_leave(client), data={"action": "deny"}, allow_redirects=False, timeout=5)
    _refused(client, client.get(answer.headers["Location"].removeprefix("http://testserver")))


def test_signing_in_never_leads_to_another_site(people, configured, directory):
    _known_there(directory, "s-14", email="scrutiny@northmere.example", email_verified=True)
    assert _sign_in("s-14", next="https://elsewhere.example/")[1]["Location"] == "/"


def _forged(monkeypatch, change):
    """The directory's answer is changed on its way: the token that arrives is another."""
    import jwt
    from allauth.socialaccount.providers.oauth2.client import OAuth2Client

    fetch = OAuth2Client.get_access_token

    def changed(self, *args, **kwargs):
        answer = fetch(self, *args, **kwargs)
        claims = jwt.decode(answer["id_token"], options={"verify_signature": False})
        header = jwt.get_unverified_header(answer["id_token"])
        answer["id_token"] = change(claims, header, answer["id_token"])
        return answer

    monkeypatch.setattr(OAuth2Client, "get_access_token", changed)


def _signed_by_another(claims, header, token):
    import jwt
    from cryptography.hazmat.primitives.asymmetric import rsa

    return jwt.encode(claims, rsa.generate_private_key(65537, 2048), "RS256")


def _not_signed(claims, header, token):
    import jwt

    return jwt.encode(claims, None, "none")


def _signed_with_our_own_secret(claims, header, token):
    import jwt

    return jwt.encode(claims, SECRET, "HS256")


def _missing(claims, header, token):
    return ""


@pytest.mark.parametrize(
    "change", [_signed_by_another, _not_signed, _signed_with_our_own_secret, _missing], ids=lambda one: one.__name__
)
def test_a_token_that_the_directory_did_not_sign_is_refused(people, configured, directory, monkeypatch, change):
    _known_there(directory, "s-15", email="scrutiny@northmere.example", email_verified=True)
    _forged(monkeypatch, change)
    client, answer = _sign_in("s-15")
    _refused(client, answer)


def test_a_token_for_another_application_is_refused(people, configured, directory, settings, monkeypatch):
    _known_there(directory, "s-16", email="scrutiny@northmere.example", email_verified=True)
    client = Client()
    back = _there(_leave(client).replace("client_id=line-of-sight", "client_id=another"), "s-16")
    _refused(client, client.get(back))


def test_a_directory_that_names_another_issuer_is_not_believed(people, configured, directory, settings):
    # The provider names itself without the last stroke; to be believed, it must name what is configured.
    settings.COUNCIL_ACCOUNT = Council(f"{directory}/", "line-of-sight", "x")
    answer = Client().post("/sign-in/entra/")
    assert answer.status_code == 200 and "cannot be reached" in answer.content.decode()


def test_a_directory_that_cannot_be_reached_is_said_in_plain_words(people, settings):
    settings.COUNCIL_ACCOUNT = Council("http://localhost:9", "line-of-sight", "x")
    answer = Client().post("/sign-in/entra/")
    assert answer.status_code == 200 and "cannot be reached now" in answer.content.decode()


def test_the_council_account_is_removed_by_its_person_and_other_sessions_end(people, configured, directory):
    _known_there(directory, "s-17", email="scrutiny@northmere.example", email_verified=True)
    client, _ = _sign_in("s-17")
    other, _ = _sign_in("s-17")
    assert client.get("/account/council-account/remove/").status_code == 200
    client.post("/account/council-account/remove/")
    assert not SocialAccount.objects.exists()
    assert other.get("/")["Location"].startswith("/sign-in?") and client.get("/").status_code == 200
    assert told(ChainEvent.objects.get(action=factors.REMOVED)).detail == {"kind": "council account"}
    assert client.get("/account/council-account/remove/").status_code == 404


# --- the environment ------------------------------------------------------------------------------------

FULL = {
    "LINEOFSIGHT_OIDC_ISSUER": "https://login.microsoftonline.com/a-tenant/v2.0/",
    "LINEOFSIGHT_OIDC_CLIENT_ID": "an-id",
    "LINEOFSIGHT_OIDC_CLIENT_SECRET": "a secret",
}


def test_the_environment_names_the_directory():
    found = council_account(FULL | {"LINEOFSIGHT_OIDC_SECOND_FACTOR": "mfa, c1"})
    assert found == Council(
        "https://login.microsoftonline.com/a-tenant/v2.0", "an-id", "a secret", frozenset({"mfa", "c1"})
    )
    assert found.origin == "https://login.microsoftonline.com"
    assert council_account({}) is None


def test_the_secret_may_stand_in_a_file(tmp_path):
    (tmp_path / "secret").write_text("a secret\n")
    given = {name: value for name, value in FULL.items() if not name.endswith("SECRET")}
    found = council_account(given | {"LINEOFSIGHT_OIDC_CLIENT_SECRET_FILE": str(tmp_path / "secret")})
    assert found.client_secret == "a secret"
    with pytest.raises(PlainError, match="cannot be read"):
        council_account(given | {"LINEOFSIGHT_OIDC_CLIENT_SECRET_FILE": str(tmp_path / "no-such")})


@pytest.mark.parametrize("missing", list(FULL))
def test_half_a_configuration_is_refused(missing):
    with pytest.raises(PlainError, match="needs all of"):
        council_account({name: value for name, value in FULL.items() if name != missing})


def test_a_directory_without_tls_is_refused_but_on_this_machine():
    with pytest.raises(PlainError, match="https://"):
        council_account(FULL | {"LINEOFSIGHT_OIDC_ISSUER": "http://login.example"})
    assert council_account(FULL | {"LINEOFSIGHT_OIDC_ISSUER": "http://localhost:8080"})


def test_another_issuer_is_another_directory():
    one, other = (Council(issuer, "i", "s") for issuer in ("https://a.example", "https://b.example"))
    assert one.provider_id != other.provider_id
