"""The status in words, from the object that /status gives. Pure.

Servers' words and file names come along in it; every line is made safe for a terminal here.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from maild.cli.queue_text import format_age

_STANDINGS: Final = {
    "accepted": "in force",
    "last_good": "has errors; its last good version is in force",
    "rejected": "has errors; nothing of it is in force",
}


_HELD: Final = {
    "last_good": "is tried before it is used; its last good version is in force",
    "rejected": "is tried before it is used; nothing of it is in force",
}

_COUNTED: Final = {
    "per_minute": "{} messages a minute",
    "per_day": "{} recipients a day",
    "per_session": "{} messages over one connection",
    "per_message": "{} recipients of one message",
}


def status_lines(status: Mapping[str, Any]) -> Iterator[str]:
    """The whole status, a line at a time."""
    for line in _lines(status):
        yield "".join(char if char.isprintable() else "\ufffd" for char in line)


def _lines(status: Mapping[str, Any]) -> Iterator[str]:
    now = datetime.fromisoformat(status["at"])
    places = ", ".join(status["listen"]) or "no port"
    yield f"maild {status['version']}, process {status['pid']}, up {_age(status['started_at'], now)}, on {places}"
    yield from _health(status["health"])
    if problem := status.get("web", {}).get("problem", ""):
        yield f"  web.config_file is in force as it was before: {problem}"
    yield from _config(status["config"], now)
    yield from _spool(status["spool"], now)
    for account in status["accounts"]:
        yield from _account(account, now)


def _health(health: Mapping[str, Any]) -> Iterator[str]:
    unmet = [condition for condition in health["conditions"] if not condition["met"]]
    yield "ready" if health["ready"] else ("not ready" if health["healthy"] else "NOT HEALTHY")
    for condition in unmet:
        yield f"  {condition['name']}: {condition['detail']}"


def _config(config: Mapping[str, Any], now: datetime) -> Iterator[str]:
    since = _age(config["loaded_at"], now)
    yield f"configuration {config['folder']}: generation {config['generation']}, in force for {since}{_commit(config)}"
    if config["problem"]:
        yield f"  it cannot be read now: {config['problem']}"
    if config["watch"]["mode"] != "events":
        yield f"  changes are noticed by {_watch_words(config['watch'])}"
    for key in config["pending_restart"]:
        yield f"  {key} was changed and takes effect at the next start"
    for file in config["files"]:
        yield f"  {file['file']}: {_standing(file)}, for {_age(file['since'], now)}{_good(file, now)}"
        yield from _canary(file.get("canary"))
        for found in file["diagnostics"]:
            yield f"    {found['severity']}[{found['code']}] line {found['line'] or '-'}: {found['message']}"
            if found["help"]:
                yield f"      {found['help']}"


def _commit(config: Mapping[str, Any]) -> str:
    # A daemon that was started before an update does not tell.
    if not config.get("commit"):
        return ""
    words = {True: ", with changes that are not committed", False: "", None: ", maybe with changes"}[config["dirty"]]
    return f"; git commit {config['commit'][:12]}{words}"


def _standing(file: Mapping[str, Any]) -> str:
    return (_STANDINGS if file.get("canary") is None else _HELD)[file["standing"]]


def _canary(canary: Mapping[str, Any] | None) -> Iterator[str]:
    if canary is None:
        return
    word = "failed" if canary["state"] == "failed" else "says neither yes nor no yet" if canary["tries"] else "runs"
    tries = f", after {canary['tries']} tr{'y' if canary['tries'] == 1 else 'ies'}" if canary["tries"] else ""
    following = f"; tried again at {_clock(canary['next_at'])}" if canary["next_at"] else "; being tried now"
    yield f"    canary {word}{tries}{following}"


def _good(file: Mapping[str, Any], now: datetime) -> str:
    commit = _origin(file)
    if file["standing"] == "accepted":
        return f"; {commit}" if commit else ""
    at = file.get("accepted_at") if file["standing"] == "last_good" else None
    return f"; that was accepted {_age(at, now)} ago{', ' if commit else ''}{commit}" if at else ""


def _origin(file: Mapping[str, Any]) -> str:
    # A daemon that was started before an update does not tell.
    if not file.get("commit"):
        return ""
    commit = file["commit"][:12]
    if file.get("dirty") is None:
        return f"when commit {commit} was checked out"
    return f"not committed, after commit {commit}" if file["dirty"] else f"as in commit {commit}"


def _watch_words(watch: Mapping[str, Any]) -> str:
    means = "polling" if watch["mode"] == "polling" else "a look at the folder now and then"
    return f"{means}: {watch['problem']}" if watch["problem"] else means


def _spool(spool: Mapping[str, Any], now: datetime) -> Iterator[str]:
    messages = spool["messages"]
    if messages is None:
        yield f"spool {spool['folder']}: the queue cannot be read: {spool['problem']}"
    else:
        counts = ", ".join(f"{count} {state}" for state, count in messages.items())
        oldest = f"; the oldest came {_age(spool['oldest']['received_at'], now)} ago" if spool["oldest"] else ""
        yield f"spool {spool['folder']}: {counts}{oldest}"
        if spool["uncertain"]:
            yield f"  {spool['uncertain']} may have been delivered: their answer was lost"
    if spool["paused"]:
        yield f"  no drops are taken in: {spool['paused']}"


def _account(account: Mapping[str, Any], now: datetime) -> Iterator[str]:
    breaker = account["breaker"]
    state = "open for mail" if breaker is None else "CANNOT SEND"
    if not account["enabled"]:
        yield f"account {account['name']} ({account['protocol']} {account['server']}): switched off by enabled: false"
        return
    busy = f"{account['in_flight']} in flight, {account['waiting']} waiting, {account['sessions']} sessions"
    yield f"account {account['name']} ({account['protocol']} {account['server']}): {state}; {busy}"
    if breaker is not None:
        until = f"; tried again at {_clock(breaker['until'])}" if breaker["until"] else "; being tried now"
        yield f"  {breaker['phase']}: {breaker['detail']}{until}"
    yield from _budget(account["budget"])
    if account["login_suspended"] is not None:
        yield f"  probes do not log in: {account['login_suspended']}"
    yield from _probe(account["probe"], now)


def _budget(budget: Mapping[str, Any]) -> Iterator[str]:
    if budget["used_up"]:
        yield f"  {budget['used_up']}; the next message may go at {_clock(budget['until'])}"
    elif budget["day_left"] is not None:
        yield f"  {budget['day_left']} recipients are left of what it may send to in a day"
    for one in budget["lowered"]:
        what = _COUNTED[one["kind"]].format(one["value"])
        yield f"  its server was found to allow {what}; believed until {_day(one['until'])}"


def _probe(probe: Mapping[str, Any] | None, now: datetime) -> Iterator[str]:
    if probe is None:
        yield "  not probed yet"
        return
    for check in probe["checks"]:
        yield f"  {check['check']} {check['verdict']} {_age(probe['started_at'], now)} ago: {check['summary']}"


def _age(at: str, now: datetime) -> str:
    return format_age(now - datetime.fromisoformat(at))


def _day(text: str) -> str:
    return f"{datetime.fromisoformat(text):%Y-%m-%d %H:%M:%S} UTC"


def _clock(at: str) -> str:
    return f"{datetime.fromisoformat(at):%H:%M:%S} UTC"
