"""Addresses: people, the offices they hold, and invitations."""

from django.urls import path

from lineofsight.web.access.appointing import views

urlpatterns = [
    path("access/offices/", views.offices_page, name="offices"),
    path("access/offices/give/", views.give_office, name="give-office"),
    path("access/offices/<int:holding_id>/end/", views.end_office, name="end-office"),
    path("access/invitations/", views.invitations, name="invitations"),
    path("access/invitations/<uuid:key>/take-back/", views.take_back, name="take-back-invitation"),
    path("invitation/<str:secret>/", views.invitation, name="invitation"),
]
