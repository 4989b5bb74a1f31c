"""The data room."""

from django.apps import AppConfig


class DataConfig(AppConfig):
    name = "lineofsight.web.data"
    label = "data"
    verbose_name = "Loads, role words, teams and policy"
    default_auto_field = "django.db.models.BigAutoField"
