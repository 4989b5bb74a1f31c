"""What a test reads of a page of this room: its words, and the address and the mark of what it is about."""

from __future__ import annotations

import re
from html import unescape


def text(response):
    """The words of a page, without its markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def of(action, page=""):
    """The address of an action, or of a form of it."""
    return f"/actions/{action.pk}/{page}"


def mark_in(page):
    """The mark of what was read, as the form sends it back."""
    return re.search(r'name="mark" value="([^"]+)"', page.content.decode())[1]
