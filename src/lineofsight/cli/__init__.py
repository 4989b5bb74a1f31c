"""The command line: `lineofsight`. Ends with 0 done, 1 done and something needs attention, 2 could not do it."""

import os
import sys

import typer

from lineofsight.cli import actions, children, data, doctor, faults, keeping, loads, nightly, redacting, service, tables
from lineofsight.cli.console import fail
from lineofsight.errors import PlainError

app = typer.Typer(
    name="lineofsight",
    help="Know, and prove that you know, what is happening to the children you are responsible for.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
for room in (service, data, loads, nightly, children, actions, keeping, redacting, doctor, tables):
    room.add_commands(app)


def main() -> None:
    """Run the command; say what went wrong in one plain sentence on stderr, never a traceback."""
    try:
        code = app(standalone_mode=False)
    except PlainError as error:
        code = fail(str(error))
    except (typer.Abort, KeyboardInterrupt):
        code = fail("Stopped. Nothing that was finished is lost.")
    except BrokenPipeError:
        sys.stderr.close()
        code = 0
    except Exception as error:
        # A wrong option or argument: typer keeps its class to itself, but its message is meant to be read.
        if hasattr(error, "format_message"):
            sys.exit(fail(f"{error.format_message()} See 'lineofsight --help'."))
        if os.environ.get("LINEOFSIGHT_TRACEBACK"):
            raise
        unknown = f"Something went wrong inside Line of Sight ({type(error).__name__}). Nothing was changed."
        code = fail(faults.sentence(error) or unknown)
    sys.exit(code or 0)
