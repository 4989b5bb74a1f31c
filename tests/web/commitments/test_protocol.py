"""The protocol's file: every line of the source is there once, joint ones as one."""

import re

import pytest

from lineofsight.errors import PlainError
from lineofsight.web.commitments import protocol


def test_the_lead_members_sixteen_and_the_broken_one_and_the_directors_eighteen_are_there():
    sources = [seat.source for c in protocol.in_force().commitments for seat in c.seats]
    lead = {s.removeprefix("Lead Member, line ") for s in sources if s.startswith("Lead Member, line")}
    director = {re.sub(r"\D+.*", "", s.removeprefix("Director, line ")) for s in sources if s.startswith("Director")}
    assert lead == {*map(str, range(1, 7)), "7a", "7b", *map(str, range(8, 17))}
    assert len(lead) == 17
    assert director == set(map(str, range(1, 19)))


def test_the_broken_line_says_ask_and_is_never_overdue():
    broken = [c for c in protocol.in_force().commitments if c.text_broken]
    assert [c.slug for c in broken] == ["childrens-broken-line"]
    assert "Text broken in source, ask" in broken[0].notes[0]
    assert not broken[0].cadence.dated


def test_joint_commitments_are_one_commitment_with_a_role_for_each_office():
    joint = {c.slug: c for c in protocol.in_force().commitments if len(c.seats) == 2}
    assert {s for s, c in joint.items() if c.shared == "together"} == {
        "newly-qualified-forum",
        "pulse-survey",
        "principal-social-worker-quarterly",
        "foster-carers",
        "complaints-and-allegations",
    }
    roles = {seat.office: seat.role for seat in joint["safeguarding-partnership"].seats}
    assert roles == {"lead-member": "participant observer", "dcs": "member"}
    assert joint["corporate-parenting-panel"].seat("lead-member").role == "chair"


def test_what_the_source_leaves_ambiguous_is_said():
    by_slug = protocol.in_force().by_slug()
    assert by_slug["newly-qualified-forum"].cadence.words == "every two months"
    assert "bi monthly" in " ".join(by_slug["newly-qualified-forum"].notes)
    assert by_slug["foster-carers"].cadence.words == "twice a year"
    assert "bi annual" in " ".join(by_slug["foster-carers"].notes)


def test_each_monthly_pack_fulfils_one_commitment_of_its_office():
    assert protocol.for_pack("dcs").slug == "performance-review"
    assert protocol.for_pack("lead-member").slug == "performance-discussion"
    assert protocol.for_pack("scrutiny") is None


GOOD = """
[protocol]
slug = "p"
title = "P"
offices = ["dcs", "lead-member"]
[[commitment]]
slug = "a"
title = "A"
asks = "Do A."
theme = "leadership"
seats = [{ office = "dcs", role = "member", source = "x" }]
cadence = { kind = "as agreed" }
evidence = []
"""


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('dcs", role', 'mayor", role'), "a: an office of it is not in the protocol"),
        (("evidence = []", 'evidence = []\nshared = "each"'), "a: one seat is kept alone"),
        (("evidence = []", 'evidence = []\nalso_fulfils = ["b"]'), "a: it fulfils a commitment"),
        (('kind = "as agreed"', 'kind = "rule"'), "a: A cadence of kind 'rule' needs a rule"),
        (('kind = "as agreed"', 'kind = "as agreed", often = 3'), "a: "),
        (
            ('kind = "as agreed"', 'kind = "rule", rule = "FREQ=MONTHLY", anchor = 2018-01-01, ambiguity = "q"'),
            "no ambig",
        ),
    ],
)
def test_a_protocol_that_does_not_hold_is_refused_naming_the_commitment(tmp_path, change, said):
    path = tmp_path / "p.toml"
    path.write_text(GOOD)
    assert len(protocol.read(path).commitments) == 1
    path.write_text(GOOD.replace(*change))
    with pytest.raises(PlainError, match=said):
        protocol.read(path)


def test_a_commitment_nobody_wrote_is_refused():
    with pytest.raises(PlainError, match="no commitment called 'tea'"):
        protocol.commitment("tea")
