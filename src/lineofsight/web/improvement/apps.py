"""The improvement room."""

from django.apps import AppConfig


class ImprovementConfig(AppConfig):
    name = "lineofsight.web.improvement"
    label = "improvement"
    verbose_name = "Findings, plans and actions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lineofsight.web.improvement import resolving  # noqa: F401  registers what findings and actions say
