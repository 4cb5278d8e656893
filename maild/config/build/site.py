"""From a document to the daemon's settings. What the file does not say has the model's default."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeVar

from maild.config.build.condense import condense
from maild.config.build.draft import read_password
from maild.config.build.reader import DurationRange, Reader, SizeRange
from maild.config.build.retrying import LIFETIME, read_retry
from maild.config.build.round_trip import read_round_trip
from maild.config.delivery_settings import DeliverySettings, OnUncertain
from maild.config.document import Document
from maild.config.endpoint import listen_problem, resolver_problem
from maild.config.fault import Fault, InvalidText, LiteralSecret, Pointer
from maild.config.host import Host, parse_host
from maild.config.intake_settings import IntakeSettings
from maild.config.lint import LintPath, LintSettings
from maild.config.model import DnsSettings, LogFormat, LogLevel, LogSettings, Privacy, Site
from maild.config.probe_settings import ControlTarget, OnDowngrade, ProbeSettings
from maild.config.reload_settings import ReloadSettings
from maild.config.report_settings import ReportSettings, ReportTo
from maild.config.route import Match, Route
from maild.config.schema import validate_site
from maild.config.shared_queue import SharedQueue, holds_password, uri_problem
from maild.config.web_settings import WebSettings

QUEUE: Final = Pointer("/spool/queue")

INTERVAL: Final = DurationRange(minimum="1s", maximum="30d")
DELAY: Final = DurationRange(minimum="0s", maximum="30d")
PROBE_TIMEOUT: Final = DurationRange(minimum="1s", maximum="1h")
MAX_SIZE: Final = SizeRange(minimum="1kB", maximum="1GB")
USER_SIZE: Final = SizeRange(minimum="1kB", maximum="1000GB")
SETTLE: Final = DurationRange(minimum="0s", maximum="60s")
RESCAN: Final = DurationRange(minimum="100ms", maximum="1d")

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltSite:
    """The daemon's settings with what is wrong with them; `site` is None exactly when there are faults."""

    faults: tuple[Fault, ...]
    site: Site | None


def build_site(document: Document) -> BuiltSite:
    """The settings that a document describes."""
    structure = validate_site(document)
    reader = Reader(document, structure)
    site = Site(
        spool=reader.path("/spool/path"),
        queue=read_shared_queue(document, reader),
        web=_web(reader),
        default_account=reader.text("/default_account"),
        local_mail=reader.mailbox("/local_mail"),
        routes=_routes(reader),
        intake=_intake(reader),
        reports=_reports(reader),
        delivery=_delivery(reader),
        probe=_probe(reader),
        dns=_dns(reader),
        reload=_reload(reader),
        lint=_lint(reader),
        log=_log(reader),
    )
    faults = condense(document, (*structure, *reader.faults))
    return BuiltSite(faults=faults, site=None if faults else site)


def read_shared_queue(document: Document, reader: Reader) -> SharedQueue | None:
    """The queue that is shared with other hosts, if one is."""
    uri = reader.text(QUEUE)
    password = read_password(document, reader, Pointer("/spool/password"))
    if uri is None:
        return None
    if holds_password(uri):
        reader.faults.append(LiteralSecret(pointer=QUEUE))
    elif (problem := uri_problem(uri)) is not None:
        reader.faults.append(InvalidText(pointer=QUEUE, problem=problem))
    return SharedQueue(uri=uri, password=password)


def _or(value: Value | None, default: Value) -> Value:
    return default if value is None else value


def _web(reader: Reader) -> WebSettings:
    hosts = reader.texts("/web/hosts")
    for index, text in enumerate(hosts):
        if not isinstance(parse_host(text), Host):
            problem = "write a host name without scheme and port, such as mail.example.com"
            reader.faults.append(InvalidText(pointer=Pointer(f"/web/hosts/{index}"), problem=problem))
    return WebSettings(
        listen=_listen(reader),
        config_file=reader.path("/web/config_file"),
        hosts=tuple(text.lower() for text in hosts),
        token_file=reader.path("/web/actions/token_file"),
    )


def _listen(reader: Reader) -> tuple[str, ...]:
    value = reader.value("/web/listen")
    if value is None:
        return WebSettings().listen
    pointers = [f"/web/listen/{index}" for index in range(len(value))] if isinstance(value, list) else ["/web/listen"]
    listen = [(pointer, text) for pointer in pointers if (text := reader.text(pointer)) is not None]
    for pointer, text in listen:
        if (problem := listen_problem(text)) is not None:
            reader.faults.append(InvalidText(pointer=Pointer(pointer), problem=problem))
    return tuple(text for _, text in listen)


def _routes(reader: Reader) -> tuple[Route, ...]:
    value = reader.value("/routes")
    count = len(value) if isinstance(value, list) else 0
    return tuple(_route(reader, f"/routes/{index}") for index in range(count))


def _route(reader: Reader, pointer: str) -> Route:
    match = Match(
        sender=_lower(reader.text(f"{pointer}/match/from")),
        recipient=_lower(reader.text(f"{pointer}/match/to")),
        headers=_texts_by_key(reader, f"{pointer}/match/header", is_lowered=True),
    )
    names, weights = _ways(reader, f"{pointer}/accounts")
    return Route(match=match, accounts=names, weights=MappingProxyType(weights))


