"""The access room."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "lineofsight.web.access"
    label = "access"
    verbose_name = "People, offices and the log"
    default_auto_field = "django.db.models.BigAutoField"
