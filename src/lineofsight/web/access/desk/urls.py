"""Addresses: the desk of information governance: who looked at which child, and why."""

from django.urls import path

from lineofsight.web.access.desk import views

urlpatterns = [
    path("access/log/", views.log, name="log"),
]
