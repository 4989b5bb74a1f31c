"""The practice room."""

from django.apps import AppConfig


class PracticeConfig(AppConfig):
    name = "lineofsight.web.practice"
    label = "practice"
    verbose_name = "What the data shows"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what this room says in the thread."""
        from lineofsight.web.practice import nights, seen  # noqa: F401
