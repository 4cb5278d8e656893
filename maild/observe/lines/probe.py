"""Log lines about probes and logins. Pure."""

from typing import assert_never

from maild.config.model import LogLevel
from maild.observe.lines.line import LogLine, line
from maild.observe.privacy import AddressVeil
from maild.observe.probe_id import probe_id
from maild.probe.events import LoginSuspended, LoginTried, ProbeFinished, ServerChanged
from maild.probe.result import CheckVerdict, ProbeResult


def probe_line(event: ProbeFinished | LoginTried | LoginSuspended | ServerChanged, veil: AddressVeil) -> LogLine:
    """The line of a probe event."""
    match event:
        case ProbeFinished(result=result):
            return _probe_result_line(result, veil)
        case LoginTried():
            level = LogLevel.WARNING if event.is_rejected else LogLevel.DEBUG
            return line(level, "login_tried", account=event.account, rejected=event.is_rejected)
        case LoginSuspended():
            return line(LogLevel.ERROR, "login_suspended", account=event.account, detail=veil.show_text(event.detail))
        case ServerChanged(account=account, changes=changes, is_held=is_held):
            is_weaker = any(change.is_weaker for change in changes)
            level = LogLevel.ERROR if is_held else LogLevel.WARNING if is_weaker else LogLevel.INFO
            return line(level, "server_changed", account=account, held=is_held, detail="; ".join(map(str, changes)))
        case _:
            assert_never(event)


def _probe_result_line(result: ProbeResult, veil: AddressVeil) -> LogLine:
    verdicts = {check.check: str(check.verdict) for check in result.checks}
    troubled = [check for check in result.checks if check.verdict in {CheckVerdict.FAIL, CheckVerdict.WARN}]
    failed = any(check.verdict is CheckVerdict.FAIL for check in troubled)
    return line(
        LogLevel.WARNING if failed else LogLevel.INFO,
        "probe_finished",
        account=result.account,
        probe_id=probe_id(result),
        **verdicts,
        detail=veil.show_text("; ".join(check.summary for check in troubled)) or None,
        seconds=round(result.seconds, 3),
    )
