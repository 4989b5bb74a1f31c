"""Whatever is done to a chain is found, and found where it was done."""

from dataclasses import replace
from hashlib import sha256

from hypothesis import given, settings
from hypothesis import strategies as st

from lineofsight import chain
from lineofsight.chain import GENESIS, Entry

FIELDS = ("at", "actor", "action", "subject", "digest", "previous", "hash")
words = st.text(max_size=12)


def sealed(sequence: int, previous: str, at: str, actor: str, action: str, subject: str, digest: str) -> Entry:
    told = {"at": at, "actor": actor, "action": action, "subject": subject, "digest": digest}
    return Entry(
        sequence=sequence,
        previous=previous,
        hash=chain.entry_hash(sequence=sequence, previous=previous, **told),
        **told,
    )


def linked(contents: list[tuple[str, str, str, str, str]]) -> list[Entry]:
    entries: list[Entry] = []
    for number, content in enumerate(contents, start=1):
        entries.append(sealed(number, entries[-1].hash if entries else GENESIS, *content))
    return entries


chains = st.lists(st.tuples(words, words, words, words, words), min_size=2, max_size=12).map(linked)


def head(entries: list[Entry]) -> tuple[int, str]:
    return (entries[-1].sequence, entries[-1].hash) if entries else (0, GENESIS)


def first_place(verdict: chain.Verdict) -> int:
    return min(problem.sequence for problem in verdict.problems)


@given(chains)
def test_an_untouched_chain_verifies_with_its_head_and_every_anchor(entries):
    anchors = {entry.sequence: entry.hash for entry in entries}
    verdict = chain.verify(iter(entries), anchors=anchors, head=head(entries))
    assert verdict == chain.Verdict(ok=True, count=len(entries), problems=[])


def test_a_chain_with_no_entry_verifies():
    assert chain.verify([], head=(0, GENESIS)) == chain.Verdict(ok=True, count=0, problems=[])


@settings(max_examples=300)
@given(entries=chains, field=st.sampled_from(FIELDS), data=st.data())
def test_a_changed_field_is_found_at_its_entry_and_reported_once(entries, field, data):
    place = data.draw(st.integers(0, len(entries) - 1))
    other = data.draw(st.text(max_size=70).filter(lambda text: text != getattr(entries[place], field)))
    changed = [*entries]
    changed[place] = replace(entries[place], **{field: other})
    verdict = chain.verify(changed)
    assert not verdict.ok
    assert [problem.sequence for problem in verdict.problems] == [place + 1]


@settings(max_examples=300)
@given(entries=chains, data=st.data())
def test_a_changed_sequence_is_found(entries, data):
    place = data.draw(st.integers(0, len(entries) - 1))
    number = data.draw(st.integers(-3, 30).filter(lambda n: n != place + 1))
    changed = [*entries]
    changed[place] = replace(entries[place], sequence=number)
    verdict = chain.verify(changed)
    assert not verdict.ok
    assert first_place(verdict) in (place + 1, number)


@given(entries=chains, data=st.data())
def test_a_changed_entry_given_a_new_hash_is_found_where_the_next_one_no_longer_follows(entries, data):
    place = data.draw(st.integers(0, len(entries) - 2))
    old = entries[place]
    changed = [*entries]
    changed[place] = sealed(old.sequence, old.previous, old.at, old.actor + "x", old.action, old.subject, old.digest)
    verdict = chain.verify(changed)
    assert [problem.sequence for problem in verdict.problems] == [place + 2]


@given(entries=chains, data=st.data())
def test_a_tail_written_anew_is_found_by_an_anchor_and_by_the_head(entries, data):
    place = data.draw(st.integers(0, len(entries) - 1))
    forged = entries[:place]
    for old in entries[place:]:
        before = forged[-1].hash if forged else GENESIS
        forged.append(sealed(old.sequence, before, old.at, old.actor + "x", old.action, old.subject, old.digest))
    assert chain.verify(forged).ok
    anchored = data.draw(st.integers(place, len(entries) - 1))
    verdict = chain.verify(forged, anchors={anchored + 1: entries[anchored].hash})
    assert [problem.sequence for problem in verdict.problems] == [anchored + 1]
    assert not chain.verify(forged, head=head(entries)).ok


def test_an_anchored_entry_that_is_gone_is_said_to_have_been_anchored():
    entries = linked([(word, "", "", "", "") for word in "abc"])
    verdict = chain.verify([entries[0], entries[2]], anchors={2: entries[1].hash}, head=head(entries))
    assert chain.Problem(2, "Entry 2 was anchored and is missing.") in verdict.problems


def test_an_anchor_of_the_chain_before_its_first_entry_asks_for_no_entry():
    for entries in ([], linked([("a", "", "", "", "")])):
        assert chain.verify(entries, anchors={0: GENESIS}).ok


