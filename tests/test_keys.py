"""Keys are wrapped by a master key that only its owner can read, and are never opened in a half-safe way."""

import base64
import json
import secrets
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineofsight import keys
from lineofsight.errors import PlainError
from lineofsight.home import create_home


@pytest.fixture
def keyed_home(tmp_path, monkeypatch):
    monkeypatch.delenv(keys.ENVIRONMENT, raising=False)
    keys._open_keys.cache_clear()
    home = create_home(tmp_path / "home", authority="306", authority_name="Croydon")
    yield home
    keys._open_keys.cache_clear()


def opened(home):
    """As a new process opens them: nothing remembered."""
    keys._open_keys.cache_clear()
    return keys.open_keys(home)


def new_key():
    return base64.b64encode(secrets.token_bytes(32)).decode()


def ring():
    master = secrets.token_bytes(32)
    empty = keys.Keyring(master, {})
    return keys.Keyring(master, {name: empty.wrap(secrets.token_bytes(32), f"secret/{name}") for name in keys.SECRETS})


RING = ring()


def test_a_home_has_one_secret_for_each_use_the_same_every_time(keyed_home):
    keys.create_keys(keyed_home)
    first = {name: opened(keyed_home).secret(name) for name in keys.SECRETS}
    assert first == {name: opened(keyed_home).secret(name) for name in keys.SECRETS}
    assert {len(secret) for secret in first.values()} == {32}
    assert len(set(first.values())) == len(keys.SECRETS)


def test_no_secret_stands_in_the_clear_in_the_home(keyed_home):
    keys.create_keys(keyed_home)
    found = opened(keyed_home)
    for path in keyed_home.path.rglob("*"):
        if path.is_file():
            raw = path.read_bytes()
            for name in keys.SECRETS:
                secret = found.secret(name)
                assert secret not in raw
                assert base64.b64encode(secret) not in raw
                assert secret.hex().encode() not in raw


def test_the_key_files_can_be_read_by_their_owner_only(keyed_home):
    keys.create_keys(keyed_home)
    for path in keyed_home.keys.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o610, 0o601, 0o777])
def test_a_key_file_that_others_could_read_is_refused(keyed_home, mode):
    keys.create_keys(keyed_home)
    (keyed_home.keys / "master.key").chmod(mode)
    with pytest.raises(PlainError, match="can be read by others"):
        opened(keyed_home)


def test_a_key_file_that_belongs_to_somebody_else_is_refused(keyed_home, monkeypatch):
    keys.create_keys(keyed_home)
    monkeypatch.setattr("os.getuid", lambda: 4_000_000)
    with pytest.raises(PlainError, match="can be read by others"):
        opened(keyed_home)


def test_a_missing_key_file_is_told_with_its_place(keyed_home):
    keys.create_keys(keyed_home)
    (keyed_home.keys / "master.key").unlink()
    with pytest.raises(PlainError, match=r"no master key.*master\.key"):
        opened(keyed_home)


def test_a_home_without_its_keyring_is_told_plainly(keyed_home):
    with pytest.raises(PlainError, match="keys of .* are missing"):
        opened(keyed_home)


def test_the_environment_may_hold_the_master_key_and_then_no_file_does(keyed_home, monkeypatch):
    monkeypatch.setenv(keys.ENVIRONMENT, new_key())
    keys.create_keys(keyed_home)
    assert not (keyed_home.keys / "master.key").exists()
    secret = opened(keyed_home).secret("child")
    assert opened(keyed_home).secret("child") == secret


def test_another_master_key_opens_nothing(keyed_home, monkeypatch):
    keys.create_keys(keyed_home)
    monkeypatch.setenv(keys.ENVIRONMENT, new_key())
    with pytest.raises(PlainError, match="does not open this home's keys"):
        opened(keyed_home)


@pytest.mark.parametrize("name", ["master.key", "keyring.json"])
def test_any_bit_of_a_key_file_that_changes_is_told(keyed_home, name):
    """Also one that leaves the key as it was: it was written in another letter."""
    keys.create_keys(keyed_home)
    path = keyed_home.keys / name
    written = path.read_bytes()
    for place in range(len(written)):
        for bit in range(8):
            path.write_bytes(written[:place] + bytes([written[place] ^ (1 << bit)]) + written[place + 1 :])
            with pytest.raises(PlainError):
                opened(keyed_home)


@pytest.mark.parametrize(
    "wrong",
    ["", "short", "!" * 44, base64.b64encode(b"x" * 31).decode(), base64.b64encode(b"x" * 33).decode(), "é" * 44],
)
def test_a_master_key_that_is_no_key_is_told_plainly(keyed_home, monkeypatch, wrong):
    keys.create_keys(keyed_home)
    monkeypatch.setenv(keys.ENVIRONMENT, wrong)
    with pytest.raises(PlainError, match="not 32 bytes in base64"):
        opened(keyed_home)


