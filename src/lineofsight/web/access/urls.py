"""Addresses of the access room, by desk."""

from lineofsight.web.access.appointing.urls import urlpatterns as appointing
from lineofsight.web.access.desk.urls import urlpatterns as desk
from lineofsight.web.access.identity.urls import urlpatterns as identity
from lineofsight.web.access.need.urls import urlpatterns as need
from lineofsight.web.access.restricted.urls import urlpatterns as restricted
from lineofsight.web.access.retention.urls import urlpatterns as retention

app_name = "access"

urlpatterns = [*identity, *appointing, *need, *restricted, *desk, *retention]
