"""What was told in the words of a page, by the keys of the values."""

from dataclasses import replace

from tests.disclosure.constraints import Told, Truth
from tests.disclosure.reading import Audience

from lineofsight.web.practice.queries.divided import BY, group_title
from lineofsight.web.practice.queries.standing import Standing


def placed(stand: Standing, truth: Truth, seen: Audience) -> list[Told]:
    """Every figure by its key; and that a group which no table names has nothing in it."""
    titles = {
        (by, group_title(stand, by, group)): group
        for by in BY
        for where, groups in truth.groups.items()
        if where[3] == by
        for group in groups
    }
    found = []
    for one in seen.told:
        window = truth.catalogue[one.measure].headline_window if one.window == "headline" else one.window
        found.append(replace(one, window=window, group=titles.get((one.breakdown, one.group), one.group)))
    for measure, day, by, named, known in seen.absent:
        assert not known, "nothing of the past is divided"
        window, _ = truth.when(measure)
        for group in {*truth.groups[measure, window, day, by]} - {titles[by, title] for title in named}:
            none = 0 if truth.catalogue[measure].counts != "all" else None
            found.append(Told(measure, window, day, by, group, numerator=0, denominator=none))
    return found
