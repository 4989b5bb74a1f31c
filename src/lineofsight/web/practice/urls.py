"""Addresses of the practice room. An address names a child by a ref only, never by anything of the child's."""

from django.urls import path

from lineofsight.web.practice import finding, nights, recording, restricting, views

app_name = "practice"

urlpatterns = [
    path("measures/", views.measures, name="measures"),
    path("measures/<slug:measure>/", views.measure, name="measure"),
    path("measures/<slug:measure>/children/", views.rows, name="rows"),
    path("exceptions/", views.exceptions, name="exceptions"),
    path("exceptions/unallocated/", views.unallocated, name="unallocated"),
    path("children/find/", finding.find, name="find"),
    path("children/<str:ref>/", views.child, name="child"),
    path("children/<str:ref>/need/", finding.need, name="need"),
    path("children/<str:ref>/restrict/", restricting.restrict, name="restrict"),
    path("children/<str:ref>/restrict/lift/", restricting.lift, name="restrict-lift"),
    path("children/<str:ref>/restrict/name/", restricting.name, name="restrict-name"),
    path("children/<str:ref>/restrict/unname/", restricting.unname, name="restrict-unname"),
    path("children/<str:ref>/known/", views.child_known, name="child-known"),
    path("data/as-known/", views.as_known, name="as-known"),
    path("data/late/", recording.late_recording, name="late"),
    path("data/late/children/", recording.late_children, name="late-children"),
    path("reading/", nights.readings, name="readings"),
    path("reading/<uuid:key>/", nights.reading_night, name="reading-night"),
    path("reading/<uuid:key>/close/", nights.close, name="close-reading"),
    path("reading/<uuid:key>/files/<int:place>/", nights.note, name="note-file"),
]
