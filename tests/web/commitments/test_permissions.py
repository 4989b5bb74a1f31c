"""Who acts for whom: a delegate in any office prepares what its holder signs, and signs nothing themselves."""

from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape
from re import sub

import pytest

from lineofsight.web.access.models import ChainEvent, Holding, Person
from lineofsight.web.access.offices import offices
from lineofsight.web.access.permissions import IN_PERSON, Capability, Refused
from lineofsight.web.access.viewer import CHOSEN, Scope, viewer_in
from lineofsight.web.commitments import permissions as rules
from lineofsight.web.commitments.actions import Subject, correct_record, extend, prepare_record, sign_now, sign_record
from lineofsight.web.commitments.models import OccurrenceHolder, Record
from lineofsight.web.evidence import resolvers
from lineofsight.web.evidence.resolvers import Seen

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("people", "mid_november")]

AUDIT = Subject("Audit of one case", "commitment", "case-audit")
PACK = Subject("Pack of October 2026", "pack", "lead-member/2026-10")
KEEPING = [slug for slug, one in offices().items() if Capability.KEEP_COMMITMENTS in one.capabilities]
DELEGATED = [slug for slug, one in offices().items() if one.has_delegates]


@pytest.fixture
def delegate_of(people):
    """`delegate_of("lead-member")`: the viewer that a delegate in that office is, beside the holder."""

    def made(office):
        key = f"d-{office}"
        person = Person.objects.create_person(key=key, name=f"Delegate {office}", email=f"{key}@northmere.example")
        given = Holding.objects.get(office=office, person=people[office])
        held = Holding.objects.create(
            person=person, office=office, from_date=date(2026, 1, 1), as_delegate=True, scope_ids=given.scope_ids
        )
        return viewer_in(held)

    return made


@pytest.fixture
def client_of(client_as, delegate_of):
    """`client_of("lead-member")`: a client signed in as a delegate in that office."""

    def made(office):
        holding = Holding.objects.get(pk=delegate_of(office).holding_id)
        client = client_as(office)
        session = dict(client.session.items())
        client.force_login(holding.person)
        kept = client.session
        kept.update({name: value for name, value in session.items() if not name.startswith("_")})
        kept[CHOSEN] = holding.pk
        kept.save()
        return client

    return made


@pytest.fixture
def shown(monkeypatch):
    """A page that anybody can see and record, whatever stands in the lake."""
    content = {"title": "A page", "sentence": "Three of twelve."}
    monkeypatch.setattr(resolvers, "can_be_seen", lambda kind: True)
    monkeypatch.setattr(resolvers, "see", lambda viewer, kind, key: Seen("A page", "Three of twelve.", content))


def text(response):
    return " ".join(unescape(sub(r"<[^>]+>", " ", response.content.decode())).split())


@pytest.mark.parametrize("office", DELEGATED)
def test_a_delegate_signs_nothing_in_any_office(delegate_of, office):
    delegate = delegate_of(office)
    assert not delegate.capabilities & IN_PERSON
    for kind in ("", "pack", "commitment", "measure"):
        for asking in (False, True):
            assert not rules.may_sign(delegate, office, kind, asking)
            with pytest.raises(Refused) as refused:
                rules.check_sign(delegate, office, kind, asking)
            assert refused.value.held_by == (offices()[office].title,)


@pytest.mark.parametrize("office", DELEGATED)
def test_a_delegate_cannot_sign_even_with_every_capability_there_is(delegate_of, office):
    everything = replace(delegate_of(office), capabilities=frozenset(Capability))
    assert not rules.may_sign(everything, office)
    assert not rules.may_sign(everything, office, "pack")


@pytest.mark.parametrize("office", sorted(set(KEEPING) & set(DELEGATED)))
def test_a_delegate_prepares_and_the_holder_signs_and_the_record_names_both(delegate_of, viewer_as, told, office):
    delegate = delegate_of(office)
    assert (rules.acts_for(delegate), rules.office_kept_by(delegate)) == (office, office)
    draft = prepare_record(AUDIT, told(), by=delegate)
    with pytest.raises(Refused, match="You may prepare it for them"):
        sign_record(draft, by=delegate)
    assert rules.may_read(viewer_as(office), draft)
    signed = sign_record(draft, by=viewer_as(office))
    assert (signed.prepared_by_name, signed.person_name) == (f"Delegate {office}", f"Person {office}")
    statement = Record.objects.get(pk=signed.pk).statement()
    assert (statement["prepared_by_name"], statement["person_name"]) == (f"Delegate {office}", f"Person {office}")
    with pytest.raises(Refused):
        correct_record(signed, told(words="Because I say so."), by=delegate)


