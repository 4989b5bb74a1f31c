"""The commitments room."""

from django.apps import AppConfig


class CommitmentsConfig(AppConfig):
    name = "lineofsight.web.commitments"
    label = "commitments"
    verbose_name = "Commitments, occurrences and records"
    default_auto_field = "django.db.models.BigAutoField"
