"""What the page shows, as values: from the status object and what happened lately. Pure.

It is made from the object that /status gives, so that nothing is seen here that privacy hides there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from maild.observe.page.chart import Bar, Spark, bars_of, most_of, sparks_of
from maild.observe.page.findings import Finding, file_finding, findings_of, short_name
from maild.observe.recent import RecentPicture

SHOWN: Final = 100
"""So many findings, files and accounts are on the page; the rest is counted, and `maild status` has all of it."""

_STANDINGS: Final = {
    "accepted": "in force",
    "last_good": "an older version is in force",
    "rejected": "not in force",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseView:
    """One phase of an account's last probe."""

    name: str
    verdict: str
    took: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountView:
    """One account. `state` is sends, waits, off or unknown; `words` says it."""

    name: str
    server: str
    state: str
    words: str
    waiting: int
    in_flight: int
    sessions: int
    probed: str
    phases: tuple[PhaseView, ...]
    transcript: tuple[str, ...]
    sparks: tuple[Spark, ...]
    spark_words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileView:
    """One configuration file."""

    name: str
    standing: str
    is_good: bool
    since: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """Everything on the page. `verdict` is good, bad or busy, `headline` says it in a sentence; `most` is how many
    recipients the minute had that had most.
    """

    verdict: str
    headline: str
    unmet: tuple[str, ...]
    about: str
    config: str
    findings: tuple[Finding, ...]
    more_findings: int
    accounts: tuple[AccountView, ...]
    more_accounts: int
    queue: tuple[tuple[str, int], ...]
    queue_words: str
    bars: tuple[Bar, ...]
    most: int
    totals: tuple[tuple[str, int], ...]
    files: tuple[FileView, ...]
    more_files: int


def page_view(status: Mapping[str, Any], recent: RecentPicture) -> PageView:
    """The page for a status object as of /status, held to its schema."""
    now = datetime.fromisoformat(status["at"])
    findings = findings_of(status)
    accounts = [_account(account, recent, now) for account in status["accounts"]]
    accounts.sort(key=lambda account: (account.state != "waits", account.name))
    files = sorted(
        (_file(file, status["config"]["folder"], now) for file in status["config"]["files"]),
        key=lambda file: (file.is_good, file.name),
    )
    verdict, headline = _headline(status, accounts)
    return PageView(
        verdict=verdict,
        headline=headline,
        unmet=tuple(_unmet(status)),
        about=f"maild {status['version']}, up for {age_words(_since(status['started_at'], now))}",
        config=_config_words(status["config"], now),
        findings=findings[:SHOWN],
        more_findings=max(0, len(findings) - SHOWN),
        accounts=tuple(accounts[:SHOWN]),
        more_accounts=max(0, len(accounts) - SHOWN),
        queue=tuple((status["spool"]["messages"] or {}).items()),
        queue_words=_queue_words(status["spool"], frozenset(one.name for one in accounts if one.state == "waits"), now),
        bars=bars_of(recent.minutes),
        most=most_of(recent.minutes),
        totals=(
            ("delivered", sum(minute.delivered for minute in recent.minutes)),
            ("deferred", sum(minute.deferred for minute in recent.minutes)),
            ("failed", sum(minute.failed for minute in recent.minutes)),
        ),
        files=tuple(files[:SHOWN]),
        more_files=max(0, len(files) - SHOWN),
    )


