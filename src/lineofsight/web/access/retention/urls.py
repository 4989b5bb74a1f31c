"""Addresses: how long each kind of record is kept, and legal holds."""

from django.urls import path

from lineofsight.web.access.retention import views

urlpatterns = [
    path("access/retention/", views.page, name="retention"),
    path("access/retention/hold/", views.place_hold, name="place-hold"),
    path("access/retention/hold/<uuid:key>/lift/", views.lift_hold, name="lift-hold"),
]
