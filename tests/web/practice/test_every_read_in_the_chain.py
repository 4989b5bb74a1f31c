"""Every address that can show a child, taken from the resolver: one event with exactly the children shown, or 503.

An address that is not in one of the two tables below fails: whoever adds one says whether it can show a child.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from lineofsight.cases import refs
from lineofsight.web import keys_in_use
from lineofsight.web.access.chain import told
from lineofsight.web.access.models import ChainEvent
from lineofsight.web.practice.queries import people as cards
from lineofsight.web.practice.queries import standing
from lineofsight.web.reports import packs
from lineofsight.web.reports.standings import FigureKey

# Addresses that can show a child by name: how each is asked, as (office, method, address, what is sent).
SHOW: dict[str, tuple[str, str, str, dict[str, str]]] = {
    "today": ("dcs", "get", "/", {}),
    "practice:measure": ("dcs", "get", "/measures/CP08/", {}),
    "practice:measure by worker": ("team-manager", "get", "/measures/CP08/", {"by": "worker"}),
    "practice:rows": ("dcs", "get", "/measures/CP08/children/", {}),
    "practice:rows csv": ("dcs", "get", "/measures/CP08/children/", {"format": "csv"}),
    "practice:rows xlsx": ("dcs", "get", "/measures/CP08/children/", {"format": "xlsx"}),
    "practice:exceptions": ("dcs", "get", "/exceptions/", {}),
    "practice:exceptions csv": ("dcs", "get", "/exceptions/", {"format": "csv"}),
    "practice:exceptions xlsx": ("dcs", "get", "/exceptions/", {"format": "xlsx"}),
    "practice:ten": ("dcs", "get", "/ten/", {}),
    "practice:ten-child": ("dcs", "get", "/ten/children/{ref}/", {}),
    "practice:unallocated": ("dcs", "get", "/exceptions/unallocated/", {}),
    "practice:due-soon": ("dcs", "get", "/exceptions/due-soon/", {}),
    "practice:exception": ("dcs", "get", "/exceptions/{owed}/", {}),
    "practice:wait": ("dcs", "get", "/exceptions/unallocated/{wait}/", {}),
    "practice:letter": ("head-of-service", "get", "/exceptions/unallocated/{wait}/letter/family/", {}),
    "practice:letter filled": (
        "head-of-service",
        "post",
        "/exceptions/unallocated/{wait}/letter/family/",
        {"when": "By Friday.", "routine": "The duty desk.", "emergency": "The out-of-hours team."},
    ),
    "practice:child": ("dcs", "get", "/children/{ref}/", {}),
    "practice:easily-lost": ("dcs", "get", "/children/easily-lost/", {}),
    "practice:easily-lost one group": ("dcs", "get", "/children/easily-lost/", {"group": "EL10"}),
    "practice:easily-lost of a manager": ("team-manager", "get", "/children/easily-lost/", {}),
    "practice:child-known": ("dcs", "get", "/children/{ref}/known/", {}),
    "practice:rows of the past": ("dcs", "get", "/measures/CP08/children/", {"known": "2026-09-30"}),
    "practice:exceptions of the past": ("dcs", "get", "/exceptions/", {"known": "2026-09-30"}),
    "practice:late-children": ("dcs", "get", "/data/late/children/", {}),
    "practice:late-children csv": ("dcs", "get", "/data/late/children/", {"format": "csv"}),
    "practice:late-children xlsx": ("dcs", "get", "/data/late/children/", {"format": "xlsx"}),
    "practice:find": ("dcs", "post", "/children/find/", {"case_id": "{person_id}"}),
    "evidence:thread": ("dcs", "get", "/thread/figure/{figure}/", {}),
    "reports:pack": ("dcs", "get", "/packs/dcs/2026-10/", {}),
    "reports:pdf": ("dcs", "get", "/packs/dcs/2026-10/pack.pdf", {}),
    "reports:html": ("dcs", "get", "/packs/dcs/2026-10/pack.html", {}),
    "today of a head of service": ("head-of-service", "get", "/", {}),
    "today of a manager": ("team-manager", "get", "/", {}),
    "today of a worker": ("social-worker", "get", "/", {}),
    "practice:rows of a manager": ("team-manager", "get", "/measures/CP08/children/", {}),
    "practice:exceptions of a worker": ("social-worker", "get", "/exceptions/", {}),
}
# Those of them that name no child to this office today: their figures open to the lists above.
NAME_NOBODY = {
    "today",
    "practice:measure",
    "practice:measure by worker",
    "reports:pdf",
    "reports:html",
    "today of a head of service",
}
# Addresses tested where what they show is made: each with where.
ELSEWHERE = {
    "practice:ten-add": "tests/web/practice/ten: shows the child that was opened, or goes back to it",
    "practice:ten-remove": "tests/web/practice/ten",
    "practice:ten-note": "tests/web/practice/ten",
    "practice:ten-release": "tests/web/practice/ten",
    "practice:ten-take-back": "tests/web/practice/ten",
    "practice:exception-done": "tests/web/practice/test_owed.py: the page it answers with is practice:exception",
    "practice:exception-explain": "tests/web/practice/test_owed.py: the page it answers with is practice:exception",
    "practice:exception-unsay": "tests/web/practice/test_owed.py: it answers with no page",
    "practice:safeguard": "tests/web/practice/test_safeguards.py: the page it answers with is practice:wait",
    "practice:safeguard-take-back": "tests/web/practice/test_safeguards.py: it answers with no page",
    "practice:need": "tests/web/practice: the child outside one's scope is not shown before the need",
    "practice:restrict": "tests/web/access/restricted",
    "practice:restrict-lift": "tests/web/access/restricted",
    "practice:restrict-name": "tests/web/access/restricted",
    "practice:restrict-unname": "tests/web/access/restricted",
    "practice:readings": "tests/web/practice: needs a night",
    "practice:reading-night": "tests/web/practice: needs a night",
    "practice:close-reading": "tests/web/practice: needs a night",
    "practice:note-file": "tests/web/practice: needs a night",
    "access:told": "tests/web/access/need: needs a need",
    "access:answer-telling": "tests/web/access/need: needs a need",
    "access:needs": "tests/web/access/need: needs a need",
    "access:needs-month": "tests/web/access/need: needs a need",
    "access:close-need": "tests/web/access/need: needs a need",
    "access:review-need": "tests/web/access/need: needs a need",
    "access:restricted": "tests/web/access/restricted",
    "access:subject-access": "tests/web/access/desk/test_subject_access.py",
    "data:load": "tests/web/data/test_loads.py: quotes cells of the files, each with its child in the log, or nobody",
    "access:desk-of-child": "tests/web/access/desk: no child is named there",
    "access:desk-sighting": "tests/web/access/desk: no child is named there",
}
# Addresses that never show a child: offices, sessions, commitments, figures alone, the log.
NEVER = re.compile(
    r"access:(sign-|demo-|choose|account|person|offices|give-office|end-office|invitation|take-back|desk$|desk-child"
    r"|desk-people|desk-reasons|desk-looked|desk-pattern|log$|retention|place-hold|lift-hold)"
    r"|commitments:|improvement:|practice:alert|practice:measures$|practice:lines|practice:ten-(freeze|fairness)$|practice:as-known$|practice:late$|reports:(packs|make|release|take-back)"
    # Words, rules, teams, workers' ids, names of files and how far a load is; what it quotes of a file is on its page.
    r"|data:(front|roles|word|policy|rule|teams|entry|change|save-change|drop-change|new-load|sending|templates"
    r"|side-file|answer-load|withdraw-load)$"
)


def names(resolver: Any, space: str = "") -> Iterator[str]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from names(one, f"{space}{one.namespace}:" if one.namespace else space)
        elif isinstance(one, URLPattern):
            yield f"{space}{one.name}"


def test_every_address_says_whether_it_can_show_a_child() -> None:
    said = {name.split(" ")[0] for name in SHOW} | ELSEWHERE.keys()
    unsaid = {name for name in names(get_resolver()) if name not in said and not NEVER.match(name)}
    assert unsaid == set()


@pytest.fixture
def asked(
    client_as: Callable[[str], Client], persons: list[dict[str, Any]], request: pytest.FixtureRequest
) -> Callable[[str], Any]:
    """`asked("practice:child")`: the answer to one of SHOW."""
    child = next(one for one in persons if one["on_plan"] and not one["restricted"] and one["siblings"])
    stand = standing.standing()
    figure = quote(str(FigureKey("CP08", stand.snapshot.id, stand.computation.id)), safe="")
    known = {
        "ref": refs.ref(keys_in_use(), "identified", child["child_key"]),
        "person_id": child["person_id"],
        "figure": figure,
        "owed": request.getfixturevalue("owed")["exception_id"],
    }

    def ask(name: str) -> Any:
        office, method, address, sent = SHOW[name]
        if name.startswith("reports:"):
            packs.make_current(by="worker")
        if "{wait}" in address:  # it is another service's head who is asked then
            known["wait"] = request.getfixturevalue("wait")["exception_id"]
        given = {key: value.format(**known) for key, value in sent.items()}
        return getattr(client_as(office), method)(address.format(**known), given)

    return ask


def text_of(answer: Any) -> str:
    """All that an answer says: the cells of a workbook, the text of a PDF, the page."""
    if answer.content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
            return book.read("xl/sharedStrings.xml").decode()
    return answer.content.decode(errors="replace")


def shown(answer: Any, by_name: dict[str, set[str]], office: str) -> list[set[str]]:
    """The children an answer shows: for each name in it, the keys it may be of; by link where there is one."""
    text = text_of(answer)
    linked = {key for ref in re.findall(r"/children/([\w-]{43})/", text) if (key := behind(ref))}
    named = [keys for name, keys in by_name.items() if name in text]
    return [*[{key} for key in linked], *[keys for keys in named if not keys & linked]]


def behind(ref: str) -> str | None:
    return refs.child_key(keys_in_use(), "identified", ref)


@pytest.mark.parametrize("name", SHOW)
def test_a_page_or_file_writes_one_event_with_exactly_the_children_it_shows(name, asked, persons) -> None:
    by_name: dict[str, set[str]] = {}
    for one in persons:
        by_name.setdefault(cards.name(one), set()).add(one["child_key"])
    last = ChainEvent.objects.order_by("-sequence").values_list("sequence", flat=True).first() or 0
    answer = asked(name)
    assert answer.status_code == 200, name
    events = [told(event) for event in ChainEvent.objects.filter(sequence__gt=last)]
    with_children = [event for event in events if event and event.children]
    seen = shown(answer, by_name, SHOW[name][0])
    assert bool(seen) == (name not in NAME_NOBODY)
    if not seen:
        assert not with_children, "an event tells of children that the page does not show"
        return
    assert len(with_children) == 1
    logged = set(with_children[0].children)
    assert all(keys & logged for keys in seen), "a child is shown that the event does not tell of"
    assert logged <= set().union(*seen), "the event tells of a child that is not shown"


@pytest.mark.parametrize("name", SHOW)
def test_nothing_is_shown_when_the_chain_cannot_be_written(name, asked, persons, monkeypatch) -> None:
    by_name: dict[str, set[str]] = {}
    for one in persons:
        by_name.setdefault(cards.name(one), set()).add(one["child_key"])
    whole = asked(name)

    def broken(self: ChainEvent, **kwargs: Any) -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr(ChainEvent, "save", broken)
    answer = asked(name)
    assert bool(shown(whole, by_name, SHOW[name][0])) == (name not in NAME_NOBODY)
    if name in NAME_NOBODY and answer.status_code == 200:
        return  # it shows no child, so it needs no event
    assert answer.status_code == 503
    text = text_of(answer)
    assert not [one for one in by_name if one in text]
    assert "disk full" not in text
