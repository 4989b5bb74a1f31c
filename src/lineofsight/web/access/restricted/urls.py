"""Addresses: restricted records and the people named for them (rule 7.3).

One child's own page of restriction stands beside the child's page, in the practice room.
"""

from django.urls import path

from lineofsight.web.access.restricted import views

urlpatterns = [path("access/restricted/", views.page, name="restricted")]