def test_keys_are_never_made_over_others(keyed_home):
    keys.create_keys(keyed_home)
    secret = opened(keyed_home).secret("child")
    with pytest.raises((FileExistsError, PlainError)):
        keys.create_keys(keyed_home)
    assert opened(keyed_home).secret("child") == secret


def test_keys_are_never_made_over_others_when_the_environment_holds_the_master_key(keyed_home, monkeypatch):
    monkeypatch.setenv(keys.ENVIRONMENT, new_key())
    keys.create_keys(keyed_home)
    secret = opened(keyed_home).secret("child")
    with pytest.raises((FileExistsError, PlainError)):
        keys.create_keys(keyed_home)
    assert opened(keyed_home).secret("child") == secret


@pytest.mark.parametrize("text", ["", "{", '{"child": "!"}', '{"child": 7}', "[]"])
def test_a_damaged_keyring_is_told_plainly(keyed_home, text):
    keys.create_keys(keyed_home)
    (keyed_home.keys / "keyring.json").write_text(text)
    with pytest.raises(PlainError):
        opened(keyed_home)


def test_a_secret_put_under_another_name_is_refused(keyed_home):
    keys.create_keys(keyed_home)
    path = keyed_home.keys / "keyring.json"
    wrapped = json.loads(path.read_text())
    wrapped["child"], wrapped["session"] = wrapped["session"], wrapped["child"]
    path.write_text(json.dumps(wrapped))
    with pytest.raises(PlainError, match="does not open"):
        opened(keyed_home)


@given(st.binary(min_size=32, max_size=32), st.text(max_size=30))
def test_what_was_wrapped_is_unwrapped_in_its_own_context_only(key, context):
    wrapped = RING.wrap(key, context)
    assert RING.unwrap(wrapped, context) == key
    assert base64.b64encode(key).decode() not in wrapped
    with pytest.raises(PlainError):
        RING.unwrap(wrapped, context + "/another")
    with pytest.raises(PlainError):
        ring().unwrap(wrapped, context)


def test_every_flipped_bit_of_a_wrapped_key_is_refused():
    raw = base64.b64decode(RING.wrap(b"k" * 32, "snapshot/a"))
    for place in range(len(raw)):
        for bit in range(8):
            flipped = bytearray(raw)
            flipped[place] ^= 1 << bit
            with pytest.raises(PlainError):
                RING.unwrap(base64.b64encode(bytes(flipped)).decode(), "snapshot/a")


def test_wrapping_one_key_twice_never_looks_the_same():
    assert RING.wrap(b"k" * 32, "a") != RING.wrap(b"k" * 32, "a")


@given(st.text(max_size=20), st.text(max_size=20))
def test_a_child_key_is_32_hex_the_same_every_time_and_another_in_every_home(authority, person_id):
    found = RING.child_key(authority, person_id)
    assert len(found) == 32
    assert int(found, 16) >= 0
    assert found == RING.child_key(authority, person_id)
    assert found != ring().child_key(authority, person_id)


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_two_children_never_share_a_key(one, other):
    if one != other:
        assert RING.child_key("306", str(one)) != RING.child_key("306", str(other))
        assert RING.child_key("306", str(one)) != RING.child_key("301", str(one))


def test_a_digest_depends_on_the_secret_it_was_made_under():
    assert RING.digest("manifest", b"told") != RING.digest("evidence", b"told")
    assert RING.digest("manifest", b"told") == RING.digest("manifest", b"told")
    with pytest.raises(KeyError):
        RING.digest("nothing", b"told")


def told(path):
    return {one.name: one.read_bytes() for one in sorted(path.glob("keys/*"))}


def test_a_home_whose_making_was_cut_short_is_finished_and_then_left_alone(tmp_path):
    about = {"authority": "306", "authority_name": "Northmere"}
    create_home(tmp_path / "one", **about)  # and the process died here
    found = keys.make_home(tmp_path / "one", **about)
    keys.open_keys(found)
    before = told(found.path)
    assert keys.make_home(tmp_path / "one", **about) == found
    assert told(found.path) == before


def test_a_master_key_that_has_wrapped_nothing_yet_is_used(tmp_path):
    found = create_home(tmp_path / "one", authority="306", authority_name="Northmere")
    keys.create_keys(found)
    master = told(found.path)["master.key"]
    (found.keys / "keyring.json").unlink()  # as where a process died between the two
    keys.make_home(found.path, authority="306", authority_name="Northmere")
    assert told(found.path)["master.key"] == master
    keys.open_keys(found)


@pytest.mark.parametrize("stored", ["lineofsight.sqlite3", "lake/snapshots/2026-10-31-12345678"])
def test_new_keys_are_never_made_where_something_is_stored_under_lost_ones(tmp_path, stored):
    found = create_home(tmp_path / "one", authority="306", authority_name="Northmere")
    (found.path / stored).parent.mkdir(parents=True, exist_ok=True)
    (found.path / stored).touch()
    keys.make_home(found.path, authority="306", authority_name="Northmere")
    assert told(found.path) == {}
    with pytest.raises(PlainError, match="are missing"):
        keys.open_keys(found)
