"""The registry of teams and workers: names, ids and merges, each from its day."""

from datetime import date
from pathlib import Path

import pytest

from lineofsight import policy
from lineofsight.errors import PlainError
from lineofsight.home import Home
from lineofsight.policy.registry import read

EAST = """
[[team]]
id = "T1"
also = ["T91"]
names = [
  { name = "Assessment East", from = 2020-01-01 },
  { name = "Family Help East", from = 2026-09-01 },
]

[[team]]
id = "T2"
merged_into = "T91"
merged_on = 2026-10-01

[[team]]
id = "T3"
merged_into = "T2"
merged_on = 2026-05-01

[[worker]]
id = "W1"
also = ["W11", "W12"]
names = [{ name = "Ada Marsh", from = 2026-03-01 }]
"""


def home_with(folder: Path, text: str) -> Home:
    (folder / "registry.toml").write_text(text)
    return Home(path=folder, authority="999", authority_name="Somewhere", demo=True)


def test_a_home_without_the_file_has_the_empty_registry_and_its_hash_is_blank(tmp_path: Path) -> None:
    home = Home(path=tmp_path, authority="999", authority_name="Somewhere", demo=True)
    assert policy.registry(home) == policy.registry() == policy.EMPTY
    assert policy.EMPTY.hash == ""
    assert policy.EMPTY.stands_for("team", "T1") == "T1"
    assert policy.EMPTY.team_on("T1", date(2026, 1, 1)) == "T1"


def test_what_is_written_in_the_home_is_read_again_when_it_changes(tmp_path: Path) -> None:
    home = home_with(tmp_path, EAST)
    before = policy.registry(home)
    assert [one.id for one in before.teams] == ["T1", "T2", "T3"]
    (tmp_path / "registry.toml").write_text('[[team]]\nid = "T9"\n')
    after = policy.registry(home)
    assert [one.id for one in after.teams] == ["T9"]
    assert before.hash != after.hash != ""


def test_another_id_of_a_team_or_worker_stands_for_the_one_of_the_registry() -> None:
    made = read(EAST)
    assert made.stands_for("team", "T91") == made.stands_for("team", "T1") == "T1"
    assert made.stands_for("worker", "W12") == "W1"
    assert made.stands_for("team", "T77") == "T77"
    assert made.same("team", ["T91", "T5"]) == {"T1", "T91", "T5"}


@pytest.mark.parametrize(
    ("team", "on", "whose"),
    [
        ("T3", date(2026, 4, 30), "T3"),
        ("T3", date(2026, 5, 1), "T2"),
        ("T3", date(2026, 9, 30), "T2"),
        ("T3", date(2026, 10, 1), "T1"),
        ("T2", date(2026, 9, 30), "T2"),
        ("T2", date(2026, 10, 1), "T1"),
        ("T91", date(2026, 10, 1), "T1"),
    ],
)
def test_a_merge_counts_from_its_day_and_merges_of_merges_follow(team: str, on: date, whose: str) -> None:
    made = read(EAST)
    assert made.team_on(team, on) == whose
    held = [
        row["into_id"]
        for row in made.merges_table().to_pylist()
        if row["team_id"] == made.stands_for("team", team) and row["valid_from"] <= on <= row["valid_until"]
    ]
    assert held == ([] if whose == made.stands_for("team", team) else [whose])


def test_a_team_gathers_what_merged_into_it_and_its_other_ids_from_the_day_of_the_merge() -> None:
    made = read(EAST)
    assert made.gathered(["T1"], date(2026, 9, 30)) == {"T1", "T91"}
    assert made.gathered(["T91"], date(2026, 10, 1)) == {"T1", "T91", "T2", "T3"}
    assert made.gathered(["T2"], date(2026, 9, 30)) == {"T2", "T3"}
    assert made.gathered(["T2"], date(2026, 10, 1)) == {"T2"}


def test_a_name_is_the_one_in_force_on_the_day_with_the_earlier_ones_beside_it() -> None:
    made = read(EAST)
    assert made.name_on("team", "T91", date(2026, 8, 31)) == "Assessment East"
    assert made.name_on("team", "T1", date(2026, 9, 1)) == "Family Help East"
    assert made.formerly("team", "T1", date(2026, 9, 1)) == ("Assessment East",)
    assert made.formerly("team", "T1", date(2026, 8, 31)) == ()
    assert made.name_on("worker", "W1", date(2026, 2, 28)) is None
    assert made.name_on("team", "T2", date(2026, 9, 1)) is None
    assert made.names_table("team").num_rows == 2


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("[[team]\n", "not a TOML file"),
        ('[[crew]]\nid = "T1"\n', "parts that mean nothing here: crew"),
        ('[[team]]\nnames = []\n', "lacks an id"),
        ('[[team]]\nid = "T1"\nshoe = 1\n', "unknown fields: shoe"),
        ('[[worker]]\nid = "W1"\nmerged_into = "W2"\nmerged_on = 2026-01-01\n', "unknown fields"),
        ('[[team]]\nid = "T1"\nalso = "T2"\n', "list of ids"),
        ('[[team]]\nid = "T1"\nmerged_into = "T2"\n', "say both"),
        ('[[team]]\nid = "T1"\nmerged_into = "T2"\nmerged_on = "May"\n', "say both"),
        ('[[team]]\nid = "T1"\nnames = [{ name = "A" }]\n', "list of a name and the day"),
        ('[[team]]\nid = "T1"\nnames = [{ name = " ", from = 2026-01-01 }]\n', "blank"),
        (
            '[[team]]\nid = "T1"\nnames = [{ name = "A", from = 2026-01-01 }, { name = "B", from = 2026-01-01 }]\n',
            "two names",
        ),
        ('[[team]]\nid = "T1"\n\n[[team]]\nid = "T2"\nalso = ["T1"]\n', "belongs to two teams"),
        ('[[team]]\nid = "T1"\nmerged_into = "T1"\nmerged_on = 2026-01-01\n', "merged into itself"),
        (
            '[[team]]\nid = "T1"\nmerged_into = "T2"\nmerged_on = 2026-01-01\n\n'
            '[[team]]\nid = "T2"\nmerged_into = "T1"\nmerged_on = 2026-02-01\n',
            "merged into itself",
        ),
    ],
)  # fmt: skip
def test_a_file_that_is_not_right_is_refused_in_words(text: str, wrong: str) -> None:
    with pytest.raises(PlainError, match=wrong):
        read(text)
