"""Keys: a master key wraps named secrets and each snapshot's data key (DESIGN 5 G, I).

The master key comes from the environment or from a file that only its owner can read. It encrypts nothing
but keys, so it can be changed without touching a child's data; the secret behind `child_key` never changes.
"""

import base64
import fcntl
import hashlib
import hmac
import json
import os
import secrets
import stat
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.home import MARKER, Home, create_home, open_home, write_whole

KEY_BYTES = 32
_NONCE_BYTES = 12
_SEALED = b"\x01"  # how sealed text begins, so that another way can follow
ENVIRONMENT = "LINEOFSIGHT_MASTER_KEY"
# Where the one that takes its place stands while it is changed (`changing`).
NEXT_ENVIRONMENT = "LINEOFSIGHT_NEW_MASTER_KEY"

# What each secret is for. A new use gets a new name, never a second use of an old secret.
SECRETS = ("child", "audience", "text", "evidence", "manifest", "session")
# What the keyring holds beside them, wrapped too: the day the master key was made, and while it is being changed the
# one before it, which the data keys that are not wrapped again yet still need.
SINCE, FORMER = "since", "former"


class Keyring:
    """The secrets of one home. `secret(name)` gives 32 bytes; `wrap`/`unwrap` keep a data key at rest.

    `since` is the day the master key was made, where that is known. `being_changed` is whether another was in its place
    a moment ago, and some data keys are wrapped by that one still.
    """

    def __init__(self, master: bytes, wrapped: dict[str, str]) -> None:
        self._master, self._former = AESGCM(master), None
        beside = {name: wrapped[name] for name in (SINCE, FORMER) if name in wrapped}
        told = {name: self.unwrap(text, f"beside/{name}") for name, text in beside.items()}
        self.since = date.fromisoformat(told[SINCE].decode()) if SINCE in told else None
        self.being_changed = FORMER in told
        secret = {name: text for name, text in wrapped.items() if name not in beside}
        self._secrets = {name: self.unwrap(text, f"secret/{name}") for name, text in secret.items()}
        self._child = self._secrets.get("child", b"")
        if self.being_changed:
            self._former = AESGCM(told[FORMER])

    def secret(self, name: str) -> bytes:
        """The 32-byte secret called `name`, one of SECRETS."""
        return self._secrets[name]

    def wrap(self, key: bytes, context: str) -> str:
        """`key` encrypted under the master key, tied to `context`, as text."""
        nonce = secrets.token_bytes(12)
        return base64.b64encode(nonce + self._master.encrypt(nonce, key, context.encode())).decode()

    def unwrap(self, wrapped: str, context: str) -> bytes:
        """The key that `wrap` hid. Raises PlainError when the master key or the context is another."""
        raw = base64.b64decode(wrapped)
        if base64.b64encode(raw).decode() != wrapped:  # the same bytes in other letters: somebody wrote them
            raise PlainError("A wrapped key is not as it was written.")
        for master in filter(None, (self._master, self._former)):
            try:
                return master.decrypt(raw[:12], raw[12:], context.encode())
            except InvalidTag:
                continue
        raise PlainError("The master key does not open this home's keys.")

    def seal(self, name: str, context: str, plain: bytes) -> bytes:
        """`plain` encrypted under the secret `name`, tied to `context`. A changed master key leaves it as it is."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return _SEALED + nonce + _cipher(self.secret(name)).encrypt(nonce, plain, context.encode())

    def unseal(self, name: str, context: str, sealed: bytes) -> bytes:
        """What `seal` hid. Raises PlainError when it was altered, moved, or sealed under other keys."""
        nonce, body = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        try:
            if sealed[:1] != _SEALED:
                raise InvalidTag
            return _cipher(self.secret(name)).decrypt(nonce, body, context.encode())
        except (InvalidTag, ValueError):
            raise PlainError("Some stored text does not open with this home's keys: it was altered or moved.") from None

    def child_key(self, authority: str, person_id: str) -> str:
        """The keyed hash that stands for a child everywhere outside the lake: 32 hex characters."""
        told = f"{authority}\x00{person_id}".encode()
        return hmac.digest(self._child, told, "sha256")[:16].hex()

    def digest(self, name: str, data: bytes) -> str:
        """HMAC-SHA256 of `data` under the secret `name`, in hex."""
        return hmac.new(self.secret(name), data, hashlib.sha256).hexdigest()


@lru_cache(maxsize=16)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def make_home(path: Path, *, authority: str, authority_name: str, demo: bool = False) -> Home:
    """The home at `path` with its keys: new, as it stands, or finished where its making was cut short.

    Two that make it at once make one. Keys are never made where anything was stored under other ones.
    """
    path.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if (path / MARKER).exists():
            home = open_home(path)
        else:
            home = create_home(path, authority=authority, authority_name=authority_name, demo=demo)
        empty = not home.database.exists() and not any(home.lake.glob("snapshots/*"))
        if empty and not _ring_file(home).exists():
            create_keys(home)
    finally:
        os.close(descriptor)
    return home


def create_keys(home: Home) -> None:
    """Make the master key file (unless the environment gives the key) and this home's wrapped secrets.

    Raises PlainError where the home has secrets already: writing over them would lose every child's key.
    """
    if _ring_file(home).exists():
        raise PlainError(f"The home in {home.path} has its keys already.")
    # A master key that is there without a keyring has wrapped nothing yet: a making that was cut short left it.
    if ENVIRONMENT not in os.environ and not master_file(home).exists():
        write_whole(master_file(home), base64.b64encode(secrets.token_bytes(KEY_BYTES)))
    ring = {name: secrets.token_bytes(KEY_BYTES) for name in SECRETS}
    write_ring(home, _master_key(home), ring, since=clock.today())


def open_keys(home: Home) -> Keyring:
    """The keyring of `home`, read once a process. Raises PlainError when it cannot be opened safely."""
    return _open_keys(home)


@lru_cache(maxsize=8)
def _open_keys(home: Home) -> Keyring:
    return opened(home)[1]


def opened(home: Home) -> tuple[bytes, Keyring]:
    """The master key in force and what it opens, read afresh. Raises PlainError as `open_keys` does.

    While the master key is changed it is the one that opens the keyring: the old one, or the next.
    """
    if not _ring_file(home).exists():
        raise PlainError(f"The keys of {home.path} are missing.")
    told = _ring_told(home)
    try:
        masters = _masters(home)
        for at, master in enumerate(masters, 1):
            try:
                return master, Keyring(master, told)
            except PlainError:
                if at == len(masters):
                    raise
    except (ValueError, TypeError, AttributeError):
        pass
    raise PlainError(_DAMAGED.format(home.path))


def write_ring(home: Home, master: bytes, ring: dict[str, bytes], *, since: date, former: bytes = b"") -> None:
    """Write the keyring: each secret of `ring` wrapped by `master`, on the disk or as it was before."""
    wrapping = Keyring(master, {})
    told = {name: wrapping.wrap(secret, f"secret/{name}") for name, secret in ring.items()}
    told[SINCE] = wrapping.wrap(since.isoformat().encode(), f"beside/{SINCE}")
    if former:
        told[FORMER] = wrapping.wrap(former, f"beside/{FORMER}")
    write_whole(_ring_file(home), json.dumps(told, indent=1).encode())


def secrets_of(home: Home) -> dict[str, bytes]:
    """Every secret of the home by name, to be wrapped again."""
    _, ring = opened(home)
    return {name: ring.secret(name) for name in _ring_told(home) if name not in (SINCE, FORMER)}


_DAMAGED = "The keys of {} are damaged: put the keyring file back from a backup."


def _ring_told(home: Home) -> dict[str, str]:
    try:
        return {str(name): str(text) for name, text in json.loads(_ring_file(home).read_text()).items()}
    except (ValueError, TypeError, AttributeError):
        raise PlainError(_DAMAGED.format(home.path)) from None


def _masters(home: Home) -> Sequence[bytes]:
    """The master key, and where one is about to take its place, that one."""
    following = os.environ.get(NEXT_ENVIRONMENT) if ENVIRONMENT in os.environ else None
    if following is None and next_file(home).exists() and ENVIRONMENT not in os.environ:
        following = _read_private(next_file(home))
    return [_master_key(home), *([key_of(following)] if following else [])]


def next_file(home: Home) -> Path:
    """Where the next master key stands until it takes the place of the one before."""
    return home.keys / "master.key.next"


def master_file(home: Home) -> Path:
    """Where the master key stands, unless the environment gives it."""
    return home.keys / "master.key"


def _ring_file(home: Home) -> Path:
    return home.keys / "keyring.json"


def _master_key(home: Home) -> bytes:
    given = os.environ.get(ENVIRONMENT)
    return key_of(_read_private(master_file(home)) if given is None else given)


def key_of(text: str) -> bytes:
    """The key that stands in `text` as base64. Raises PlainError where it is none."""
    try:
        key = base64.b64decode(text, validate=True)
    except ValueError:
        key = b""
    # Written another way it would be the same key, but then a letter of it is not the one that was written.
    if len(key) != KEY_BYTES or base64.b64encode(key).decode() != text:
        raise PlainError("The master key is not 32 bytes in base64.")
    return key


def _read_private(path: Path) -> str:
    """The key file's text, refused when anybody but its owner could read it."""
    if not path.exists():
        raise PlainError(f"There is no master key: set {ENVIRONMENT} or put the key file back at {path}.")
    about = path.stat()
    if about.st_uid != os.getuid() or stat.S_IMODE(about.st_mode) & 0o077:
        raise PlainError(f"The key file {path} can be read by others: only its owner may.")
    return path.read_text().strip()
