"""A pytest plugin: one module of the product is compiled with the change that LINEOFSIGHT_MUTANT names."""

import importlib.abc
import importlib.machinery
import os
import sys
from collections.abc import Sequence
from types import CodeType, ModuleType

from tests.mutation.mutants import changed


class Changed(importlib.machinery.SourceFileLoader):
    """Loads a module's source, changed; nothing of it is cached."""

    def get_code(self, fullname: str) -> CodeType:
        """The module's code with the change in it."""
        tree = changed(os.environ["LINEOFSIGHT_MUTANT"], self.get_data(self.path).decode())
        return compile(tree, self.path, "exec", dont_inherit=True)


class Finder(importlib.abc.MetaPathFinder):
    """Finds the one module that is changed, where the house keeps it."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """The spec of the changed module; None for every other."""
        if fullname != os.environ["LINEOFSIGHT_MUTANT"].split(":")[1]:
            return None
        found = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if found is not None and found.origin:
            found.loader = Changed(fullname, found.origin)
        return found


if os.environ.get("LINEOFSIGHT_MUTANT"):
    sys.meta_path.insert(0, Finder())
