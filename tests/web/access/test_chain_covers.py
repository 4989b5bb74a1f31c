"""Nothing happens beside the chain: every kind of event is in one table, every writer ends with its event."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

from lineofsight.web.access.desk.wording import events

SOURCE = Path(__file__).parents[3] / "src" / "lineofsight"
# The functions that write an event, and those that hand one on to them with the action as it was given.
WRITERS = {"record", "record_read", "record_console_read", "record_keys", "log_read", "_tell", "_told", "_log"}
KINDS = {"sign-in", "read", "look", "taken", "change", "permission", "refused", "system"}
MODULES = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
# Its events are worked out first and written in a loop: what a load was, whoever loaded it and however it ended.
LOADS = "web/access/loads.py"
# What the chain is made of: it writes links, not events of its own.
CHAIN = {"web/access/chain.py", "web/access/chain_index.py", "web/access/models/chain.py"}


def named(tree: ast.AST) -> dict[str, str]:
    """The text constants of a module by their names, those of a tuple too."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assign) or len(node.targets) != 1:
            continue
        target, value = node.targets[0], node.value
        pairs = (
            zip(target.elts, value.elts, strict=True)
            if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple)
            else [(target, value)]
        )
        for name, one in pairs:
            if isinstance(name, ast.Name) and isinstance(one, ast.Constant) and isinstance(one.value, str):
                found[name.id] = one.value
    return found


def actions_of(node: ast.expr, known: dict[str, str]) -> Iterator[str | None]:
    """What an expression for an action can be; None where it is handed on from a parameter or a variable."""
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.IfExp):
        yield from actions_of(node.body, known)
        yield from actions_of(node.orelse, known)
    elif isinstance(node, ast.Name):
        yield known.get(node.id)
    elif isinstance(node, ast.Attribute):
        yield known.get(node.attr)
    else:
        yield ast.unparse(node)


