"""The page of children who are easily lost."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lineofsight.web.access.viewer import viewer_of
from lineofsight.web.practice.queries import easily_lost as lost
from lineofsight.web.practice.views import loaded, number_asked


@loaded
def easily_lost(request: HttpRequest) -> HttpResponse:
    """Every group of children who are easily lost, or one of them whole."""
    asked = lost.Asked(group=request.GET.get("group", ""), page=number_asked(request.GET.get("page", "1")))
    return render(request, "practice/easily_lost.html", {"found": lost.easily_lost(viewer_of(request), asked)})
