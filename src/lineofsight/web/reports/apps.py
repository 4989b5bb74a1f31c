"""The reports room."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "lineofsight.web.reports"
    label = "reports"
    verbose_name = "Packs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lineofsight.web.reports import resolving  # noqa: F401  registers figures, children and packs in the thread
