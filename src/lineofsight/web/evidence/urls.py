"""Addresses of the evidence room."""

from django.urls import path

from lineofsight.web.evidence import views

app_name = "evidence"

urlpatterns = [
    path("thread/<slug:kind>/<str:key>/", views.thread, name="thread"),
]
