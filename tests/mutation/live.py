"""Makes a mutant's change in a running process: the changed code is put in the place of the functions' own."""

import functools
import gc
import inspect
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FunctionType

from tests.mutation.mutants import Mutant, changed, file_of

Key = tuple[str, str, int]


class NotInAFunction(Exception):
    """The change is to what runs when a module is imported: it needs a process that imports the module again."""


class Functions:
    """Every function of the product that is alive, by where its code stands; found once, before anything is forked."""

    def __init__(self, source: Path) -> None:
        self.live: dict[Key, list[FunctionType]] = defaultdict(list)
        self.caches = [one for one in gc.get_objects() if _is_a_cache(one)]
        for one in gc.get_objects():
            if isinstance(one, FunctionType) and one.__code__.co_filename.startswith(str(source)):
                self.live[_key(one.__code__)].append(one)

    def change(self, one: Mutant) -> None:
        """Make the change, in every function that has the code, under whatever name it was imported."""
        for functions, code in self.changes(one):
            for each in functions:
                each.__code__ = code
        for cache in self.caches:
            cache.cache_clear()

    def changes(self, one: Mutant) -> list[tuple[list[FunctionType], CodeType]]:
        """Which functions get which code. Raises NotInAFunction when that is not all of the change."""
        path = file_of(one.module)
        source = path.read_text()
        before, after = (
            _by_key(compile(tree, str(path), "exec", dont_inherit=True)) for tree in (source, changed(one.name, source))
        )
        turned = []
        for key, codes in before.items():
            others = after.get(key, [])
            if len(codes) != len(others) or (codes != others and len(codes) > 1):
                raise NotInAFunction(one.name)
            if codes != others and _is_of_a_function(codes[0]):
                turned.append((self.live.get(key, []), others[0]))
            elif codes != others and _own(codes[0]) != _own(others[0]):
                raise NotInAFunction(one.name)
        if not any(functions for functions, _ in turned):
            raise NotInAFunction(one.name)
        if any(len(each.__code__.co_freevars) != len(code.co_freevars) for some, code in turned for each in some):
            raise NotInAFunction(one.name)
        return turned


def _key(code: CodeType) -> Key:
    return code.co_filename, code.co_qualname, code.co_firstlineno


def _by_key(code: CodeType) -> dict[Key, list[CodeType]]:
    found: dict[Key, list[CodeType]] = defaultdict(list)
    for one in _within(code):
        found[_key(one)].append(one)
    return found


def _within(code: CodeType) -> Iterator[CodeType]:
    """The code and all that is nested in it, but for the one lambda that a mutant itself puts there."""
    yield code
    for one in code.co_consts:
        if isinstance(one, CodeType) and one.co_varnames[:1] != ("answer_in_its_place",):
            yield from _within(one)


def _is_of_a_function(code: CodeType) -> bool:
    return bool(code.co_flags & inspect.CO_OPTIMIZED)


def _own(code: CodeType) -> tuple[object, ...]:
    """What a module's or a class's body does itself, apart from the functions that it makes."""
    return code.co_code, code.co_names, tuple(one for one in code.co_consts if not isinstance(one, CodeType))


def _is_a_cache(one: object) -> bool:
    kind = type(one) is functools._lru_cache_wrapper
    return kind and str(getattr(one, "__module__", "")).startswith("lineofsight")
