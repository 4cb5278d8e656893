"""What there is to do, from the status object, in the order in which to do it. Pure.

First what is an error, then warnings, then the rest; among equals what keeps an account from sending comes first, then
what is about the configuration. Each with its fix, where one is known. What many have in common is there once: a site
whose name servers are silent would have nine entries an account, and nobody would see the tenth.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

FEW: Final = 3
"""So many of one kind stand each by itself."""

_RANKS: Final = {"error": 0, "warning": 1, "info": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something to do. `where` is an account, or a file with its line; `code` may be empty. `others` are where else the
    same is to be done, and what is said there.
    """

    severity: str
    code: str
    where: str
    message: str
    help: str
    others: tuple[tuple[str, str], ...] = ()


def findings_of(status: Mapping[str, Any]) -> tuple[Finding, ...]:
    """All of them."""
    return tuple(_once(sorted(_all(status), key=lambda finding: _RANKS[finding.severity])))


def _once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Where there are more than a few of one rule with one fix, the first of them, which has the others."""
    kinds: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in findings:
        kinds.setdefault(
            (finding.severity, finding.code, finding.help if finding.code else finding.message), []
        ).append(finding)
    for alike in kinds.values():
        first, *others = alike
        if len(alike) > FEW:
            yield replace(first, others=tuple((other.where, other.message) for other in others))
        else:
            yield from alike


def _all(status: Mapping[str, Any]) -> Iterator[Finding]:
    for account in status["accounts"]:
        yield from _account_findings(account)
    config = status["config"]
    if config["problem"]:
        yield Finding(severity="error", code="", where=config["folder"], message=config["problem"], help="")
    for key in config["pending_restart"]:
        words = f"{key} was changed and takes effect at the next start"
        yield Finding(severity="info", code="ML908", where="maild.yaml", message=words, help="Restart maild.")
    yield from (file_finding(found, config["folder"]) for found in config["diagnostics"])


def _account_findings(account: Mapping[str, Any]) -> Iterator[Finding]:
    where = f"account {account['name']}"
    told = False
    for check in account["probe"]["checks"] if account["probe"] is not None else ():
        for found in check["diagnostics"]:
            told = True
            yield Finding(
                severity=found["severity"],
                code=found["code"],
                where=where,
                message=found["message"],
                help=found["help"],
            )
    breaker = account["breaker"]
    if breaker is not None and not told:
        yield Finding(severity="error", code="", where=where, message=breaker["detail"], help="")


def file_finding(found: Mapping[str, Any], folder: str) -> Finding:
    """A diagnostic of a file."""
    line = f":{found['line']}" if found["line"] else ""
    return Finding(
        severity=found["severity"],
        code=found["code"],
        where=f"{short_name(found['file'], folder)}{line}",
        message=found["message"],
        help=found["help"],
    )


def short_name(file: str, folder: str) -> str:
    """A file's name below the folder."""
    return file.removeprefix(f"{folder}/")