def called(node: ast.Call) -> str:
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def action_given(node: ast.Call) -> ast.expr | None:
    """The action of a call to a writer: its keyword, or the argument that looks like one."""
    for keyword in node.keywords:
        if keyword.arg == "action":
            return keyword.value
    if called(node) in ("_tell", "_told", "_log"):
        texts = [one for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        return texts[0] if texts and "." in texts[0].value else None
    return None


def yielded(tree: ast.AST, known: dict[str, str]) -> Iterator[str]:
    """The actions of the events that a module works out before it writes them: the first of each tuple it yields."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple):
            yield from filter(None, actions_of(node.value.elts[0], known))


def written() -> dict[str, set[str]]:
    """Every action the code writes, with the modules that write it."""
    everywhere: dict[str, str] = {}
    trees = {path: ast.parse(path.read_text()) for path in MODULES}
    for tree in trees.values():
        everywhere |= named(tree)
    found: dict[str, set[str]] = {}
    for path, tree in trees.items():
        known = everywhere | named(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and called(node) in WRITERS and (given := action_given(node)):
                for action in actions_of(given, known):
                    if action is not None:
                        found.setdefault(action, set()).add(str(path.relative_to(SOURCE)))
        if str(path.relative_to(SOURCE)) == LOADS:
            for action in yielded(tree, known):
                found.setdefault(action, set()).add(LOADS)
    return found


def test_every_action_the_code_writes_is_in_the_table() -> None:
    unknown = {action: places for action, places in written().items() if action not in events()}
    assert not unknown, "add these to web/access/desk/events.toml"


def test_every_action_of_the_table_is_written_where_it_says() -> None:
    found = written()
    wrong = {
        action: (one.where, found.get(action))
        for action, one in events().items()
        if one.where not in found.get(action, set())
    }
    assert not wrong


def test_no_event_stands_twice_in_the_table() -> None:
    table = tomllib.loads((SOURCE / "web/access/desk/events.toml").read_text())["event"]
    assert len(table) == len({one["action"] for one in table})


def test_every_event_has_words_of_its_own_and_a_kind() -> None:
    told = list(events().values())
    assert {one.kind for one in told} <= KINDS
    assert len({one.words for one in told}) == len(told)
    assert all(one.words[:1].isupper() and not one.words.endswith(".") for one in told)


# --- every writer ends with its event ---------------------------------------------------------------------

# Calls that change the database.
CHANGES = {"create", "bulk_create", "update", "delete", "save", "bulk_update", "get_or_create", "update_or_create"}
# Functions that change something and write no event themselves: each with where its event is written, or why there
# is none to write.
WITHOUT = {
    "web/access/identity/codes.py:keep_app": "factors._added writes it",
    "web/access/identity/codes.py:new_recovery_codes": "factors writes it with the factor or the new codes",
    "web/access/identity/codes.py:_note_use": "factors.give and note_recovery_code write the use",
    "web/access/identity/notices.py:leave": "administering and password_links write what it tells of",
    "web/access/identity/passkeys.py:add": "factors._added writes it",
    "web/access/identity/passkeys.py:person_of": "the sign-in it serves is written",
    "web/access/models/people.py:create_person": "appointing.add_person writes it",
    "web/access/need/actions.py:note_told": "reading it is written as need.told",
    "web/access/need/reading.py:note_opened": "the opening is written as child.opened",
    "web/practice/actions/alerts.py:_save_once": "save_draft writes it",
    "web/access/chain_redacting.py:take_out": "redaction._erase writes it",
    "web/access/retention/redacting.py:_write": "redaction._erase writes it",
    "web/site/redaction.py:begin": "_erase writes it",
    "web/site/redaction.py:finish": "_erase writes it",
    "web/access/retention/actions.py:_erase_rows": "_erase_class writes one event a class",
    "web/commitments/records.py:_prepared": "save, in whose transaction it runs, writes it",
    "web/commitments/records.py:_save_once": "its callers write what they saved",
    "web/commitments/schedule.py:settle": "the record that settles it is written",
    "web/commitments/schedule.py:_make": "extend and plan write it",
    "web/commitments/schedule.py:_follow": "extend writes how many holders changed",
    "web/commitments/schedule.py:_close": "mark_missed and cancel write it",
    "web/data/actions/changes.py:_job": "ask and save, in whose transactions it runs, write it",
    "web/data/actions/loads.py:_asked": "send, say_yes, say_no and withdraw write it",
    "web/data/jobs.py:_answered": "the yes or no it follows is written",
    "web/data/jobs.py:_keep_rules": "saving the change is written as change.saved; what is computed by it, after",
    "web/data/jobs.py:_try_out": "asking for it is written as change.asked; it changes no rule",
    "web/data/views/changes.py:save": "the action it calls writes it",
    "web/evidence/actions.py:freeze": "the record or question the evidence is frozen for is written",
    "web/evidence/actions.py:link": "the record or question that is linked is written",
    "web/evidence/actions.py:link_each": "the pack that is linked is written",
    "web/improvement/actions/clearing.py:_set": "clear and take_back write which texts",
    "web/improvement/actions/loading.py:_clear": "load_table, in whose transaction it runs, writes it",
    "web/improvement/actions/loading.py:run": "load_table writes the one event of a load",
    "web/improvement/actions/owners.py:place": "plans.change and load_table write it",
    "web/improvement/actions/plans.py:_move": "change writes the new deadline",
    "web/improvement/actions/plans.py:new_plan": "begin_plan and load_table write it",
    "web/improvement/actions/plans.py:typed_anew": "change, after which words are to be cleared again, writes it",
    "web/improvement/actions/progress.py:reopened": "reopen, and proof.give_proof, write it",
    "web/improvement/actions/rating.py:_put": "whoever gives the colour writes it with what it follows from",
    "web/improvement/report_docx.py:as_docx": "it saves a document in memory; queries.reports writes that it was taken",
}
# A model's own save puts its seal on: whoever calls it writes the event.
MODELS = ("models.py", "frozen.py")


def changes(node: ast.AST) -> bool:
    """Whether a changing call is made in here: on a manager or a query of a model, or a save."""
    for one in ast.walk(node):
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) and one.func.attr in CHANGES:
            text = ast.unparse(one.func.value)
            if ".objects" in text or "_default_manager" in text or one.func.attr == "save":
                return True
    return False


def writes(node: ast.AST) -> bool:
    """Whether an event is written in here."""
    return any(isinstance(one, ast.Call) and called(one) in WRITERS for one in ast.walk(node))


def changing() -> Iterator[tuple[str, ast.FunctionDef]]:
    """Every function of the web that changes the database, by module and name."""
    for path in MODULES:
        place = str(path.relative_to(SOURCE))
        if not place.startswith("web/") or place in CHAIN or path.name in MODELS:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and changes(node):
                yield f"{place}:{node.name}", node


def test_every_function_that_changes_something_writes_an_event() -> None:
    found = dict(changing())
    silent = {name for name, node in found.items() if not writes(node)}
    assert silent - WITHOUT.keys() == set(), "these change something and write no event"
    assert {name for name in WITHOUT if name not in found} == set(), "these are no more"


def test_the_event_is_the_last_thing_its_transaction_does() -> None:
    late = []
    for name, function in changing():
        for block in ast.walk(function):
            if not isinstance(block, ast.With) or "atomic" not in ast.unparse(block.items[0].context_expr):
                continue
            body = [one for one in block.body if not isinstance(one, ast.Return)]
            if not (changes(block) and writes(block)):
                continue
            written = [at for at, one in enumerate(body) if writes(one)]
            if any(changes(one) for one in body[written[-1] + 1 :]):
                late.append(name)
    assert late == []
