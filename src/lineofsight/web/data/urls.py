"""Addresses of the data room."""

from django.urls import path

from lineofsight.web.data.views import changes, loads, policy, roles, side_tables, teams, uploads

app_name = "data"

urlpatterns = [
    path("data/", loads.front, name="front"),
    path("data/roles/", roles.listed, name="roles"),
    path("data/roles/word/", roles.word, name="word"),
    path("data/policy/", policy.listed, name="policy"),
    path("data/policy/<str:key>/", policy.rule, name="rule"),
    path("data/teams/", teams.listed, name="teams"),
    path("data/teams/change/", teams.change, name="entry"),
    path("data/changes/<uuid:key>/", changes.one, name="change"),
    path("data/changes/<uuid:key>/save/", changes.save, name="save-change"),
    path("data/changes/<uuid:key>/drop/", changes.drop, name="drop-change"),
    path("data/loads/new/", uploads.new, name="new-load"),
    path("data/sent/<uuid:key>/", uploads.sending, name="sending"),
    path("data/templates/", side_tables.templates, name="templates"),
    path("data/templates/<slug:table>/<slug:form>/", side_tables.file, name="side-file"),
    path("data/loads/<slug:snapshot>/", loads.one, name="load"),
    path("data/loads/<slug:snapshot>/answer/", loads.answer, name="answer-load"),
    path("data/loads/<slug:snapshot>/withdraw/", loads.withdraw, name="withdraw-load"),
]
