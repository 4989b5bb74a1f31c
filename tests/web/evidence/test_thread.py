"""The thread's walk: stored and worked-out steps, what may not be seen, and its limits."""

from collections.abc import Iterator

import pytest

from lineofsight.errors import PlainError
from lineofsight.web.evidence import resolvers, thread
from lineofsight.web.evidence.actions import link
from lineofsight.web.evidence.picture import draw
from lineofsight.web.evidence.resolvers import Shown, Step

pytestmark = pytest.mark.django_db


@pytest.fixture
def stones(monkeypatch) -> Iterator[dict]:
    """A kind of thing of this test's own: 'stone'. The Lead Member may not see stones whose key begins with x."""
    for name in ("_resolvers", "_down", "_up", "_readers", "_keys"):
        monkeypatch.setattr(resolvers, name, dict(getattr(resolvers, name)))
    asked: dict = {"near": []}

    @resolvers.register("stone")
    def stone(viewer, key):
        return None if key.startswith("x") and viewer.level != "identified" else Shown(f"Stone {key}", f"/{key}")

    yield asked


def test_a_thread_is_walked_both_ways_and_ends(stones, viewer_as):
    link("stone", "a", "stone", "b", "rests on")
    link("stone", "b", "stone", "c", "rests on")
    link("stone", "c", "stone", "a", "rests on")  # a ring
    viewer = viewer_as("dcs")
    (b,) = thread.down(viewer, "stone", "a")
    assert (b.label, b.branches[0].label, b.branches[0].branches) == ("Stone b", "Stone c", ())
    (c,) = thread.up(viewer, "stone", "a")
    assert (c.label, c.branches[0].label) == ("Stone c", "Stone b")


def test_behind_what_may_not_be_seen_nothing_is_drawn_and_it_is_said_once(stones, viewer_as):
    for key in ("x1", "x2", "x3", "b"):
        link("stone", "a", "stone", key, "rests on")
    link("stone", "x1", "stone", "secret", "rests on")
    nodes = thread.down(viewer_as("lead-member"), "stone", "a")
    assert sorted(node.label for node in nodes) == sorted([thread.HIDDEN, "Stone b"])
    hidden = next(node for node in nodes if not node.visible)
    assert (hidden.kind, hidden.key, hidden.url, hidden.branches) == ("", "", "", ())
    assert len(thread.down(viewer_as("dcs"), "stone", "a")) == 4


def test_a_kind_no_room_knows_is_something_you_may_not_see(stones, viewer_as):
    link("stone", "a", "ghost", "1", "rests on")
    assert [node.visible for node in thread.down(viewer_as("dcs"), "stone", "a")] == [False]
    assert thread.here(viewer_as("dcs"), "ghost", "1").visible is False


def test_steps_for_the_beginning_of_a_thread_are_asked_for_there_alone(stones, viewer_as):
    @resolvers.register_down("stone", near=True)
    def listed(viewer, key):
        return [Step("stone", f"{key}-child", "counts")]

    @resolvers.register_down("stone", near=False)
    def counted(viewer, key):
        return [Step("rows", key, "counts", Shown("The 3 children"))]

    link("stone", "a", "stone", "b", "rests on")
    nodes = thread.down(viewer_as("dcs"), "stone", "a", depth=3)
    assert {node.label for node in nodes} == {"Stone b", "Stone a-child"}
    b = next(node for node in nodes if node.label == "Stone b")
    assert [node.label for node in b.branches] == ["The 3 children"]


def test_what_was_put_on_record_leaves_out_what_only_counted_it(stones, viewer_as):
    @resolvers.register_up("stone")
    def counted(viewer, key):
        return [Step("stone", f"{key}-counted", "was counted in")]

    link("stone", "b", "stone", "a", "is about")
    link("stone", "c", "stone", "b", "rests on")
    viewer = viewer_as("dcs")
    assert {node.label for node in thread.up(viewer, "stone", "a", depth=1)} == {"Stone b", "Stone a-counted"}
    (b,) = thread.recorded(viewer, "stone", "a", depth=2)
    assert (b.label, b.relation, [node.label for node in b.branches]) == ("Stone b", "recorded in", ["Stone c"])


def test_very_many_branches_are_counted_and_not_drawn(stones, viewer_as):
    @resolvers.register_down("stone", near=True)
    def many(viewer, key):
        return [Step("stone", f"n{number}", "counts") for number in range(thread.WIDTH)]

    @resolvers.register_down("stone", near=False)
    def far_too_many(viewer, key):
        return [Step("stone", f"{key}.{number}", "counts") for number in range(thread.WIDTH + 7)] if key == "n0" else []

    nodes = thread.down(viewer_as("dcs"), "stone", "a", depth=2)
    assert len(nodes) == thread.WIDTH
    assert (len(nodes[0].branches), nodes[0].more) == (thread.WIDTH, 7)


def test_two_rooms_cannot_answer_for_one_kind(stones):
    with pytest.raises(ValueError, match="two rooms answer for 'stone'"):

        @resolvers.register("stone")
        def another(viewer, key):
            return None


def test_what_no_room_can_read_is_not_frozen(stones, viewer_as):
    assert not resolvers.can_be_seen("stone")
    with pytest.raises(PlainError, match="cannot be recorded"):
        resolvers.see(viewer_as("dcs"), "stone", "a")


def node(kind, key, **about):
    return thread.Node(kind=kind, key=key, label=about.pop("label", key), url=about.pop("url", "/"), note="",
                       relation="", visible=about.pop("visible", True), **about)  # fmt: skip


def test_the_picture_shows_each_place_on_the_line_and_what_is_missing_on_it():
    up = (node("pack", "p", branches=(node("record", "r", label="October pack"),)),)
    picture = draw(node("measure", "CP10"), up, (node("rows", "CP10", label="The 3 children"),))
    assert [stop.words for stop in picture.stops] == [
        "1 record signed", "no findings and actions", "1 frozen document", "1 number", "The 3 children",
    ]  # fmt: skip
    assert [stop.here for stop in picture.stops] == [False, False, False, True, False]
    empty = draw(node("measure", "CP10"), (), ())
    assert [stop.words for stop in empty.stops] == [
        "no records signed",
        "no findings and actions",
        "no frozen documents",
        "1 number",
        "no children",
    ]


def test_findings_plans_and_actions_stand_in_one_place_on_the_picture():
    up = (node("finding", "f"), node("plan", "p"))
    picture = draw(node("action", "a"), up, (node("measure", "CP10"),))
    assert [stop.words for stop in picture.stops][:2] == ["no records signed", "3 findings and actions"]
    assert [stop.here for stop in picture.stops] == [False, True, False, False, False]


def test_the_picture_never_counts_children_that_are_not_shown():
    hidden = thread.Node("", "", thread.HIDDEN, "", "", "counts", visible=False)
    picture = draw(node("measure", "CP10"), (), (hidden,))
    assert picture.stops[-1].words == "children, not shown to you"
    assert picture.stops[-1].hidden


def test_a_long_name_is_cut_to_what_fits_beside_the_line():
    picture = draw(node("measure", "CP10", label="A very long title " * 9), (), ())
    assert all(len(stop.names) <= 42 for stop in picture.stops)
