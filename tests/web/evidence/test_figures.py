"""The newest number of a thing is had through the thread's readers: each kind has one, and each viewer their own."""

import pytest

from lineofsight.web.evidence import resolvers
from lineofsight.web.evidence.resolvers import Figure


@pytest.fixture
def readers(monkeypatch):
    """No reader but those of the test."""
    kept: dict = {}
    monkeypatch.setattr(resolvers, "_figures", kept)
    return kept


def test_each_kind_has_one_reader_and_is_asked_once_for_many(readers):
    asked = []

    @resolvers.register_figure("measure")
    def read(viewer, keys):
        asked.append((viewer, tuple(keys)))
        return {key: Figure(1.0, "1", None, "higher") for key in keys if key != "hidden"}

    found = resolvers.figures("me", "measure", ["a", "hidden", "b"])
    assert set(found) == {"a", "b"} and asked == [("me", ("a", "hidden", "b"))]
    assert resolvers.figure("me", "measure", "hidden") is None
    with pytest.raises(ValueError, match="two rooms"):
        resolvers.register_figure("measure")(lambda viewer, keys: {})


def test_a_kind_nobody_reads_and_no_keys_give_nothing(readers):
    assert resolvers.figure("me", "cloud", "x") is None
    readers["measure"] = lambda viewer, keys: pytest.fail("asked for nothing")
    assert resolvers.figures("me", "measure", []) == {}
