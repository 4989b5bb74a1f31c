"""The commitments room."""

from django.apps import AppConfig


class CommitmentsConfig(AppConfig):
    name = "lineofsight.web.commitments"
    label = "commitments"
    verbose_name = "Commitments, occurrences and records"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lineofsight.web.commitments import resolving  # noqa: F401  registers what records say in the thread
