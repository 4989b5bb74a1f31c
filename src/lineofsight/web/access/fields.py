"""Fields whose content is encrypted before it reaches the database (DESIGN 5 H)."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldError
from django.db import models

from lineofsight.web.access.house import keys_in_use

if TYPE_CHECKING:
    _TextField = models.TextField[str, str]
else:
    _TextField = models.TextField


def seal(secret: str, context: str, plain: bytes) -> bytes:
    """`plain` under the home's secret of that name, tied to `context`."""
    return keys_in_use().seal(secret, context, plain)


def unseal(secret: str, context: str, sealed: bytes | memoryview) -> bytes:
    """What `seal` hid. Raises PlainError when it was altered, moved, or sealed under other keys."""
    return keys_in_use().unseal(secret, context, bytes(sealed))


class EncryptedTextField(_TextField):
    """Text that stands encrypted in the database. It cannot be searched, ordered or compared there."""

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        self.context = f"{cls._meta.label_lower}.{name}"

    def get_prep_value(self, value: Any) -> Any:
        """The sealed text, or the value itself where there is nothing to hide."""
        if value is None or value == "":
            return value
        return base64.b64encode(seal("text", self.context, self._write(value))).decode()

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        """The text as it was typed."""
        if value is None or value == "":
            return value
        try:
            sealed = base64.b64decode(value, validate=True)
        except ValueError:
            sealed = b""  # a damaged letter: refused below as every altered text is
        return self._read(unseal("text", self.context, sealed))

    def get_lookup(self, lookup_name: str) -> Any:
        """Only "is it empty" can be asked: every writing of the same text looks different."""
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is encrypted, so it cannot be looked up by its content.")
        return super().get_lookup(lookup_name)

    def _write(self, value: Any) -> bytes:
        return str(value).encode()

    def _read(self, plain: bytes) -> Any:
        return plain.decode()


class EncryptedJSONField(EncryptedTextField):
    """A JSON value that stands encrypted in the database."""

    # What the type checker takes a value of this field to be: any JSON, and not the text of its parent.
    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def to_python(self, value: Any) -> Any:
        """The value as it is: it is never text that stands for JSON."""
        return value

    def _write(self, value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    def _read(self, plain: bytes) -> Any:
        return json.loads(plain)
