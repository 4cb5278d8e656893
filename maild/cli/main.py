"""`maild`: finds the command that was asked for, and turns how it ended into an exit status.

Knows no command's work. What can go wrong below arrives here as an exception and leaves as one sentence on stderr:

    0    fine                                     3    a bug of maild, with a traceback to report
    1    findings, or it did not work             78   the configuration leaves nothing to run
    2    wrong usage                              130  Ctrl-C
"""

import gc
import importlib
import io
import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

import click

from maild import __version__
from maild.cli.catalogue import COMMANDS, Entry
from maild.errors import ConfigError, InternalError, MaildError, UsageError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

FAILED: Final = 1
WRONG_USAGE: Final = 2
INTERNAL: Final = 3
INTERRUPTED: Final = 130
"""128 and the number of SIGINT, as shells have it."""


class LazyGroup(click.Group):
    """A group whose commands are modules that are imported when they are called."""

    def __init__(self, entries: Sequence[Entry] = COMMANDS, **attributes: object) -> None:
        super().__init__(**attributes)  # type: ignore[arg-type]  # what the decorator passes on
        self._entries = {entry.name: entry for entry in entries}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the catalogue's order."""
        del ctx
        return list(self._entries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command; None when there is none of that name."""
        del ctx
        entry = self._entries.get(cmd_name)
        if entry is None:
            return None
        # Modules make thousands of lasting objects. Collecting garbage among them finds nothing and takes a tenth of
        # the time that `maild check` needs for one file; freezing keeps later collections away from them, too.
        gc.disable()
        try:
            command = getattr(importlib.import_module(entry.module), cmd_name)
        finally:
            gc.freeze()
            gc.enable()
        assert isinstance(command, click.Command), cmd_name
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        """The commands and options that begin like this, without importing any command."""
        # No other command line needs it.
        from click.shell_completion import CompletionItem  # noqa: PLC0415

        begun = [entry for entry in self._entries.values() if entry.name.startswith(incomplete)]
        return [
            *(CompletionItem(entry.name, help=entry.summary) for entry in begun),
            *click.Command.shell_complete(self, ctx, incomplete),
        ]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing any."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(entry.name, entry.summary) for entry in self._entries.values()])


@click.command(
    "maild",
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="Start with `maild demo`. Every diagnostic names a rule that `maild explain CODE` tells more about.",
)
@click.version_option(__version__, "-V", "--version", prog_name="maild")
def maild() -> None:
    """The declarative way to own a site's outgoing mail: validate, watch, probe, send."""


def exit_status(error: MaildError) -> int:
    """The status that a command ends with when this error stopped it."""
    match error:
        case UsageError():
            return WRONG_USAGE
        case ConfigError():
            return ConfigError.exit_status
        case InternalError():
            return INTERNAL
        case _:
            return FAILED


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line (without the program's name; None: this process's) and return its exit status."""
    _write_whatever_the_terminal_can()
    try:
        status = _run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our output has seen enough (`| head`). Nothing may be flushed into the pipe at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    return status


def _run(arguments: Sequence[str] | None) -> int:
    try:
        result = maild.main(arguments, prog_name="maild", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except MaildError as error:
        click.echo(f"maild: {error}", err=True)
        return exit_status(error)
    except BrokenPipeError:
        raise
    except OSError as error:
        click.echo(f"maild: {error.filename or 'operating system'}: {error.strerror or error}", err=True)
        return FAILED
    except Exception as error:  # noqa: BLE001 -- the last place that can say so; everything unknown is our bug and is loud
        click.echo("\n".join(_bug_report(error)), err=True)
        return INTERNAL
    return result if isinstance(result, int) else 0


def _bug_report(error: BaseException) -> Iterator[str]:
    """Where it happened, for whoever mends it. An error's own words may repeat a file, and so a password."""
    yield "maild: internal error, which is a mistake in maild; please report it with these lines. What the error says"
    yield "is left out: it may repeat what stands in your files."
    yield f"maild {__version__}, Python {sys.version.split()[0]}"
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        yield f"{type(cause).__module__}.{type(cause).__qualname__}"
        for frame in traceback.extract_tb(cause.__traceback__):
            yield f"  {frame.filename}:{frame.lineno} in {frame.name}"
        cause = cause.__cause__ or cause.__context__


def _write_whatever_the_terminal_can() -> None:
    """A subject line with a smiley must not end a command on a Latin-1 terminal."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
