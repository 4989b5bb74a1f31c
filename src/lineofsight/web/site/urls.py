"""Every address of the house. Each room keeps its own."""

from django.urls import include, path

from lineofsight.web.site import today

urlpatterns = [
    path("", today.page, name="today"),
    path("", include("lineofsight.web.access.urls")),
    path("", include("lineofsight.web.evidence.urls")),
    path("", include("lineofsight.web.practice.urls")),
    path("", include("lineofsight.web.commitments.urls")),
    path("", include("lineofsight.web.improvement.urls")),
    path("", include("lineofsight.web.data.urls")),
    path("", include("lineofsight.web.reports.urls")),
]

handler400 = "lineofsight.web.site.errors.bad_request"
handler403 = "lineofsight.web.site.errors.forbidden"
handler404 = "lineofsight.web.site.errors.not_found"
handler500 = "lineofsight.web.site.errors.failed"
