"""Addresses: restricted records and the people named for them (rule 7.3)."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