def test_a_holder_who_changes_a_draft_and_signs_leaves_the_name_of_who_prepared_it(delegate_of, viewer_as, told):
    draft = prepare_record(AUDIT, told(), by=delegate_of("lead-member"))
    signed = sign_now(AUDIT, told(words="Because I asked again."), by=viewer_as("lead-member"), draft=draft)
    assert signed.pk == draft.pk
    assert (signed.words, signed.prepared_by_name, signed.person_name) == (
        "Because I asked again.",
        "Delegate lead-member",
        "Person lead-member",
    )
    assert signed.is_as_signed()


def test_a_record_that_nobody_prepared_names_its_signer_alone(viewer_as, told):
    signed = sign_now(AUDIT, told(), by=viewer_as("lead-member"))
    assert signed.prepared_by_name == signed.person_name == "Person lead-member"


@pytest.mark.parametrize("office", sorted(set(DELEGATED) - set(KEEPING)))
def test_where_an_office_keeps_no_commitments_only_its_holder_records_anything(delegate_of, told, office):
    delegate = delegate_of(office)
    assert not rules.may_prepare(delegate, office)
    assert not rules.may_say(delegate) and not rules.may_say(delegate, asking=True)
    with pytest.raises(Refused):
        prepare_record(AUDIT, told(), by=delegate)
    assert not Record.objects.exists()


def test_a_delegate_of_one_office_prepares_nothing_for_another(delegate_of, told):
    with pytest.raises(Refused):
        prepare_record(AUDIT, told(), by=delegate_of("lead-member"), office="dcs")


def test_the_diary_names_the_holder_and_never_the_delegate(delegate_of):
    delegate_of("lead-member")
    extend()
    names = set(OccurrenceHolder.objects.filter(office="lead-member").values_list("person_name", flat=True))
    assert names == {"Person lead-member"}


def test_the_directors_delegate_asks_in_their_own_name_and_records_nothing_else_in_it(viewer_as, told):
    delegate = viewer_as("dcs-delegate")
    question = told(judgement="asked", asked_of="head-of-service", asked_by=date(2026, 11, 20))
    asked = sign_now(Subject("A measure", "measure", "CP08"), question, by=delegate)
    assert (asked.office, asked.person_name) == ("dcs-delegate", "Person dcs-delegate")
    for judgement in ("satisfied", "decided"):
        with pytest.raises(Refused):
            sign_now(Subject("A measure", "measure", "CP08"), told(judgement=judgement), by=delegate)


def test_whoever_asked_corrects_their_question_and_makes_no_other_record_of_it(viewer_as, told):
    question = told(judgement="asked", asked_of="dcs", asked_by=date(2026, 11, 20))
    asked = sign_now(Subject("A measure", "measure", "CP08"), question, by=viewer_as("scrutineer"))
    with pytest.raises(Refused):
        correct_record(asked, told(), by=viewer_as("scrutineer"))
    again = told(judgement="asked", asked_of="dcs", asked_by=date(2026, 11, 27))
    assert correct_record(asked, again, by=viewer_as("scrutineer")).version == 2


@pytest.mark.parametrize("address", ["/records/seen/?kind=measure&key=CP08", "/records/ask/?kind=measure&key=CP08"])
def test_what_a_delegate_records_of_a_page_is_a_draft_with_what_they_saw(client_of, client_as, shown, address):
    client = client_of("lead-member")
    page = client.get(address)
    assert "Only the Lead Member for Children’s Services signs it" in text(page) or "signs it" in text(page)
    sent = {
        "seen": page.context["page"].mark,
        "judgement": "satisfied",
        "words": "Because each has a date.",
        "difference": "None yet, and it will be seen.",
        "asked_of": "dcs",
        "asked_by": "20 November 2026",
    }
    said = client.post(address, sent, follow=True)
    assert "The draft is kept, with what you saw" in text(said)
    draft = Record.objects.get()
    assert (draft.signed, draft.office, draft.prepared_by_name) == (False, "lead-member", "Delegate lead-member")
    assert [one["kind"] for one in draft.rests_on] == ["evidence"]
    assert not ChainEvent.objects.filter(action="record.signed").exists()
    holder = client_as("lead-member")
    assert "Delegate lead-member" in text(holder.get("/commitments/"))
    assert "Delegate lead-member prepared this for you" in text(holder.get(f"/records/{draft.pk}/sign/"))


def test_the_holder_of_the_office_signs_at_once_what_they_see(client_as, shown):
    client = client_as("lead-member")
    page = client.get("/records/seen/?kind=measure&key=CP08")
    sent = {"seen": page.context["page"].mark, "judgement": "satisfied", "words": "Yes.", "difference": "None harmed."}
    client.post("/records/seen/?kind=measure&key=CP08", sent)
    assert Record.objects.get().signed


