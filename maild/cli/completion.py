"""`maild completion`: what a shell needs to complete maild's commands, options and account names.

The script is click's. It calls maild again at each press of the key, which must import nothing heavy then: the names of
commands come from the catalogue, the other words from `maild.cli.words`.
"""

import click
from click.shell_completion import get_completion_class

_VARIABLE = "_MAILD_COMPLETE"


@click.command("completion", short_help="Print the completion of a shell.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> int:
    """Print what SHELL needs to complete the words of a maild command line.

    \b
    bash: maild completion bash > /etc/bash_completion.d/maild
    zsh:  maild completion zsh > "${fpath[1]}/_maild"
    fish: maild completion fish > ~/.config/fish/completions/maild.fish
    """  # noqa: D301 -- click's own mark, which must be the control character
    known = get_completion_class(shell)
    assert known is not None, shell
    click.echo(known(context.find_root().command, {}, "maild", _VARIABLE).source())
    return 0
