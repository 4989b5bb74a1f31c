"""Addresses: opening a child outside one's scope, for a stated need, and who is told."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
