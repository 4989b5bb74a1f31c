"""The side tables: what each is for, and its template, example and export query to take."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from lineofsight.web.access.downloads import attachment
from lineofsight.web.access.viewer import viewer_of
from lineofsight.web.data.queries import side_tables


@require_GET
def templates(request: HttpRequest) -> HttpResponse:
    """Every side table."""
    tables = side_tables.listed(viewer_of(request))
    held = sum(one.rows is not None for one in tables)
    return render(request, "data/templates.html", {"tables": tables, "held": held})


@require_GET
def file(request: HttpRequest, table: str, form: str) -> HttpResponse:
    """One file of a side table. It holds no row of anybody, so taking it is in no log."""
    content, kind, name = side_tables.file_of(viewer_of(request), table, form)
    return attachment(content, kind, name)
