"""Addresses of the practice room. An address names a child by a ref only, never by anything of the child's."""

from django.urls import path

from lineofsight.web.practice import finding, lost, nights, owed_views, recording, restricting, views, wait_views
from lineofsight.web.practice.monthly import views as monthly
from lineofsight.web.practice.ten import views as ten

app_name = "practice"

urlpatterns = [
    path("measures/", views.measures, name="measures"),
    path("measures/<slug:measure>/", views.measure, name="measure"),
    path("measures/<slug:measure>/children/", views.rows, name="rows"),
    path("exceptions/", views.exceptions, name="exceptions"),
    path("exceptions/due-soon/", owed_views.due_soon, name="due-soon"),
    path("exceptions/unallocated/", views.unallocated, name="unallocated"),
    path("exceptions/unallocated/alert/", wait_views.alert, name="alert"),
    path("exceptions/unallocated/alert/sent/", wait_views.alert_sent, name="alert-sent"),
    path("exceptions/unallocated/<str:key>/", wait_views.wait, name="wait"),
    path("exceptions/unallocated/<str:key>/take-back/", wait_views.take_back, name="safeguard-take-back"),
    path("exceptions/unallocated/<str:key>/letter/<slug:letter>/", wait_views.letter, name="letter"),
    path("exceptions/unallocated/<str:key>/<slug:safeguard>/", wait_views.record, name="safeguard"),
    path("exceptions/<str:key>/", owed_views.exception, name="exception"),
    path("exceptions/<str:key>/done/", owed_views.done, name="exception-done"),
    path("exceptions/<str:key>/explain/", owed_views.explain, name="exception-explain"),
    path("exceptions/<str:key>/take-back/", owed_views.unsay, name="exception-unsay"),
    path("children/find/", finding.find, name="find"),
    path("children/easily-lost/", lost.easily_lost, name="easily-lost"),
    path("children/<str:ref>/", views.child, name="child"),
    path("children/<str:ref>/need/", finding.need, name="need"),
    path("children/<str:ref>/restrict/", restricting.restrict, name="restrict"),
    path("children/<str:ref>/restrict/lift/", restricting.lift, name="restrict-lift"),
    path("children/<str:ref>/restrict/name/", restricting.name, name="restrict-name"),
    path("children/<str:ref>/restrict/unname/", restricting.unname, name="restrict-unname"),
    path("children/<str:ref>/known/", views.child_known, name="child-known"),
    path("ten/", ten.the_ten, name="ten"),
    path("ten/freeze/", ten.freeze, name="ten-freeze"),
    path("ten/fairness/", ten.fair, name="ten-fairness"),
    path("ten/children/<str:ref>/", ten.of_child, name="ten-child"),
    path("ten/children/<str:ref>/add/", ten.add, name="ten-add"),
    path("ten/children/<str:ref>/remove/", ten.remove, name="ten-remove"),
    path("ten/children/<str:ref>/note/", ten.note, name="ten-note"),
    path("ten/children/<str:ref>/release/", ten.release, name="ten-release"),
    path("ten/children/<str:ref>/take-back/", ten.take_back, name="ten-take-back"),
    path("lines/", monthly.this_month, name="lines"),
    path("lines/<slug:measure>/", monthly.of_measure, name="lines-of"),
    path("lines/<slug:measure>/lead/", monthly.name_lead, name="lines-lead"),
    path("lines/<slug:measure>/release/", monthly.release, name="lines-release"),
    path("lines/<slug:measure>/take-back/", monthly.take_back, name="lines-take-back"),
    path("data/as-known/", views.as_known, name="as-known"),
    path("data/late/", recording.late_recording, name="late"),
    path("data/late/children/", recording.late_children, name="late-children"),
    path("reading/", nights.readings, name="readings"),
    path("reading/<uuid:key>/", nights.reading_night, name="reading-night"),
    path("reading/<uuid:key>/close/", nights.close, name="close-reading"),
    path("reading/<uuid:key>/files/<int:place>/", nights.note, name="note-file"),
]