def runs_of(text: str) -> tuple[tuple[bool, str], ...]:
    """A text as its runs: what stands between backticks is code. A backtick without its second is one of the text's."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        parts[-2:] = [f"{parts[-2]}`{parts[-1]}"]
    return tuple((place % 2 == 1, part) for place, part in enumerate(parts) if part)


def age_words(age: timedelta) -> str:
    """A time span as a person says it: "5 s", "12 min", "3 h", "9 d"."""
    seconds = max(0, int(age.total_seconds()))
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"


def _since(at: str, now: datetime) -> timedelta:
    return now - datetime.fromisoformat(at)


def _unmet(status: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"{one['name']}: {one['detail']}" for one in status["health"]["conditions"] if not one["met"])
    if status["web"]["problem"]:
        yield f"web.config_file is in force as it was before: {status['web']['problem']}"


def _headline(status: Mapping[str, Any], accounts: list[AccountView]) -> tuple[str, str]:
    closed = [account.name for account in accounts if account.state == "waits"]
    if not status["health"]["healthy"]:
        return "bad", "maild does not get on"
    if closed:
        names = ", ".join(closed[:3]) + (" and others" if len(closed) > 3 else "")
        return "bad", f"{len(closed)} of {len(accounts)} accounts cannot send: {names}"
    if not status["config"]["clean"]:
        return "busy", "Mail is sent; not all of the configuration is in force"
    if not status["health"]["ready"]:
        return "busy", "maild is not ready yet"
    return "good", "Mail is sent"


def _config_words(config: Mapping[str, Any], now: datetime) -> str:
    commit = f", git commit {config['commit'][:12]}" if config["commit"] else ""
    dirty = " with changes that are not committed" if config["dirty"] else ""
    since = age_words(_since(config["loaded_at"], now))
    return f"{config['folder']}: generation {config['generation']}, for {since}{commit}{dirty}"


def _queue_words(spool: Mapping[str, Any], closed: frozenset[str], now: datetime) -> str:
    if spool["messages"] is None:
        return f"The queue cannot be read: {spool['problem']}"
    if spool["paused"]:
        return f"No drops are taken in: {spool['paused']}"
    oldest = spool["oldest"]
    if oldest is None:
        return "Nothing waits."
    words = f"The oldest message, {oldest['id']}, came {age_words(_since(oldest['received_at'], now))} ago"
    if oldest["account"] is not None:
        words += f" and goes by {oldest['account']}"
    if oldest["detail"]:
        words += f"; its last attempt: {oldest['detail']}"
    return f"{words}; {_next_words(oldest['next_at'], now, is_closed=oldest['account'] in closed)}."


def _next_words(next_at: str | None, now: datetime, *, is_closed: bool) -> str:
    if next_at is None:
        return "it is being sent"
    wait = datetime.fromisoformat(next_at) - now
    if wait > timedelta():
        return f"it is tried again in {age_words(wait)}"
    # Due and not under way.
    return "it waits until that can send" if is_closed else "it is due, and others are before it"


def _account(account: Mapping[str, Any], recent: RecentPicture, now: datetime) -> AccountView:
    points = recent.probes.get(account["name"], ())
    passed = sum(1 for point in points if point.can_send)
    probe = account["probe"]
    state, words = _state(account)
    return AccountView(
        name=account["name"],
        server=account["server"],
        state=state,
        words=words,
        waiting=account["waiting"],
        in_flight=account["in_flight"],
        sessions=account["sessions"],
        probed="not probed yet" if probe is None else f"{age_words(_since(probe['started_at'], now))} ago",
        phases=tuple(_phases(probe)),
        transcript=tuple(line for check in (probe or {"checks": ()})["checks"] for line in check["transcript"]),
        sparks=sparks_of(points),
        spark_words=f"{passed} of the last {len(points)} probes passed" if points else "no probes yet",
    )


def _state(account: Mapping[str, Any]) -> tuple[str, str]:
    if not account["enabled"]:
        return "off", "switched off by enabled: false"
    if account["breaker"] is not None:
        return "waits", f"cannot send; its messages wait: {account['breaker']['detail']}"
    if account["budget"]["used_up"]:
        until = datetime.fromisoformat(account["budget"]["until"])
        return "waits", f"{account['budget']['used_up']}; the next message may go at {until:%H:%M:%S} UTC"
    if account["probe"] is None:
        return "unknown", "open for mail, not probed yet"
    return "sends", "open for mail"


def _phases(probe: Mapping[str, Any] | None) -> Iterator[PhaseView]:
    for check in probe["checks"] if probe is not None else ():
        if not check["phases"]:
            yield PhaseView(name=check["check"], verdict=check["verdict"], took="", detail=check["summary"])
        for phase in check["phases"]:
            yield PhaseView(
                name=phase["phase"],
                verdict=phase["verdict"],
                took=f"{phase['seconds'] * 1000:.0f} ms",
                detail=phase["detail"],
            )


def _file(file: Mapping[str, Any], folder: str, now: datetime) -> FileView:
    words = _STANDINGS[file["standing"]]
    if file["standing"] == "last_good" and file["commit"]:
        origin = "that of" if file["dirty"] is False else "accepted after"
        words += f", {origin} git commit {file['commit'][:12]}"
    if file["dirty"]:
        words += ", not committed"
    held = file.get("canary")
    return FileView(
        name=short_name(file["file"], folder),
        standing=words if held is None else f"is tried before it is used; {words}",
        is_good=file["standing"] == "accepted",
        since=age_words(_since(file["since"], now)),
        findings=tuple(file_finding(found, folder) for found in file["diagnostics"]),
    )
