"""Restricted records: absent for all but the people named for them (rule 7.3)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q

from lineofsight.web.access.fields import EncryptedTextField
from lineofsight.web.access.models.people import Person


class RestrictionQuerySet(models.QuerySet["Restriction"]):
    """Restrictions, by when they hold."""

    def in_force(self, on: date) -> RestrictionQuerySet:
        """Those in force on a day, its first and last day included."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=on), from_date__lte=on)


class NamedPersonQuerySet(models.QuerySet["NamedPerson"]):
    """People named for a record, by when they are."""

    def in_force(self, on: date) -> NamedPersonQuerySet:
        """Those named on a day, its first and last day included."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=on), from_date__lte=on)


class Restriction(models.Model):
    """A child's record restricted here, beside those that the extract itself restricts."""

    retention: ClassVar[str] = "people"

    child_key = models.CharField(max_length=32, db_index=True)
    kind = models.SlugField(max_length=40)
    reason = EncryptedTextField()
    from_date = models.DateField()
    until = models.DateField(null=True)
    placed_by_key = models.CharField(max_length=120)
    lifted_by_key = models.CharField(max_length=120, blank=True, default="")

    objects = RestrictionQuerySet.as_manager()

    def __str__(self) -> str:
        return f"restriction, {self.kind}"


class NamedPerson(models.Model):
    """One person named for one restricted record."""

    retention: ClassVar[str] = "people"

    child_key = models.CharField(max_length=32, db_index=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="named_for")
    from_date = models.DateField()
    until = models.DateField(null=True)
    named_by_key = models.CharField(max_length=120)

    objects = NamedPersonQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.person}, named"
