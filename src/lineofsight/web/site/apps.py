"""The site room."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "lineofsight.web.site"
    label = "site"
    verbose_name = "The house itself"
    default_auto_field = "django.db.models.BigAutoField"