def _ways(reader: Reader, pointer: str) -> tuple[tuple[str, ...], dict[str, int]]:
    """The accounts of a route, each alone or with its weight."""
    value = reader.value(pointer)
    names, weights = [], {}
    for index, entry in enumerate(value if isinstance(value, list) else ()):
        at = f"{pointer}/{index}"
        name = reader.text(f"{at}/account") if isinstance(entry, dict) else reader.text(at)
        if name is None:
            continue
        names.append(name)
        weight = reader.integer(f"{at}/weight") if isinstance(entry, dict) else None
        if weight is not None:
            weights[name] = weight
    return tuple(names), weights


def _lower(text: str | None) -> str | None:
    return None if text is None else text.lower()


def _texts_by_key(reader: Reader, pointer: str, *, is_lowered: bool) -> Mapping[str, str]:
    value = reader.value(pointer)
    entries = value if isinstance(value, dict) else {}
    texts = {key: text for key, text in entries.items() if isinstance(text, str)}
    if is_lowered:
        texts = {key.lower(): text.lower() for key, text in texts.items()}
    return MappingProxyType(texts)


def _delivery(reader: Reader) -> DeliverySettings:
    default = DeliverySettings()
    return DeliverySettings(
        retry=_or(read_retry(reader), default.retry),
        lifetime=_or(reader.duration("/delivery/lifetime", LIFETIME), default.lifetime),
        on_uncertain=_or(reader.choice("/delivery/on_uncertain", OnUncertain), default.on_uncertain),
    )


def _intake(reader: Reader) -> IntakeSettings:
    return IntakeSettings(
        max_bytes=_or(reader.size("/intake/max_size", MAX_SIZE), IntakeSettings().max_bytes),
        user_messages_per_hour=reader.integer("/intake/per_user/messages_per_hour"),
        user_bytes_per_hour=reader.size("/intake/per_user/size_per_hour", USER_SIZE),
    )


def _reports(reader: Reader) -> ReportSettings:
    default = ReportSettings()
    word = reader.choice("/reports/to", ReportTo)
    return ReportSettings(
        to=word or reader.mailbox("/reports/to") or default.to,
        maildir=reader.path("/reports/maildir"),
        per_hour=_or(reader.integer("/reports/per_hour"), default.per_hour),
        delay_after=_or(reader.duration("/reports/delay_after", DELAY), default.delay_after),
    )


def _probe(reader: Reader) -> ProbeSettings:
    default = ProbeSettings()
    return ProbeSettings(
        interval=_or(reader.duration("/probe/interval", INTERVAL), default.interval),
        auth_interval=_or(reader.duration("/probe/auth_interval", INTERVAL), default.auth_interval),
        timeout=_or(reader.duration("/probe/timeout", PROBE_TIMEOUT), default.timeout),
        on_downgrade=_or(reader.choice("/probe/on_downgrade", OnDowngrade), default.on_downgrade),
        control=default.control if reader.value("/probe/control") is None else _controls(reader),
        round_trip=read_round_trip(reader),
    )


def _controls(reader: Reader) -> tuple[ControlTarget, ...]:
    """Each is `host` or `host:port`; the schema has seen to its form."""
    found: list[ControlTarget] = []
    for text in reader.texts("/probe/control"):
        bare, _, port = text.rpartition(":")
        has_port = bool(bare) and port.isdecimal() and (":" not in bare or bare.endswith("]"))
        found.append(ControlTarget(host=bare, port=int(port)) if has_port else ControlTarget(host=text))
    return tuple(found)


def _dns(reader: Reader) -> DnsSettings:
    resolvers = reader.texts("/dns/resolvers")
    for index, text in enumerate(resolvers):
        if (problem := resolver_problem(text)) is not None:
            reader.faults.append(InvalidText(pointer=Pointer(f"/dns/resolvers/{index}"), problem=problem))
    if reader.value("/dns/blocklists") is None:
        return DnsSettings(resolvers=resolvers)
    return DnsSettings(resolvers=resolvers, blocklists=reader.texts("/dns/blocklists"))


def _reload(reader: Reader) -> ReloadSettings:
    default = ReloadSettings()
    return ReloadSettings(
        settle=_or(reader.duration("/reload/settle", SETTLE), default.settle),
        rescan=_or(reader.duration("/reload/rescan", RESCAN), default.rescan),
        http=_or(reader.flag("/reload/http"), default.http),
        canary=_or(reader.flag("/reload/canary"), default.canary),
    )


def _lint(reader: Reader) -> LintSettings:
    value = reader.value("/lint/paths")
    count = len(value) if isinstance(value, list) else 0
    return LintSettings(
        severity=_texts_by_key(reader, "/lint/severity", is_lowered=False),
        ignore=reader.texts("/lint/ignore"),
        paths=tuple(_lint_path(reader, f"/lint/paths/{index}") for index in range(count)),
    )


def _lint_path(reader: Reader, pointer: str) -> LintPath:
    return LintPath(
        match=reader.text(f"{pointer}/match") or "",
        severity=_texts_by_key(reader, f"{pointer}/severity", is_lowered=False),
        ignore=reader.texts(f"{pointer}/ignore"),
    )


def _log(reader: Reader) -> LogSettings:
    default = LogSettings()
    return LogSettings(
        format=_or(reader.choice("/log/format", LogFormat), default.format),
        level=_or(reader.choice("/log/level", LogLevel), default.level),
        privacy=_or(reader.choice("/log/privacy", Privacy), default.privacy),
    )
