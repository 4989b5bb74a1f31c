"""Addresses of the commitments room."""

from datetime import date

from django.urls import path, register_converter

from lineofsight.web.commitments import views


class DayConverter:
    """A date in an address, as 2026-10-31."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(DayConverter, "day")

app_name = "commitments"

urlpatterns = [
    path("commitments/", views.mine, name="mine"),
    path("commitments/coverage/", views.coverage, name="coverage"),
    path("commitments/<slug:slug>/", views.commitment, name="commitment"),
    path("commitments/<slug:slug>/record/", views.hold, name="hold-now"),
    path("commitments/<slug:slug>/<day:due_on>/record/", views.hold, name="hold"),
    path("commitments/<slug:slug>/<day:due_on>/change/", views.change, name="change"),
    path("records/", views.records, name="records"),
    path("records/seen/", views.seen, name="seen"),
    path("records/ask/", views.ask, name="ask"),
    path("records/<uuid:key>/", views.record, name="record"),
    path("records/<uuid:key>/sign/", views.sign, name="sign"),
    path("records/<uuid:key>/correct/", views.correct, name="correct"),
]
