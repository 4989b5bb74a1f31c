"""The evidence room."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "lineofsight.web.evidence"
    label = "evidence"
    verbose_name = "Frozen evidence and the thread"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lineofsight.web.evidence import resolving  # noqa: F401  registers what evidence says of itself
