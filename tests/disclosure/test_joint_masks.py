"""Masks of measures whose children are among each other's, against an attacker who writes down all that is shown."""

import random

import pytest
from tests.disclosure.attack import Attack

from lineofsight.measures import disclosure
from lineofsight.measures.disclosure import Cell, Family, joint_masks, small

BELOW = 6
SEEDS = range(16)
MORE_SEEDS = range(16, 216)
NUMBERS = (0, 0, 1, 2, 3, 4, 5, 6, 7, 9, 12, 20, 40)


def authority(seed):
    """Three measures, each among the one before: their cells by team, service and one flat breakdown."""
    chance = random.Random(seed)
    services = {f"s{n}": [f"s{n}t{team}" for team in range(chance.randint(1, 4))] for n in range(chance.randint(1, 4))}
    parent = {team: service for service, teams in services.items() for team in teams}
    spread = chance.choice([NUMBERS, NUMBERS[:8], NUMBERS[5:]])
    size = {team: chance.choice(spread) for team in parent}
    families, flat = [], {}
    for depth, name in enumerate(("whole", "some", "few")):
        teams, flat_before = {}, flat
        for team, most in size.items():
            if depth == 0:
                teams[team] = (most, 0, 0)
                continue
            inside = most if chance.random() < 0.4 else chance.randint(0, most)
            met = chance.choice([0, inside, chance.randint(0, inside)])
            teams[team] = (inside - met, chance.choice([met, chance.randint(0, met)]), 0)
            teams[team] = (*teams[team][:2], inside - sum(teams[team]))
        totals = [sum(parts) for parts in zip(*teams.values(), strict=True)]
        flat = dealt(chance, totals, flat_before)
        cells = {
            "team": [Cell(team, parts, parent[team]) for team, parts in teams.items()],
            "service": [Cell(s, added([teams[one] for one in members])) for s, members in services.items()],
            "sex": [Cell(group, parts) for group, parts in flat.items()],
        }
        families.append(Family(name, cells, ("whole", "some")[depth - 1] if depth else None))
        size = {team: sum(parts) for team, parts in teams.items()}
    return families


def added(parts):
    return tuple(sum(one) for one in zip(*parts, strict=True))


def dealt(chance, totals, before):
    """The same children dealt over three groups, no more to a group than it had in the measure before."""
    room = {group: sum(parts) for group, parts in before.items()} or dict.fromkeys("abc", sum(totals))
    found = {group: [0, 0, 0] for group in room}
    for part, total in enumerate(totals):
        for _ in range(total):
            group = chance.choice([one for one, left in room.items() if left])
            room[group] -= 1
            found[group][part] += 1
    return {group: tuple(parts) for group, parts in found.items()}


def attacked(families, masks):
    """All that is shown: the authority's parts, the cells not hidden, and how measures hold each other."""
    attack = Attack()
    for one in families:
        for name, cells in one.cells.items():
            for part in range(3):
                attack.exactly([(one.measure, name, c.group, part) for c in cells], sum(c.parts[part] for c in cells))
            for cell in cells:
                mine = [(one.measure, name, cell.group, part) for part in range(3)]
                if cell.group not in masks[one.measure][name]:
                    for place, unknown in enumerate(mine):
                        attack.exactly([unknown], cell.parts[place])
                if one.among:
                    outside = (one.measure, name, cell.group, "outside")
                    attack.equal([*mine, outside], [(one.among, name, cell.group, part) for part in range(3)])
        for service in one.cells["service"]:
            teams = [c.group for c in one.cells["team"] if c.parent == service.group]
            for part in range(3):
                attack.equal(
                    [(one.measure, "service", service.group, part)], [(one.measure, "team", t, part) for t in teams]
                )
    return attack


def small_and_hidden(families, masks):
    """Every small number there is: (measure, breakdown, group, part) and the number."""
    by_name = {one.measure: one for one in families}
    for one in families:
        for name, cells in one.cells.items():
            if len(cells) == 1:
                continue  # one group is the authority itself, which is shown exactly
            outer = {c.group: c.size for c in by_name[one.among].cells[name]} if one.among else {}
            for cell in cells:
                parts = {**dict(enumerate(cell.parts)), "outside": outer.get(cell.group, cell.size) - cell.size}
                for part, number in parts.items():
                    if small(number, BELOW):
                        yield (one.measure, name, cell.group, part), number, cell.group in masks[one.measure][name]


def pinned(families, masks):
    """The small numbers that the attacker knows, and how many there were."""
    attack = attacked(families, masks)
    known, count = [], 0
    for name, number, hidden in small_and_hidden(families, masks):
        count += 1
        told = attack.pins(name, number) if hidden else True
        if told and not only_of_its_kind(families, name):
            known.append((name, number))
    return known, count


def only_of_its_kind(families, name):
    """Whether the number is the authority's own because no other cell of its breakdown has any child at all."""
    measure, breakdown, group, _ = name
    outermost = families[0].cells[breakdown]
    return sum(cell.size > 0 for cell in outermost) <= 1 and measure == families[0].measure


@pytest.mark.parametrize("seed", SEEDS)
def test_no_small_number_of_any_measure_is_worked_out_from_the_others(seed, counted):
    families = authority(seed)
    known, count = pinned(families, joint_masks(families, BELOW))
    assert known == []
    counted("small numbers of measures among each other, none worked out", count)


@pytest.mark.full
@pytest.mark.parametrize("seed", MORE_SEEDS)
def test_no_small_number_of_many_more_authorities_is_worked_out_either(seed, counted):
    families = authority(seed)
    known, count = pinned(families, joint_masks(families, BELOW))
    assert known == []
    counted("small numbers of measures among each other, none worked out", count)


def test_the_attacker_has_small_numbers_to_find():
    found = 0
    for seed in SEEDS:
        families = authority(seed)
        found += sum(hidden for _, _, hidden in small_and_hidden(families, joint_masks(families, BELOW)))
    assert found > 200


def test_what_is_hidden_of_a_measure_is_hidden_of_those_among_it():
    for seed in SEEDS:
        families = authority(seed)
        masks = joint_masks(families, BELOW)
        for one in families:
            for name in one.cells:
                assert not one.among or masks[one.among][name] <= masks[one.measure][name]


@pytest.mark.parametrize("weakness", ["primary only", "one measure at a time"])
def test_weaker_masks_are_broken_by_the_same_attacker(monkeypatch, weakness):
    def primary(cells, below, *, also=(), **_):
        return frozenset(cell.group for cell in cells if disclosure.unsafe(cell.parts, below))

    found: list[object] = []
    if weakness == "primary only":
        monkeypatch.setattr(disclosure, "hidden_groups", primary)
    for seed in SEEDS:
        families = authority(seed)
        if weakness == "primary only":
            masks = joint_masks(families, BELOW)
        else:
            masks = {one.measure: disclosure.masks(one.cells, BELOW) for one in families}
        found = pinned(families, masks)[0]
        if found:
            break
    assert found
