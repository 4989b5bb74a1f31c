"""The audit chain's rows. No foreign keys: the log outlives what it speaks of."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import connection, models

from lineofsight.web.access.fields import EncryptedTextField


class ChainEvent(models.Model):
    """One link of the audit chain (DESIGN 5 F). Written once; only its payload may later be erased.

    No foreign keys: the log outlives what it speaks of. The encrypted `payload` holds the salt of `digest`.
    """

    retention: ClassVar[str] = "log"

    sequence = models.BigIntegerField(primary_key=True)
    at = models.CharField(max_length=32)
    actor = models.CharField(max_length=120, db_index=True)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=200, blank=True, default="")
    digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    payload = models.BinaryField(null=True)

    class Meta:
        ordering: ClassVar = ["-sequence"]
        indexes: ClassVar = [
            models.Index(fields=["action", "subject", "at"], name="chain_action"),
            models.Index(fields=["at"], name="chain_when"),
            # What is past its retention is found without reading again what was erased before.
            models.Index(fields=["at"], name="chain_kept", condition=models.Q(payload__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.action}"

    def save(self, **kwargs: Any) -> None:
        """Insert only, in one plain statement: a link that exists is never written again."""
        with connection.cursor() as cursor:
            cursor.execute(_INSERT_EVENT, [getattr(self, name) for name in _EVENT_COLUMNS])
        self._state.adding = False

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refused: the chain is never shortened."""
        raise TypeError("An event of the audit chain is never deleted.")


class ChainHead(models.Model):
    """The last link, in one row: whoever appends locks it first, so no two links share a number."""

    retention: ClassVar[str] = "log"

    sequence = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    at = models.CharField(max_length=32, blank=True, default="")
    # Whether events older than the index have been put into it (`chain_index.index_children`).
    indexed = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"head at {self.sequence}"


class ChainChild(models.Model):
    """Which children an event showed, so that the log can be asked by child. Goes when the event's payload goes.

    `place` is 0 for the child first named, whose page it was where it was a page; then the others as they stood.
    """

    retention: ClassVar[str] = "log"

    pk = models.CompositePrimaryKey("child_key", "sequence")
    child_key = models.CharField(max_length=32)
    sequence = models.BigIntegerField(db_index=True)
    place = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"event {self.sequence}"


class ChainShown(models.Model):
    """What the desk counts by without opening a payload: a narrow row for each event that showed a child or a file.

    `hour` is the hour of UTC it fell in ("2026-11-12T09"). `opened` is the child whose own page it was. `reason` is
    the keyed digest of the purpose given; its words stand in the event's encrypted payload. `form` is the kind of file
    that was made ("csv"). The desk's own looks into the log have no row. Goes when the payload goes.
    """

    retention: ClassVar[str] = "log"

    # A plain integer is SQLite's own row number, one index less to write; two thousand million events are enough.
    sequence = models.IntegerField(primary_key=True)
    hour = models.CharField(max_length=13)
    actor = models.CharField(max_length=120)
    children = models.PositiveIntegerField(default=0)
    opened = models.CharField(max_length=32, blank=True, default="")
    reason = models.CharField(max_length=32, blank=True, default="")
    form = models.CharField(max_length=12, blank=True, default="")

    class Meta:
        # Each lies in the order its question is grouped in, and holds what it asks: nothing is sorted, no row is read.
        indexes: ClassVar = [
            models.Index(fields=["actor", "hour", "children"], name="chain_hours"),
            models.Index(fields=["actor", "opened", "hour"], name="chain_opened", condition=~models.Q(opened="")),
            models.Index(fields=["reason"], name="chain_reason", condition=~models.Q(reason="")),
            models.Index(fields=["form"], name="chain_form", condition=~models.Q(form="")),
        ]

    def __str__(self) -> str:
        return f"event {self.sequence}"


class Looked(models.Model):
    """A pattern that information governance looked into: whose, how far the log had come, and what they found.

    It leaves the list of what is worth a look, and comes back where the log goes on past `up_to`.
    """

    retention: ClassVar[str] = "log"

    pattern = models.SlugField(max_length=40)
    # What the pattern is about: the reader, and the day or the child's key.
    about = models.CharField(max_length=200)
    actor = models.CharField(max_length=120)
    up_to = models.BigIntegerField()
    reason = EncryptedTextField()
    words = EncryptedTextField()
    at = models.DateTimeField()
    by_key = models.CharField(max_length=120)

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["pattern", "about"], name="looked_about")]

    def __str__(self) -> str:
        return f"looked into {self.pattern}"


_EVENT_COLUMNS = tuple(str(field.column) for field in ChainEvent._meta.concrete_fields)
_INSERT_EVENT = (
    f"insert into {ChainEvent._meta.db_table} ({', '.join(_EVENT_COLUMNS)}) "  # noqa: S608  our own names
    f"values ({', '.join(['%s'] * len(_EVENT_COLUMNS))})"
)
