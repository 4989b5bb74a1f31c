"""Addresses: opening a child outside one's scope, for a stated need, and who is told."""

from django.urls import path

from lineofsight.web.access.need import views

urlpatterns = [
    path("access/told/", views.told, name="told"),
    path("access/told/<int:telling>/", views.answer, name="answer-telling"),
    path("access/needs/", views.needs, name="needs"),
    path("access/needs/<str:month>/", views.month, name="needs-month"),
    path("access/needs/<uuid:key>/close/", views.close, name="close-need"),
    path("access/needs/<uuid:key>/review/", views.review, name="review-need"),
]
