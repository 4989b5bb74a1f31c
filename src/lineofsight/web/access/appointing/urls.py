"""Addresses: people, the offices they hold, and invitations."""

from django.urls import path

from lineofsight.web.access.appointing import views

urlpatterns = [
    path("access/offices/", views.offices_page, name="offices"),
    path("access/offices/<int:holding_id>/end/", views.end_office, name="end-office"),
]
