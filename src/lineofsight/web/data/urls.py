"""Addresses of the data room."""

from django.urls import path

from lineofsight.web.data.views import loads

app_name = "data"

urlpatterns = [
    path("data/", loads.front, name="front"),
]
