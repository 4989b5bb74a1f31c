"""Addresses of plans: the list, one plan, loading its table, taking it out, and the report to a committee."""

from django.urls import path

from lineofsight.web.improvement import plans_views, report_views, tables_views

paths = [
    path("plans/", plans_views.listed, name="plans"),
    path("plans/new/", plans_views.new, name="new-plan"),
    path("plans/load/", tables_views.first, name="load-plan"),
    path("plans/<uuid:key>/", plans_views.plan, name="plan"),
    path("plans/<uuid:key>/load/", tables_views.following, name="load-next"),
    path("plans/<uuid:key>/actions/new/", plans_views.new_action, name="new-action"),
    path("plans/<uuid:key>/step/", plans_views.step, name="plan-step"),
    path("plans/<uuid:key>/close/", plans_views.close, name="close-plan"),
    path("plans/<uuid:key>/table.<str:form>", tables_views.table, name="plan-table"),
    path("plans/<uuid:key>/report/", report_views.write, name="plan-report"),
    path("plans/<uuid:key>/report.<str:form>", report_views.file, name="plan-report-file"),
]
