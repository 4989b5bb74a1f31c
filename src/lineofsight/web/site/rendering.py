"""Forms in the GOV.UK look: Django's own rendering with our field templates (templates/django/forms)."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class GovukRenderer(TemplatesSetting):
    """`{{ form }}` draws an error summary and each field as the GOV.UK Design System does."""

    form_template_name = "django/forms/form.html"
    field_template_name = "django/forms/field.html"
