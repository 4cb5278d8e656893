"""Asks the running daemon over its own web port or socket. Blocking, small, and without the weight of an HTTP library.

What can go wrong is one `NoAnswerError`: nobody listens there, the answer takes too long, is no JSON or much too long.
"""

import http.client
import json
import socket
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, Final, cast
from urllib.parse import urlsplit

from maild.cli.presence import has_daemon
from maild.cli.served import Accounts, accounts_of
from maild.cli.site import Place, site_of
from maild.config.model import Site
from maild.daemon.presence import read_note
from maild.errors import MaildError, TemporaryError, UsageError
from maild.spool.layout import Layout

TIMEOUT_S: Final = 5.0
_SOCKET: Final = "Commands ask by a socket then: add `unix:/run/maild/web.sock` to web.listen."
_CUT: Final = (http.client.BadStatusLine, ConnectionResetError)
MAX_BYTES: Final = 64 * 1024 * 1024


class NoAnswerError(TemporaryError):
    """The daemon did not answer there."""


def ask_status(place: str) -> Mapping[str, Any]:
    """The status object of the daemon that listens at `host:port`, `unix:/path` or `http://host:port`.

    Raises:
        NoAnswerError: there is none, or none that answers.
        UsageError: the place means nothing.
    """
    connection = _connection(place)
    try:
        connection.request("GET", "/status", headers={"Host": "localhost", "Accept": "application/json"})
        answer = connection.getresponse()
        body = answer.read(MAX_BYTES + 1)
        if answer.status == 401:
            raise NoAnswerError(f"{place} asks for a name and a password (web.config_file). {_SOCKET}")
        if answer.status != 200:
            raise NoAnswerError(f"{place} answers with status {answer.status}: it may not be maild.")
        status = json.loads(body) if len(body) <= MAX_BYTES else None
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        hint = f" It may speak TLS (web.config_file). {_SOCKET}" if isinstance(error, _CUT) else ""
        raise NoAnswerError(f"Nobody answers at {place}: {reason}.{hint}") from None
    except ValueError:
        status = None
    finally:
        connection.close()
    if not isinstance(status, dict) or "health" not in status:
        raise NoAnswerError(f"What {place} answers is no status of maild.")
    return cast("Mapping[str, Any]", status)


def ask_accounts(place: Place) -> Accounts:
    """What can be known now of the accounts of a site's daemon. Never fails: what cannot be asked is not known."""
    layout = Layout(place.spool)
    is_served = has_daemon(layout)
    if is_served is not False:
        for where in _places(place, layout):
            with suppress(MaildError):
                return accounts_of(ask_status(where))
    return Accounts(is_served=is_served)


def _places(place: Place, layout: Layout) -> Iterator[str]:
    noted = read_note(layout)
    yield from noted
    try:
        site = site_of(place.folder) or Site()
    except MaildError:
        return
    yield from (listen for listen in site.web.listen if listen not in noted and not listen.endswith(":0"))


def _connection(place: str) -> http.client.HTTPConnection:
    if place.startswith("unix:"):
        return _UnixConnection(place.removeprefix("unix:"))
    parts = urlsplit(place if "://" in place else f"http://{place}")
    try:
        port = parts.port
    except ValueError:
        port = None
    if parts.scheme != "http" or parts.hostname is None or not port:
        raise UsageError(f"{place} is no place to ask: write host:port, http://host:port or unix:/path.")
    return http.client.HTTPConnection(parts.hostname, port, timeout=TIMEOUT_S)


class _UnixConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=TIMEOUT_S)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(TIMEOUT_S)
        self.sock.connect(self._path)
