"""Addresses of the reports room."""

from datetime import date

from django.urls import path, register_converter

from lineofsight.web.reports import views


class MonthConverter:
    """A month in an address, as 2026-10."""

    regex = r"\d{4}-(?:0[1-9]|1[0-2])"

    def to_python(self, value: str) -> date:
        year, month = value.split("-")
        if int(year) < 1:
            raise ValueError("no such year")
        return date(int(year), int(month), 1)

    def to_url(self, value: date | str) -> str:
        return value if isinstance(value, str) else f"{value:%Y-%m}"


register_converter(MonthConverter, "month")

app_name = "reports"

urlpatterns = [
    path("packs/", views.packs_list, name="packs"),
    path("packs/<slug:office>/<month:month>/", views.pack, name="pack"),
    path("packs/<slug:office>/<month:month>/make/", views.make, name="make"),
    path("packs/<slug:office>/<month:month>/pack.pdf", views.pdf, name="pdf"),
    path("packs/<slug:office>/<month:month>/pack.html", views.html, name="html"),
    path("packs/<slug:office>/<month:month>/release/", views.release, name="release"),
    path("packs/release/<int:key>/take-back/", views.take_back, name="take-back"),
]
