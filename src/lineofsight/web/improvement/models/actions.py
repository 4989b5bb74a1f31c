"""Actions: who does what by when, and who was chased for word of it."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from lineofsight.web.access.fields import EncryptedTextField
from lineofsight.web.access.models import Person
from lineofsight.web.improvement.models.findings import Finding, Recommendation
from lineofsight.web.improvement.models.plans import Plan
from lineofsight.web.improvement.models.progress import Rag, Said
from lineofsight.web.improvement.models.words import Words


class Action(Words):
    """One action. Its words are what is to be done; `number` is its place in its plan.

    The deadline stands as it was written, with its kind and the day that follows from the plan's publication; none
    follows from "as soon as possible", and `deadline_question` says what to ask. Who is responsible and the deadline as
    written are shown as the words are: one clearing is of all of them. `measure` is what the action should
    move, from `baseline` to `target`. `closed_on` is set only where proof held. `rag` is the colour of the newest
    rating, `said` and `heard_on` what the newest update says and is of: kept here so that a list needs no history.
    `set_by` tells whether a person or the plan's own table set that colour, or the rule. What was looked at before
    `reopened_at` proves nothing any more.
    """

    retention: ClassVar[str] = "improvement"

    class DeadlineKind(models.TextChoices):
        IMMEDIATE = "immediate", "Immediate"
        MONTHS = "months", "Within some months of publication"
        DATE = "date", "By a day"
        UNCLEAR = "unclear", "Unclear"
        NONE = "none", "None"

    class SetBy(models.TextChoices):
        RULE = "rule", "By the rule"
        PERSON = "person", "Set by a person"
        PLAN = "plan", "As the plan’s table had it"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="actions")
    number = models.PositiveIntegerField()
    finding = models.ForeignKey(Finding, null=True, blank=True, on_delete=models.PROTECT, related_name="actions")
    recommendation = models.ForeignKey(
        Recommendation, null=True, blank=True, on_delete=models.PROTECT, related_name="actions"
    )
    responsible = EncryptedTextField()
    deadline_words = EncryptedTextField(blank=True, default="")
    deadline_kind = models.CharField(max_length=10, choices=DeadlineKind.choices)
    deadline_on = models.DateField(null=True, blank=True)
    deadline_question = EncryptedTextField(blank=True, default="")
    measure = models.SlugField(max_length=20, blank=True, default="")
    baseline = models.FloatField(null=True, blank=True)
    baseline_on = models.DateField(null=True, blank=True)
    target = models.FloatField(null=True, blank=True)
    rag = models.CharField(max_length=6, choices=Rag.choices)
    set_by = models.CharField(max_length=6, choices=SetBy.choices, default=SetBy.RULE)
    said = models.CharField(max_length=10, choices=Said.choices, blank=True, default="")
    heard_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    reopened_at = models.DateTimeField(null=True, blank=True)
    gone_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["plan", "number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["plan", "number"], name="one_action_a_number")]
        indexes: ClassVar = [
            models.Index(fields=["closed_on", "deadline_on"], name="action_by_deadline"),
            models.Index(fields=["rag", "closed_on"], name="action_by_colour"),
        ]

    def __str__(self) -> str:
        return f"action {self.number}"


class ActionOwner(models.Model):
    """Somebody who answers for an action: as the plan names them, and who that is here once somebody has said so.

    Who no longer does has `left_on`: what they were asked stays theirs.
    """

    retention: ClassVar[str] = "improvement"

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="owners")
    place = models.PositiveSmallIntegerField()
    name = EncryptedTextField()
    post = EncryptedTextField(blank=True, default="")
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    left_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["action", "place", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["action", "place"], condition=models.Q(left_on__isnull=True), name="one_owner_a_place"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["person", "action"], name="actions_of_a_person")]

    def __str__(self) -> str:
        return f"owner {self.place}"


class Chaser(models.Model):
    """A letter that asks an owner for word of their actions: drafted here, sent by a person (rule 7.10).

    `why` is this software's own sentence: it quotes nothing that was typed.
    """

    retention: ClassVar[str] = "improvement"

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="chasers")
    owner = models.ForeignKey(ActionOwner, on_delete=models.PROTECT, related_name="chasers")
    why = models.CharField(max_length=200)
    sent_on = models.DateField()
    sent_at = models.DateTimeField()
    sent_by_key = models.CharField(max_length=120)
    sent_by_name = models.CharField(max_length=120)

    class Meta:
        ordering: ClassVar = ["-sent_at", "-id"]

    def __str__(self) -> str:
        return f"chaser, {self.sent_on}"
