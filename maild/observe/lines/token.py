"""Log lines about access tokens. Pure."""

from typing import assert_never

from maild.config.model import LogLevel
from maild.net.oauth.events import TokenEvent, TokenRefused, TokenRenewed
from maild.observe.lines.line import LogLine, line
from maild.observe.privacy import AddressVeil


def token_line(event: TokenEvent, veil: AddressVeil) -> LogLine:
    """The line of an event of the keyring."""
    match event:
        case TokenRenewed(account=account, expires_at=expires_at):
            return line(LogLevel.DEBUG, "token_renewed", account=account, expires_at=expires_at.isoformat())
        case TokenRefused(account=account, is_final=is_final, detail=detail):
            level = LogLevel.ERROR if is_final else LogLevel.WARNING
            return line(level, "token_refused", account=account, final=is_final, detail=veil.show_text(detail))
        case _:
            assert_never(event)
