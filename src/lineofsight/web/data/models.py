"""What the worker is asked to do: with a load, and with the rules, whose changes are tried out before they are kept."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from lineofsight.web.access.fields import EncryptedJSONField, EncryptedTextField


class JobQuerySet(models.QuerySet["Job"]):
    """Jobs, by what is to be done."""

    def open(self) -> JobQuerySet:
        """Those that are not over."""
        return self.exclude(state__in=Job.OVER)

    def of_loads(self) -> JobQuerySet:
        """Those about loads: files sent, and what was decided about one."""
        return self.filter(kind__in=Job.OF_LOADS)

    def free_at(self, moment: datetime) -> JobQuerySet:
        """Those a worker may take: not over, waiting for nobody, and held by no worker whose lease still runs."""
        held = Q(lease_until__gt=moment)
        return self.open().exclude(state=Job.WAITS).exclude(held).order_by("asked_at", "key")


class Job(models.Model):
    """One thing asked of the worker about a load, by whom, and how far it is.

    A worker takes it by a conditional UPDATE and holds it by a lease; one that dies lets it go when the lease ends,
    and another does it again: each of these, done twice, comes to the same.
    """

    retention: ClassVar[str] = "loads"

    READ, YES, NO, WITHDRAW = "read", "yes", "no", "withdraw"
    PREVIEW, RULES = "preview", "rules"
    OF_LOADS: ClassVar = (READ, YES, NO, WITHDRAW)
    QUEUED, READING, COMPARING, COMPUTING, WAITS = "queued", "reading", "comparing", "computing", "waits"
    DONE, REFUSED, FAILED = "done", "refused", "failed"
    OVER: ClassVar = (DONE, REFUSED, FAILED)

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.SlugField(max_length=10)
    state = models.SlugField(max_length=10, default=QUEUED)
    asked_at = models.DateTimeField()
    by_key = models.CharField(max_length=120)
    by_name = models.CharField(max_length=120)
    ended_at = models.DateTimeField(null=True)
    # What was sent: names as people gave them and sizes in bytes, and where they wait, encrypted.
    files: models.Field[Any, Any] = EncryptedJSONField(default=list)
    sending = models.CharField(max_length=32, blank=True, default="")
    as_at = models.DateField(null=True)
    # Which snapshot it is about: known beforehand for a decision, afterwards for files that were read.
    snapshot = models.CharField(max_length=80, blank=True, default="")
    why = EncryptedTextField(blank=True, default="")
    # How it goes.
    step = EncryptedTextField(blank=True, default="")
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    failure = EncryptedTextField(blank=True, default="")
    again = models.BooleanField(default=False)
    tries = models.PositiveSmallIntegerField(default=0)
    lease = models.CharField(max_length=32, blank=True, default="")
    lease_until = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-asked_at", "key"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["snapshot"],
                condition=Q(kind__in=["yes", "no", "withdraw"], ended_at__isnull=True),
                name="one_decision_at_a_time",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "asked_at"], name="job_to_do"),
            models.Index(fields=["snapshot"], name="job_of_snapshot"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.asked_at:%Y-%m-%d}"

    @property
    def is_over(self) -> bool:
        return self.state in self.OVER

    @property
    def is_open(self) -> bool:
        """Whether the worker still has something to do."""
        return not self.is_over and self.state != self.WAITS


class Change(models.Model):
    """One change of the rules: what somebody wants, what it would do, and whether it was kept.

    `base` is the digest of the file it was tried out on, so that nothing is kept that nobody looked at. `told` says
    what is wanted (wanted.py), `effect` what it would do (loading.previewing.Effect).
    """

    retention: ClassVar[str] = "rules"

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    what = models.SlugField(max_length=10)
    told: models.Field[Any, Any] = EncryptedJSONField(default=dict)
    base = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    by_key = models.CharField(max_length=120)
    by_name = models.CharField(max_length=120)
    preview = models.OneToOneField(Job, null=True, on_delete=models.SET_NULL, related_name="tried")
    effect: models.Field[Any, Any] = EncryptedJSONField(default=dict)
    saving = models.OneToOneField(Job, null=True, on_delete=models.SET_NULL, related_name="kept")
    saved_at = models.DateTimeField(null=True)
    saved_by_key = models.CharField(max_length=120, blank=True, default="")
    saved_by_name = models.CharField(max_length=120, blank=True, default="")
    dropped_at = models.DateTimeField(null=True)
    # The digest of the file as this change makes it: how a worker knows that one that died had written it.
    saved_as = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-asked_at", "key"]
        indexes: ClassVar = [models.Index(fields=["what", "saved_at"], name="change_of_a_kind")]

    def __str__(self) -> str:
        return f"{self.what} of {self.asked_at:%Y-%m-%d}"
