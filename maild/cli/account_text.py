"""How accounts are shown: a table of all, a page of one, objects for programs. Pure; holds no password but a given one.

A file that has errors is listed as far as it can be understood, for it is the one that somebody looks for.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from maild.cli.account_settings import Setting, Value, shown_text
from maild.config.build.draft import address_of
from maild.config.draft import AccountDraft
from maild.config.load import LoadedAccount
from maild.config.url import WholeUrl, parse_url
from maild.diagnostics import Diagnostic, Severity
from maild.diagnostics.render.display import printable, width_of
from maild.providers.http_services import HTTP_SERVICES
from maild.secret import Secret, describe

_HEAD: Final = ("NAME", "PROTOCOL", "SERVER", "SENDER", "PASSWORD", "FILE")
_UNKNOWN: Final = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """An account in short; None where its file does not say it, or says nothing valid."""

    name: str
    file: str
    protocol: str | None
    server: str | None
    sender: str | None
    password: str | None
    errors: int
    warnings: int
    is_enabled: bool = True

    @classmethod
    def of(cls, loaded: LoadedAccount, found: Sequence[Diagnostic], masked: str) -> "Summary":
        """The summary of a file with what `maild check` finds in it and its text without secrets."""
        draft = loaded.draft or AccountDraft()

        def shown(text: str | None) -> str | None:
            return None if text is None else shown_text(text, loaded.text, masked)

        return cls(
            name=loaded.name,
            file=loaded.file,
            protocol=draft.protocol,
            server=shown(_server(draft)),
            sender=shown(_sender(draft)),
            password=None if draft.password is None else shown(describe(draft.password)),
            errors=sum(one.severity is Severity.ERROR for one in found),
            warnings=sum(one.severity is Severity.WARNING for one in found),
            is_enabled=draft.enabled is not False,
        )


def summary_object(summary: Summary) -> Mapping[str, object]:
    """A summary for programs."""
    return {
        "name": summary.name,
        "file": summary.file,
        "protocol": summary.protocol,
        "server": summary.server,
        "sender": summary.sender,
        "password": summary.password,
        "errors": summary.errors,
        "warnings": summary.warnings,
        "enabled": summary.is_enabled,
    }


def table_lines(summaries: Sequence[Summary]) -> Iterator[str]:
    """A line of heads and a line for each account."""
    rows = [_HEAD, *(_row(summary) for summary in summaries)]
    widths = [max(_width(row[column]) for row in rows) for column in range(len(_HEAD))]
    for row in rows:
        cells = (cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def settings_lines(settings: Sequence[Setting], password: Secret | None = None) -> Iterator[str]:
    """A line for each setting; the password itself only where it is given."""
    left = max(len(setting.key) for setting in settings)
    for setting in settings:
        words = _words(setting)
        if setting.key == "password" and password is not None:
            words = f"{printable(password.reveal())} ({words})"
        origin = "" if setting.origin is None else f" ({setting.origin})"
        yield f"{setting.key:<{left}}  {words}{origin}"


def settings_object(loaded: LoadedAccount, settings: Sequence[Setting]) -> Mapping[str, object]:
    """An account for programs: the settings as in the account file, and which of them do not stand in it."""
    tree: dict[str, object] = {}
    for setting in settings:
        *sections, last = setting.key.split(".")
        place = tree
        for section in sections:
            inner = place.setdefault(section, {})
            assert isinstance(inner, dict)
            place = inner
        place[last] = setting.value
    unwritten = [setting.key for setting in settings if setting.origin is not None]
    return {"name": loaded.name, "file": loaded.file, "settings": tree, "not_in_file": unwritten}


def _row(summary: Summary) -> tuple[str, ...]:
    cells = (summary.name, summary.protocol, summary.server, summary.sender, summary.password, _state(summary))
    return tuple(_UNKNOWN if cell is None else printable(cell) for cell in cells)


def _state(summary: Summary) -> str:
    counts = ((summary.errors, "error"), (summary.warnings, "warning"))
    words = [f"{count} {word}{'' if count == 1 else 's'}" for count, word in counts if count]
    if not summary.is_enabled:
        words.insert(0, "switched off")
    return ", ".join(words) or "ok"


def _server(draft: AccountDraft) -> str | None:
    if draft.protocol == "http":
        known = HTTP_SERVICES.get(draft.kind or "")
        url = draft.url or (None if known is None else known.address(draft.region))
        parsed = None if url is None else parse_url(url)
        return urlsplit(parsed.url).netloc if isinstance(parsed, WholeUrl) else None
    if draft.host is None:
        return None
    host = f"[{draft.host}]" if ":" in draft.host else draft.host
    return f"{host}:{draft.effective_port}"


def _sender(draft: AccountDraft) -> str | None:
    """The same choice as `Account.sender`, of what is there."""
    first = draft.email or address_of(draft.username) or next(iter(draft.reply_to), None)
    return None if first is None else str(first)


def _words(setting: Setting) -> str:
    value: Value = setting.value
    match value:
        case None:
            return setting.absent
        case bool():
            return "true" if value else "false"
        case list():
            return printable(", ".join(value))
        case _:
            return printable(str(value))


def _width(text: str) -> int:
    return sum(map(width_of, text))
