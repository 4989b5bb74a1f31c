"""Addresses of the practice room. An address names a child by a ref only, never by anything of the child's."""

from django.urls import path

from lineofsight.web.practice import views

app_name = "practice"

urlpatterns = [
    path("measures/", views.measures, name="measures"),
    path("measures/<slug:measure>/", views.measure, name="measure"),
    path("measures/<slug:measure>/children/", views.rows, name="rows"),
    path("exceptions/", views.exceptions, name="exceptions"),
    path("exceptions/unallocated/", views.unallocated, name="unallocated"),
    path("children/<str:ref>/", views.child, name="child"),
]
