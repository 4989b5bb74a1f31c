"""The evidence room."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "lineofsight.web.evidence"
    label = "evidence"
    verbose_name = "Frozen evidence and the thread"
    default_auto_field = "django.db.models.BigAutoField"
