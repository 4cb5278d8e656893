"""The language server: the protocol on one side, the desk on the other. Shell code.

Whatever goes wrong is said by the kind of exception alone: its text may repeat the file's.
"""

import logging
from typing import Final

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer

from maild import __version__
from maild.cli.lsp.desk import Desk
from maild.cli.lsp.session import Session

QUIET_S: Final = 0.3
"""A person who types pauses this long between words, not between letters."""


class MaildServer(LanguageServer):
    """A language server that tells an editor no exception's text."""

    def __init__(self) -> None:
        super().__init__("maild", __version__, text_document_sync_kind=lsp.TextDocumentSyncKind.Full)

    def report_server_error(self, error: Exception, source: object) -> None:
        """Says in the editor's log that something went wrong."""
        del source
        message = (
            f"maild could not take a message of the editor, or not answer it: {type(error).__name__}. "
            "If it happens again, please report it."
        )
        self.window_log_message(lsp.LogMessageParams(type=lsp.MessageType.Error, message=message))


def build_server(desk: Desk, *, quiet_s: float = QUIET_S) -> MaildServer:
    """A server for one editor, which is yet to be started with its streams."""
    # pygls logs whole messages, with everything that stands in the files.
    logging.getLogger("pygls").setLevel(logging.CRITICAL + 1)
    server = MaildServer()
    Session(server, desk, quiet_s).register()
    return server
