"""Addresses of the access room."""

from django.urls import path

from lineofsight.web.access import views

app_name = "access"

urlpatterns = [
    path("sign-in", views.sign_in, name="sign-in"),
    path("sign-out", views.sign_out, name="sign-out"),
    path("demo/sign-in", views.demo_sign_in, name="demo-sign-in"),
    path("access/choose/", views.choose_office, name="choose-office"),
    path("access/offices/", views.offices_page, name="offices"),
    path("access/offices/<int:holding_id>/end/", views.end_office, name="end-office"),
    path("access/log/", views.log, name="log"),
]
