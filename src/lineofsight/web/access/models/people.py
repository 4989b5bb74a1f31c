"""People and the offices they hold. Every model says its retention class (DESIGN 5 G)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from lineofsight.web.access.offices import offices


class PersonManager(BaseUserManager["Person"]):
    """Makes people, and finds one by e-mail however it was typed."""

    def create_person(self, *, key: str, name: str, email: str, password: str | None = None) -> Person:
        """A new person. Without a password nobody can sign in as them with one."""
        person = self.model(key=key, name=name, email=email.strip().lower())
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email=(username or "").strip().lower())


class Person(AbstractBaseUser):
    """Somebody who signs in. What they may do comes from the offices they hold, never from here."""

    retention: ClassVar[str] = "people"

    key = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    email = models.EmailField(unique=True)
    is_active = models.BooleanField(default=True)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["key", "name"]

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        verbose_name_plural = "people"

    def __str__(self) -> str:
        return self.name


class HoldingQuerySet(models.QuerySet["Holding"]):
    """Holdings, by when they were in force."""

    def in_force(self, on: date) -> HoldingQuerySet:
        """Those in force on a day, its first and last day included."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=on), from_date__lte=on)


class Holding(models.Model):
    """One person holding one office from a day to a day. Ended, never deleted, so the past stays true."""

    retention: ClassVar[str] = "people"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="holdings")
    office = models.SlugField(max_length=40)
    from_date = models.DateField()
    until = models.DateField(null=True, blank=True)
    # Blank: the office's own scope. The ids are services, teams, workers or agencies, as the kind says.
    scope_kind = models.CharField(max_length=20, blank=True, default="")
    scope_ids = models.JSONField(default=list, blank=True)
    # Rule 7.3: a named person's own permission for every restricted record, never an office's.
    sees_restricted = models.BooleanField(default=False)
    # A delegate sees and prepares what the office-holder would, and signs nothing.
    as_delegate = models.BooleanField(default=False)

    objects = HoldingQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["from_date", "pk"]

    def __str__(self) -> str:
        return f"{self.person}, {self.office}"

    @property
    def title(self) -> str:
        """What the office is called."""
        known = offices().get(self.office)
        return known.title if known else self.office
