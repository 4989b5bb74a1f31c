"""Addresses: signing in: who is this, and is it still them?"""

from django.urls import path

from lineofsight.web.access.identity import views

urlpatterns = [
    path("sign-in", views.sign_in, name="sign-in"),
    path("sign-out", views.sign_out, name="sign-out"),
    path("demo/sign-in", views.demo_sign_in, name="demo-sign-in"),
    path("access/choose/", views.choose_office, name="choose-office"),
]
