"""What can be taken out of, or turned round in, the code that guards children: one small change at a time.

Two kinds. A *guard* mutant removes one permission check, scope filter or audit call, anywhere in the web. A *logic*
mutant turns one comparison, condition or number round, in the rooms that decide who sees what: access, disclosure
and the chain.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).parents[2] / "src"
PACKAGE = SOURCE / "lineofsight"

# Statements that are nothing but one of these calls are guards: without the call, the page is as before.
AUDIT = {"record", "record_read", "note_refusal", "note_failed_sign_in"}
OF_THE_MACHINE = {"_refuse_a_taken_port"}
# Calls that narrow what is shown, and what stands in their place when they are gone.
NARROWING: dict[str, object] = {
    "row_filter": None,
    "theirs": None,
    "sees_through": True,
    "_openable": True,
    "is_restricted": False,
}
# An `if` that ends in one of these refuses somebody; the calls and the words by which rows are kept to one's own.
REFUSING = {"Refused", "PermissionDenied", "Http404"}
KEEPING, OWN = {"filter", "get", "exclude"}, {"viewer", "by", "asker", "reader"}
STRICTER = {"by_need"}
WRAPPING = {"needs_confirmation"}
ASKED = {f"{who}.{what}" for who in ("viewer", "by") for what in ("level", "scope.kind", "capabilities")}

DECIDING = [
    "web/access/permissions.py",
    "web/access/scope.py",
    "web/access/viewer.py",
    "web/access/chain.py",
    "web/access/demo.py",
    "web/access/need",
    "web/access/restricted",
    "web/access/identity/gate.py",
    "web/access/appointing/actions.py",
    "cases/refs.py",
    "measures/disclosure.py",
    "measures/shown.py",
    "chain",
]
TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
NAMED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True, order=True)
class Mutant:
    """One change: its kind, its module, the how-many-th of its kind there, its line and function, and what it does."""

    kind: str
    module: str
    number: int
    line: int
    where: str
    what: str

    @property
    def name(self) -> str:
        """How the command line and the import hook call it."""
        return f"{self.kind}:{self.module}:{self.number}"


def guards() -> list[Mutant]:
    """Every guard of the web that can be taken out."""
    return [one for path in sorted((PACKAGE / "web").rglob("*.py")) for one in _of(path, "guard")]


def logic() -> list[Mutant]:
    """Every comparison, condition and number that can be turned round in the rooms that decide."""
    paths = [PACKAGE / one for one in DECIDING]
    files = [path for one in paths for path in (sorted(one.rglob("*.py")) if one.is_dir() else [one])]
    return [one for path in files for one in _of(path, "logic")]


def changed(name: str, source: str) -> ast.Module:
    """The tree of `source` with the change of that name made."""
    kind, _, number = name.split(":")
    tree = ast.parse(source)
    for at, (_, _, change) in enumerate(_changes(tree, kind)):
        if at == int(number):
            change()
            return ast.fix_missing_locations(tree)
    raise LookupError(name)


def file_of(module: str) -> Path:
    """Where a module of the product stands."""
    path = SOURCE / Path(*module.split("."))
    return path.with_suffix(".py") if path.with_suffix(".py").exists() else path / "__init__.py"


def _of(path: Path, kind: str) -> Iterator[Mutant]:
    if "migrations" in path.parts:
        return
    module = ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")
    tree = ast.parse(path.read_text())
    names = [(one.lineno, one.end_lineno or 0, one.name) for one in ast.walk(tree) if isinstance(one, NAMED)]
    for number, (line, what, _) in enumerate(_changes(tree, kind)):
        where = ".".join(name for first, last, name in names if first <= line <= last)
        yield Mutant(kind, module, number, line, where, what)


def _changes(tree: ast.Module, kind: str) -> Iterator[tuple[int, str, Callable[[], None]]]:
    return _guard_changes(tree) if kind == "guard" else _logic_changes(tree)


def _guard_changes(tree: ast.Module) -> Iterator[tuple[int, str, Callable[[], None]]]:
    for node in ast.walk(tree):
        yield from _of_statements(node)
        if isinstance(node, ast.Call):
            yield from _of_calls(node)
        elif isinstance(node, ast.Compare):
            yield from _of_comparisons(node)
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            if isinstance(node.slice, ast.Constant) and node.slice.value == "restricted":
                yield node.lineno, f"{ast.unparse(node)} is never so", _attribute(node, "value", _never("restricted"))
        elif isinstance(node, ast.FunctionDef):
            for at, one in enumerate(node.decorator_list):
                if getattr(one, "id", "") in WRAPPING:
                    yield one.lineno, f"{node.name} without @{ast.unparse(one)}", _without(node.decorator_list, at)


def _of_statements(holder: ast.AST) -> Iterator[tuple[int, str, Callable[[], None]]]:
    """Checks and events left out; refusals that never come."""
    for field in ("body", "orelse", "finalbody"):
        statements = getattr(holder, field, None)
        for at, one in enumerate(statements if isinstance(statements, list) else []):
            if isinstance(one, ast.Expr) and _is_guard(_called(one.value)):
                yield one.lineno, f"without {ast.unparse(one)[:70]}", _put(statements, at, ast.Pass())
    if isinstance(holder, ast.If) and isinstance(holder.body[-1], ast.Raise) and holder.body[-1].exc:
        raised = holder.body[-1].exc
        if (_called(raised) or getattr(raised, "id", "")) in REFUSING:
            what = f"never refused: if {ast.unparse(holder.test)[:60]}"
            yield holder.lineno, what, _attribute(holder, "test", ast.Constant(value=False))


def _of_calls(call: ast.Call) -> Iterator[tuple[int, str, Callable[[], None]]]:
    """Questions that are always answered with yes; rows that are no longer kept to one's own."""
    name = _called(call)
    if name in NARROWING or name == "may" or name.lstrip("_").startswith("may_"):
        value = NARROWING.get(name, True)
        yield call.lineno, f"{ast.unparse(call)[:60]} always {value}", _answering(call, value)
    for at, word in enumerate(call.keywords):
        own = name in KEEPING and any(getattr(one, "id", "") in OWN for one in ast.walk(word.value))
        if word.arg and (own or word.arg in STRICTER):
            yield _left_out(call, at)


