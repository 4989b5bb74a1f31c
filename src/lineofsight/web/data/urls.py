"""Addresses of the data room."""

from django.urls import path

from lineofsight.web.data.views import loads, side_tables, uploads

app_name = "data"

urlpatterns = [
    path("data/", loads.front, name="front"),
    path("data/loads/new/", uploads.new, name="new-load"),
    path("data/sent/<uuid:key>/", uploads.sending, name="sending"),
    path("data/templates/", side_tables.templates, name="templates"),
    path("data/templates/<slug:table>/<slug:form>/", side_tables.file, name="side-file"),
    path("data/loads/<slug:snapshot>/", loads.one, name="load"),
    path("data/loads/<slug:snapshot>/answer/", loads.answer, name="answer-load"),
    path("data/loads/<slug:snapshot>/withdraw/", loads.withdraw, name="withdraw-load"),
]
