"""Every page that each office can reach, in a real browser: no complaint of the browser, no breach of the policy.

The policy allows nothing inline and nothing from elsewhere, and the server's log stays free of names while it happens.
"""

import re
from collections import deque
from urllib.parse import parse_qsl, urlsplit

import pytest
from tests.times import drawn

from lineofsight.web.access.offices import offices

pytestmark = pytest.mark.full

STARTS = ("/", "/measures/", "/records/", "/commitments/", "/packs/")
LEFT_ALONE = re.compile(r"^/static/|^/sign-out|\.(pdf|csv|xlsx|zip)(\?|$)|[?&](format|before|page|month)=")
MOST_PAGES = 60
# The Director, and so many others in one run; LINEOFSIGHT_TIMES=6 opens the pages of all.
DRAWN = 4
OFFICES = ["dcs", *drawn((one for one in offices() if one != "dcs"), DRAWN)]


@pytest.mark.parametrize("office", OFFICES)
def test_the_browser_has_no_complaint_of_any_page(new_page, sign_in, complaints, office):
    page = new_page(1280)
    sign_in(page, office)
    breaches: list[str] = []
    page.expose_function("told_of_a_breach", lambda told: breaches.append(told))
    page.add_init_script(
        "document.addEventListener('securitypolicyviolation', "
        "breach => told_of_a_breach(breach.violatedDirective + ' ' + breach.blockedURI))"
    )
    complaints.expected.append("status of 403")
    waiting, seen = deque(STARTS), set()
    while waiting and len(seen) < MOST_PAGES:
        address = waiting.popleft()
        if shape(address) in seen or LEFT_ALONE.search(address):
            continue
        seen.add(shape(address))
        answer = page.goto(address)
        assert answer is not None
        assert answer.status in (200, 403), address
        assert re.search(r"default-src 'none'", answer.headers["content-security-policy"])
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"
        assert page.locator("h1").count() == 1, address
        links = page.eval_on_selector_all("a[href]:not([download])", "all => all.map(one => one.getAttribute('href'))")
        waiting.extend(link.split("#")[0] for link in links if link.startswith("/"))
    assert breaches == []
    assert len(seen) > 3


def shape(address: str) -> tuple[str, ...]:
    """The same for pages that differ only in which child, month, record or filter they show."""
    parts = urlsplit(address)
    keys = r"[0-9a-f-]{36}|[0-9a-f]{24}|[A-Za-z0-9_-]{43}|\d{4}-\d\d(-\d\d)?|\b[A-Z]{2}\d\d\b|\d+"
    plain = re.sub(keys, "*", parts.path)
    if plain.startswith("/commitments/") and plain.count("/") > 2:
        plain = re.sub(r"^/commitments/[a-z-]+/", "/commitments/*/", plain)
    return plain, *sorted(key for key, _ in parse_qsl(parts.query))