@pytest.mark.parametrize("office", sorted(set(DELEGATED) - set(KEEPING)))
def test_a_delegate_who_may_prepare_nothing_is_told_who_signs(client_of, shown, office):
    client = client_of(office)
    for page in ("seen", "ask"):
        refused = client.get(f"/records/{page}/?kind=measure&key=CP08")
        assert refused.status_code == 403
        assert f"Only the {offices()[office].title} signs this." in text(refused)


def test_a_delegate_keeps_the_diary_and_is_told_whose_it_is(client_of):
    extend()
    page = text(client_of("lead-member").get("/commitments/"))
    assert "Commitments of the Lead Member" in page
    assert "You prepare these." in page


def test_what_one_head_of_service_wrote_is_not_read_by_the_head_of_another_service(viewer_as, told):
    written = sign_now(
        Subject("A measure", "measure", "CP08"), told(words="Canary Child."), by=viewer_as("head-of-service")
    )
    own, other = viewer_as("head-of-service"), replace(viewer_as("head-of-service"), person_key="p-another")
    assert rules.may_read_words(own, written)
    assert rules.may_read(other, written) and not rules.may_read_words(other, written)
    assert rules.may_read_words(viewer_as("dcs"), written)


def test_a_draft_of_a_head_of_service_is_read_by_who_prepared_it_alone(viewer_as, told):
    level = {"office": "head-of-service", "level": "identified", "held_on": date(2026, 11, 12)}
    draft = Record(title="A measure", prepared_by_key="p-head-of-service", **level)
    assert rules.may_read(viewer_as("head-of-service"), draft)
    assert not rules.may_read(replace(viewer_as("head-of-service"), person_key="p-another"), draft)


def without(viewer, *lacking):
    return replace(viewer, capabilities=viewer.capabilities - set(lacking))


def written(office="dcs", level="identified", by="p-somebody", asked_of="", signed=True):
    at = datetime(2026, 11, 12, 12, tzinfo=UTC) if signed else None
    return Record(office=office, level=level, prepared_by_key=by, asked_of=asked_of, signed_at=at)


def test_a_question_needs_the_permission_to_ask_or_to_sign(viewer_as):
    director = viewer_as("dcs")
    for lacking in (Capability.ASK, Capability.SIGN_RECORD):
        rules.check_sign(without(director, lacking), "dcs", asking=True)
    with pytest.raises(Refused):
        rules.check_sign(without(director, Capability.ASK, Capability.SIGN_RECORD), "dcs", asking=True)


def test_who_prepares_nothing_for_an_office_is_not_told_that_they_may(viewer_as):
    with pytest.raises(Refused) as refused:
        rules.check_sign(viewer_as("lead-member"), "dcs")
    assert "You may prepare" not in refused.value.reason


def test_who_neither_signs_nor_prepares_says_nothing(viewer_as, delegate_of):
    silent = (Capability.KEEP_COMMITMENTS, Capability.SIGN_RECORD, Capability.ASK)
    for viewer in (viewer_as("dcs"), delegate_of("dcs")):
        assert rules.may_say(viewer)
        assert not rules.may_say(without(viewer, *silent))


def test_a_record_of_ones_own_office_is_for_those_who_may_see_records(viewer_as):
    director = viewer_as("dcs")
    for record in (written(), written(signed=False), written("lead-member")):
        assert not rules.may_read(without(director, Capability.SEE_RECORDS), record)
        assert not rules.may_read_words(without(director, Capability.SEE_RECORDS), record)
    assert rules.may_read(director, written()) and rules.may_read(director, written(signed=False))
    assert not rules.may_read(director, written("lead-member", signed=False))


def test_words_of_an_office_that_sees_names_are_for_those_who_see_every_name(viewer_as):
    director, record = viewer_as("dcs"), written("psw")
    assert rules.may_read_words(director, record)
    assert not rules.may_read_words(replace(director, level="pseudonymised"), record)
    assert not rules.may_read_words(replace(director, scope=Scope("team", frozenset({"T1"}))), record)
    assert rules.may_read_words(replace(director, scope=Scope("team")), written("psw", asked_of="dcs"))
    assert not rules.may_read_words(without(director, Capability.SEE_RECORDS), written("psw", level="published"))


def test_who_sees_names_asks_those_who_see_them_and_everybody_else_asks_anybody_who_sees_something(viewer_as):
    levels = {slug: one.level for slug, one in offices().items()}
    assert {levels[slug] for slug in rules.may_be_asked(viewer_as("dcs"))} == {"identified"}
    asked = rules.may_be_asked(viewer_as("lead-member"))
    assert set(asked) == {slug for slug, level in levels.items() if level != "none" and slug != "lead-member"}
