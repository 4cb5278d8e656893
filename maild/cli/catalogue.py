"""The commands of maild, in the order of a person's day, with what `maild --help` says of each.

A command's module is imported when the command is called and not before: `maild check` in a commit hook must not
pay for the daemon. So the summary stands here; a test loads every command.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One command: the module that holds a click command of this name, and its line of help."""

    name: str
    module: str
    summary: str


COMMANDS: Final = (
    Entry(name="check", module="maild.cli.check", summary="Say what is wrong with configuration files, and where."),
    Entry(name="explain", module="maild.cli.explain", summary="Explain a rule: why it exists, bad, good, see."),
    Entry(name="rules", module="maild.cli.explain", summary="List every rule there is."),
    Entry(name="test", module="maild.cli.test", summary="Send a test e-mail and show each phase."),
    Entry(name="probe", module="maild.cli.probe", summary="Run every check of the accounts once."),
    Entry(name="run", module="maild.cli.run", summary="Run the daemon."),
    Entry(name="account", module="maild.cli.account", summary="List the accounts, show one, write a new one."),
    Entry(name="status", module="maild.cli.status", summary="Say what the daemon is doing now."),
    Entry(name="send", module="maild.cli.send", summary="Queue a message."),
    Entry(name="queue", module="maild.cli.queue", summary="Look at the queue and change it."),
    Entry(name="diff", module="maild.cli.diff", summary="Say what a change of the configuration would do to sending."),
    Entry(name="demo", module="maild.cli.demo.command", summary="Show the whole job on this machine in one go."),
    Entry(name="lsp", module="maild.cli.lsp.command", summary="Serve an editor: findings, fixes, help and completion."),
    Entry(name="metrics", module="maild.cli.metrics", summary="List every metric of /metrics."),
    Entry(name="schema", module="maild.cli.schema", summary="Print a JSON Schema."),
    Entry(name="man", module="maild.cli.man.command", summary="Write the manual pages."),
    Entry(name="completion", module="maild.cli.completion", summary="Print the completion of a shell."),
)
