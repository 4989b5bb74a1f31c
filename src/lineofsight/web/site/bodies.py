"""What is sent to a page is text, a page's worth of it: anything else is refused before any room reads it.

No page takes JSON or another encoding than UTF-8; a NUL is no letter, and one of the two databases ends on it.
Refused with 400, once for all forms, instead of in each of them. One address takes files, and reads them itself once
it knows who sends them; two take a plan's table, a file each, which is not read of who may not send one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve, reverse
from django.utils.http import parse_header_parameters

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Answer = Callable[[HttpRequest], HttpResponse]

URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
# None is said where nothing is sent.
KINDS = {"", URLENCODED, MULTIPART}
UTF_8 = {"utf-8"}
UPLOADS = "data:new-load"
PLAN_TABLES = {"improvement:load-plan", "improvement:load-next"}


def plain_text(answer: Answer) -> Answer:
    """Middleware: answers 400 where what is sent is not text in UTF-8, in a form of the size that settings allow."""

    def with_plain_text(request: HttpRequest) -> HttpResponse:
        _check_address(request)
        if request.method not in ("GET", "HEAD"):
            if takes_files(request):
                _check_charset(request)
            elif takes_a_plan(request):
                _check_charset(request)
                _expect_a_plan(request)
            else:
                _check_body(request)
        return answer(request)

    return with_plain_text


def in_utf_8(application: WSGIApplication) -> WSGIApplication:
    """The application, spared a request that says it is in another encoding.

    Django reads the address in the encoding that the body names, and fails on some before any middleware is asked.
    """

    def answering(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if _charset(environ.get("CONTENT_TYPE", "")) in UTF_8:
            return application(environ, start)
        start("400 Bad Request", [("Content-Type", "text/plain; charset=utf-8")])
        return [b"The request is in another encoding than UTF-8, so nothing was done."]

    return answering


def _charset(content_type: str) -> str:
    """The encoding that a content type names; UTF-8 where it names none."""
    _, said = parse_header_parameters(content_type)
    return said.get("charset", "utf-8").strip().lower()


def takes_files(request: HttpRequest) -> bool:
    """Whether this is a form with files to the one address that takes them."""
    return request.content_type == MULTIPART and request.path_info == reverse(UPLOADS)


def takes_a_plan(request: HttpRequest) -> bool:
    """Whether this is a form with a file to one of the addresses that take a plan's table."""
    if request.content_type != MULTIPART:
        return False
    try:
        return resolve(request.path_info).view_name in PLAN_TABLES
    except Resolver404:
        return False


def _expect_a_plan(request: HttpRequest) -> None:
    from lineofsight.web.improvement import taking  # has models, and this module is read before Django has started

    taking.expect(request)


def _check_address(request: HttpRequest) -> None:
    query = request.META.get("QUERY_STRING", "")
    if "\0" in request.path_info or "%00" in query or "\0" in query:
        raise BadRequest("A NUL stands in the address.")
    if any("\0" in value for value in request.COOKIES.values()):
        raise BadRequest("A NUL stands in a cookie.")


def _check_body(request: HttpRequest) -> None:
    """Read here whole, and no more of it than DATA_UPLOAD_MAX_MEMORY_SIZE: a room reads the same bytes again."""
    if request.content_type not in KINDS:
        raise BadRequest("What was sent is not a form.")
    _check_charset(request)
    body = request.body
    if request.content_type == URLENCODED:
        body = unquote_to_bytes(body)
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise BadRequest("The form is not UTF-8.") from error
    if "\0" in text:
        raise BadRequest("A NUL stands in the form.")
    # Taken apart here: a form cut short, with a file in it or with too many fields is refused on every page.
    request.POST.keys()
    if request.FILES:
        raise BadRequest("A file was sent to a page that takes none.")


def _check_charset(request: HttpRequest) -> None:
    if _charset(request.META.get("CONTENT_TYPE", "")) not in UTF_8:
        raise BadRequest("The form is in another encoding.")
