"""Addresses of the desk of information governance. A child stands in one by the desk's own ref only."""

from django.urls import path

from lineofsight.web.access.desk import views

urlpatterns = [
    path("access/desk/", views.front, name="desk"),
    path("access/desk/child/", views.find_child, name="desk-child"),
    path("access/desk/child/<str:ref>/", views.of_child, name="desk-of-child"),
    path("access/desk/people/", views.people, name="desk-people"),
    path("access/desk/reasons/", views.reasons, name="desk-reasons"),
    path("access/desk/looked-into/", views.looked_into, name="desk-looked-into"),
    path("access/desk/look/<slug:pattern>/", views.pattern, name="desk-pattern"),
    path("access/desk/look/<slug:pattern>/<str:actor>/<str:what>/", views.sighting, name="desk-sighting"),
    path("access/log/", views.log, name="log"),
    path("access/subject-access/", views.subject_access_requests, name="subject-access"),
]
