"""Addresses of findings."""

from django.urls import path

from lineofsight.web.improvement import findings_views as views

paths = [
    path("findings/", views.findings, name="findings"),
    path("findings/new/", views.new, name="finding-new"),
    path("findings/<uuid:key>/", views.finding, name="finding"),
    path("findings/<uuid:key>/recommend/", views.recommend, name="recommend"),
    path("findings/<uuid:key>/theme/", views.theme, name="theme"),
    path("findings/<uuid:key>/repeats/", views.repeats, name="repeats"),
    path("findings/<uuid:key>/close/", views.close, name="finding-close"),
    path("findings/<uuid:key>/reopen/", views.reopen, name="finding-reopen"),
]