@given(entries=chains, data=st.data())
def test_a_deleted_entry_is_named(entries, data):
    place = data.draw(st.integers(0, len(entries) - 2))
    verdict = chain.verify(entries[:place] + entries[place + 1 :])
    assert verdict.problems[0] == chain.Problem(place + 1, f"Entry {place + 1} is missing.")


@given(entries=chains, data=st.data())
def test_a_deleted_entry_is_found_even_when_the_rest_is_numbered_anew(entries, data):
    place = data.draw(st.integers(0, len(entries) - 2))
    rest = [replace(entry, sequence=entry.sequence - 1) for entry in entries[place + 1 :]]
    verdict = chain.verify(entries[:place] + rest)
    assert first_place(verdict) == place + 1


@given(entries=chains, data=st.data())
def test_an_inserted_entry_is_found(entries, data):
    place = data.draw(st.integers(1, len(entries)))
    extra = sealed(place, entries[place - 1].previous, "now", "someone", "added", "", "")
    verdict = chain.verify([*entries[:place], extra, *entries[place:]])
    assert not verdict.ok
    assert first_place(verdict) == place


@given(entries=chains, data=st.data())
def test_an_inserted_entry_with_the_rest_numbered_and_hashed_anew_is_found_by_the_head(entries, data):
    place = data.draw(st.integers(0, len(entries)))
    contents = [(e.at, e.actor, e.action, e.subject, e.digest) for e in entries]
    contents.insert(place, ("now", "someone", "added", "", ""))
    verdict = chain.verify(linked(contents), head=head(entries))
    assert not verdict.ok


@given(entries=chains, data=st.data())
def test_two_entries_that_changed_places_are_found_at_the_first(entries, data):
    one = data.draw(st.integers(0, len(entries) - 2))
    two = data.draw(st.integers(one + 1, len(entries) - 1))
    changed = [*entries]
    changed[one], changed[two] = entries[two], entries[one]
    verdict = chain.verify(changed)
    assert not verdict.ok
    assert first_place(verdict) == one + 1


@given(entries=chains, data=st.data())
def test_a_chain_cut_short_is_found_by_its_head_and_by_an_anchor(entries, data):
    keep = data.draw(st.integers(0, len(entries) - 1))
    cut = entries[:keep]
    assert chain.verify(cut).ok
    by_head = chain.verify(cut, head=head(entries))
    assert [problem.sequence for problem in by_head.problems] == [keep + 1]
    by_anchor = chain.verify(cut, anchors={len(entries): entries[-1].hash})
    assert [problem.sequence for problem in by_anchor.problems] == [len(entries)]


@given(chains)
def test_a_chain_longer_than_its_head_is_found(entries):
    verdict = chain.verify(entries, head=head(entries[:-1]))
    assert [problem.sequence for problem in verdict.problems] == [len(entries)]


@given(words, words, words)
def test_text_moved_from_one_field_to_the_next_is_another_entry(actor, action, moved):
    told = {"sequence": 1, "at": "", "subject": "", "digest": "", "previous": GENESIS}
    if moved:
        one = chain.entry_hash(actor=actor + moved, action=action, **told)
        assert one != chain.entry_hash(actor=actor, action=moved + action, **told)


def test_a_payload_digest_depends_on_its_salt_and_never_on_where_the_salt_ends():
    assert chain.payload_digest(b"salt", "seen") != chain.payload_digest(b"tlas", "seen")
    assert chain.payload_digest(b"ab", "c") != chain.payload_digest(b"a", "bc")


def test_a_chain_broken_everywhere_is_still_read_in_bounded_memory():
    entries = [replace(entry, hash="0" * 64) for entry in linked([("", "", "", "", "")] * 3_000)]
    verdict = chain.verify(entries)
    assert (verdict.ok, verdict.count, len(verdict.problems)) == (False, 3_000, 1_000)


@given(words, words, words)
def test_an_entrys_hash_is_of_its_fields_each_led_by_its_length_in_bytes(actor, action, subject):
    told = {"sequence": 7, "at": "2026-11-12", "digest": "d", "previous": "p"}
    fields = ("7", "2026-11-12", actor, action, subject, "d", "p")
    framed = b"".join(b"%d:%b," % (len(field.encode()), field.encode()) for field in fields)
    expected = sha256(b"lineofsight chain 1\n" + framed).hexdigest()
    assert chain.entry_hash(actor=actor, action=action, subject=subject, **told) == expected


def test_the_hash_of_an_entry_is_what_it_always_was():
    told = {"at": "2026-11-12T09:00:00.000000+00:00", "actor": "p-dcs", "action": "child.opened", "subject": "Ünd"}
    hashed = chain.entry_hash(sequence=1, digest="0" * 64, previous=GENESIS, **told)
    assert hashed == "9d69227f3a6c4b3b4d57769fecf9c94b088b186479c694b8244a871e1559b6de"
