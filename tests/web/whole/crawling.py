"""Every page and file that one office can reach by links, with what was sent: body, headers, address, title."""

import re
from collections import Counter, deque
from dataclasses import dataclass
from html import unescape
from io import BytesIO
from urllib.parse import parse_qsl, urljoin, urlsplit
from zipfile import ZipFile

from django.test import Client
from django.urls import Resolver404, resolve
from openpyxl import load_workbook
from pypdf import PdfReader

# Ends the session, or is the same page under another filter: the first would end the crawl, the second never end.
NOT_FOLLOWED = re.compile(r"^/static/|/sign-out|[?&](before|page)=")


@dataclass(frozen=True)
class Answer:
    """One answer: the address asked for, its status, and everything in it as text."""

    address: str
    status: int
    text: str
    headers: str
    kind: str

    @property
    def title(self) -> str:
        """What a browser's tab and history would show."""
        found = re.search(r"<title>(.*?)</title>", self.text, re.DOTALL)
        return unescape(found[1]) if found else ""

    def all(self) -> str:
        """All that was sent, and where it was."""
        return f"{self.address}\n{self.headers}\n{self.text}"


def crawl(client: Client, *starts: str, each: int = 3) -> dict[str, Answer]:
    """Every page and file reached by links from `starts`, by address; of addresses of one shape, the first `each`.

    A shape is the page's name and the names of what is asked of it: the same page for another child, month or
    filter has the same one.
    """
    waiting, seen, shapes = deque(starts), {}, Counter[tuple[str, ...]]()
    while waiting:
        address = waiting.popleft()
        shape = _shape(address)
        if address in seen or shapes[shape] >= each:
            continue
        shapes[shape] += 1
        seen[address] = answer = answered(client, address)
        if answer.kind.startswith("text/html"):
            waiting.extend(link for link in _links(answer) if link not in seen)
    return seen


def _shape(address: str) -> tuple[str, ...]:
    parts = urlsplit(address)
    try:
        name = resolve(parts.path).view_name
    except Resolver404:
        name = parts.path
    return name, *sorted({key for key, value in parse_qsl(parts.query)} | _ways(parts.query))


def _ways(query: str) -> set[str]:
    """What makes another page of the same address: a form it is taken in, a way it is broken down."""
    return {f"{key}={value}" for key, value in parse_qsl(query) if key in ("format", "by", "view", "level")}


def answered(client: Client, address: str) -> Answer:
    """One page or file, read as a person could read it."""
    response = client.get(address, follow=False)
    kind = response.get("Content-Type", "")
    headers = "\n".join(f"{name}: {value}" for name, value in response.items() if name != "Content-Security-Policy")
    return Answer(address, response.status_code, _text(response.getvalue(), kind), headers, kind)


def _links(answer: Answer) -> list[str]:
    found = []
    for link in map(unescape, re.findall(r'href="([^"#]+)', answer.text)):
        whole = urljoin(answer.address, link)
        if whole.startswith("/") and not NOT_FOLLOWED.search(whole) and not urlsplit(whole).netloc:
            found.append(whole)
    return found


def _text(body: bytes, kind: str) -> str:
    """A page without the random mark of its forms; the text of a PDF, of every cell of a workbook, of a zip."""
    if kind == "application/pdf":
        reader = PdfReader(BytesIO(body))
        return "\n".join([str(reader.metadata), *(page.extract_text() for page in reader.pages)])
    if "spreadsheetml" in kind:
        book = load_workbook(BytesIO(body), read_only=True)
        cells = [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell]
        return "\n".join([*book.sheetnames, str(book.properties), *cells])
    if kind == "application/zip":
        with ZipFile(BytesIO(body)) as packed:
            inside = packed.namelist()
            return "\n".join([*inside, *(packed.read(one).decode("utf-8", "replace") for one in inside)])
    return re.sub(r'(name="csrfmiddlewaretoken" value=")\w+', r"\1", body.decode("utf-8", "replace"))