def _left_out(call: ast.Call, at: int) -> tuple[int, str, Callable[[], None]]:
    word = call.keywords[at]
    what = f"{_called(call)} without {ast.unparse(word)[:60]}"
    return word.value.lineno, what, _without(call.keywords, at)


def _of_comparisons(node: ast.Compare) -> Iterator[tuple[int, str, Callable[[], None]]]:
    """The viewer's level, reach and permissions, no longer asked for."""
    asked = node.left if not isinstance(node.ops[0], ast.In | ast.NotIn) else node.comparators[0]
    if ast.unparse(asked) in ASKED and len(node.ops) == 1:
        answer = isinstance(node.ops[0], ast.Eq | ast.In)
        other = ast.parse(f"(lambda answer_in_its_place: {answer})", mode="eval").body
        whole = ast.Call(other, [ast.Compare(node.left, node.ops, node.comparators)], [])
        yield node.lineno, f"{ast.unparse(node)[:60]} always {answer}", _becoming(node, whole)


def _is_guard(name: str) -> bool:
    return name not in OF_THE_MACHINE and _checks(name)


def _checks(name: str) -> bool:
    return name in AUDIT or name == "check" or name.lstrip("_").startswith(("check_", "may_manage", "refuse_"))


def _called(node: ast.expr) -> str:
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _put(statements: list[ast.stmt], at: int, other: ast.stmt) -> Callable[[], None]:
    def change() -> None:
        statements[at] = other

    return change


def _answering(call: ast.Call, value: object) -> Callable[[], None]:
    """The call is made still, so that nothing is missing but its answer."""

    def change() -> None:
        made = ast.Call(call.func, call.args, call.keywords)
        call.func = ast.parse(f"(lambda answer_in_its_place: {value!r})", mode="eval").body
        call.args, call.keywords = [made], []

    return change


def _logic_changes(tree: ast.Module) -> Iterator[tuple[int, str, Callable[[], None]]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and type(node.ops[0]) in TURNED:
            other = TURNED[type(node.ops[0])]
            yield node.lineno, f"{ast.unparse(node)[:60]}, turned to {other.__name__}", _set(node.ops, 0, other())
        elif isinstance(node, ast.BoolOp):
            other_op: ast.boolop = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield node.lineno, f"and for or in {ast.unparse(node)[:60]}", _attribute(node, "op", other_op)
        elif isinstance(node, ast.If | ast.IfExp) and ast.unparse(node.test) != "TYPE_CHECKING":
            turned = ast.UnaryOp(ast.Not(), node.test)
            yield node.lineno, f"if not {ast.unparse(node.test)[:60]}", _attribute(node, "test", turned)
        elif (
            isinstance(node, ast.Return) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, bool)
        ):
            yield node.lineno, f"return {not node.value.value}", _attribute(node.value, "value", not node.value.value)


def _becoming(node: ast.Compare, other: ast.Call) -> Callable[[], None]:
    """The node stays where it hangs in the tree, and compares the other one's answer with itself."""

    def change() -> None:
        node.left, node.ops, node.comparators = other, [ast.Is()], [ast.Constant(value=True)]

    return change


def _never(key: str) -> ast.expr:
    return ast.Dict(keys=[ast.Constant(value=key)], values=[ast.Constant(value=False)])


def _without(items: list[Any], at: int) -> Callable[[], None]:
    def change() -> None:
        del items[at]

    return change


def _set(items: list[ast.cmpop], at: int, other: ast.cmpop) -> Callable[[], None]:
    def change() -> None:
        items[at] = other

    return change


def _attribute(node: ast.AST, name: str, value: object) -> Callable[[], None]:
    def change() -> None:
        setattr(node, name, value)

    return change
