"""The command line: `lineofsight`. Ends with 0 done, 1 done and something needs attention, 2 could not do it."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import typer

from lineofsight.errors import PlainError

ROOMS = (
    "service",
    "data",
    "loads",
    "nightly",
    "checks",
    "children",
    "actions",
    "keeping",
    "redacting",
    "doctor",
    "tables",
)
# A command that stands alone is not kept waiting by what the others need.
_ALONE = {"check": "checks"}


def make_app(rooms: Sequence[str] = ROOMS) -> typer.Typer:
    """The command with these rooms' commands on it."""
    app = typer.Typer(
        name="lineofsight",
        help="Know, and prove that you know, what is happening to the children you are responsible for.",
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    for room in rooms:
        import_module(f"{__name__}.{room}").add_commands(app)
    if len(rooms) == 1:  # one command on its own would lose its name
        app.callback()(lambda: None)
    return app


def __getattr__(name: str) -> Any:
    """`app`, the whole command, when it is first asked for."""
    if name == "app":
        return globals().setdefault("app", make_app())
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def main() -> None:
    """Run the command; say what went wrong in one plain sentence on stderr, never a traceback."""
    alone = _ALONE.get(sys.argv[1]) if len(sys.argv) > 1 else None
    try:
        code = make_app([alone] if alone else ROOMS)(standalone_mode=False)
    except PlainError as error:
        code = _fail(str(error))
    except (typer.Abort, KeyboardInterrupt):
        code = _fail("Stopped. Nothing that was finished is lost.")
    except BrokenPipeError:
        sys.stderr.close()
        code = 0
    except Exception as error:
        # A wrong option or argument: typer keeps its class to itself, but its message is meant to be read.
        if hasattr(error, "format_message"):
            sys.exit(_fail(f"{error.format_message()} See 'lineofsight --help'."))
        if os.environ.get("LINEOFSIGHT_TRACEBACK"):
            raise
        unknown = f"Something went wrong inside Line of Sight ({type(error).__name__}). Nothing was changed."
        from lineofsight.cli import faults

        code = _fail(faults.sentence(error) or unknown)
    sys.exit(code or 0)


def _fail(sentence: str) -> int:
    """Say one sentence on stderr; give the code for "could not do it"."""
    print(sentence, file=sys.stderr)
    return 2
