"""Today: the first page, by office."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lineofsight.web.access.viewer import viewer_of


def page(request: HttpRequest) -> HttpResponse:
    """The first page of whoever is signed in."""
    viewer_of(request)
    return render(request, "base.html")
